"""Decisions on an outlook, and the history of outlooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from clinical.outlook import NoForecastReason, Status
from clinical.outlook_decision import ClinicianDecision
from clinical.sentences import Sentence
from schemas.base import Choice, Instant, LocalDate, OmitNone, Strict, Text, TextDate, about
from schemas.outlooks import NO_FORECAST_REASON, P_HALF_LOST, STATUS, ReasonSchema
from schemas.safety import PersonSchema

DECISION = "Whether the clinician agrees with the outlook or differs."


class Words(Text):
    """Text without the blanks at both ends."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        return text.strip()


class NewDecisionSchema(Strict):
    """What a clinician decides on an outlook."""

    outlook_id = Text(80, required=True, metadata=about("The id of the outlook that the decision is about."))
    decision = Choice(ClinicianDecision, DECISION, required=True, error="unknown_decision")
    rationale = Words(
        2000,
        attribute="reason",
        metadata={"description": "Why, in the clinician's words; required with differ.", "pattern": r"\S"},
    )
    booked_on = LocalDate(
        metadata=about("The day the next infusion was booked for, elsewhere: nothing is booked here.")
    )

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def validate_reason(self, data: dict[str, Any], sent: Any, **_kwargs: Any) -> None:
        """Reject a decision to differ without a rationale."""
        if data.get("decision") == ClinicianDecision.DIFFER and "rationale" not in sent:
            raise ValidationError({"rationale": [Sentence("required: Send the reason why you differ.")]})


class DecisionSchema(OmitNone):
    """What a clinician decided, and what the outlook stated at the time."""

    id = fields.UUID(
        required=True, attribute="row.id", metadata=about("The decision's id, as its client made it.")
    )
    outlook_id = fields.String(
        required=True,
        attribute="row.outlook_id",
        metadata=about("The id of the outlook that was decided on."),
    )
    today = LocalDate(required=True, attribute="row.today", metadata=about("The patient's day at the time."))
    status = Choice(Status, "The outlook's status at the time; absent while the clinic shows no forecasts.")
    recommended_on = LocalDate(
        metadata=about(
            "The day the outlook recommended; absent where it had none, and while the clinic shows no "
            "forecasts."
        )
    )
    decision = Choice(ClinicianDecision, DECISION, required=True, attribute="row.decision")
    rationale = fields.String(
        attribute="reason",
        metadata=about("The clinician's own words, if any; never returned to an integration."),
    )
    booked_on = LocalDate(
        attribute="row.booked_on", metadata=about("The day that was booked elsewhere, if any.")
    )
    decided_by = fields.Nested(PersonSchema, required=True, metadata=about("The clinician who decided."))
    decided_at = Instant(
        required=True, attribute="row.decided_at", metadata=about("When the server received the decision.")
    )


class PastOutlookSchema(OmitNone):
    """What an outlook stated from `computed_at` on, until the next entry."""

    number = fields.Integer(
        required=True,
        attribute="change.number",
        metadata=about("Ordinal of the entry within the patient's history, from 1."),
    )
    computed_at = Instant(
        required=True, attribute="change.computed_at", metadata=about("When the outlook was computed.")
    )
    shown = fields.Boolean(
        required=True,
        attribute="change.shown",
        metadata=about("Whether the clinic showed forecasts at the time; false in silent mode."),
    )
    today = TextDate(
        required=True, attribute="outlook.today", metadata=about("The patient's day at the time.")
    )
    status = Choice(Status, STATUS, required=True, attribute="outlook.status")
    no_forecast_reason = Choice(NoForecastReason, NO_FORECAST_REASON, attribute="outlook.no_forecast_reason")
    recommended_on = TextDate(
        attribute="outlook.recommended_on",
        metadata=about("The day on which to consider the next infusion; absent without a forecast."),
    )
    due_median_on = TextDate(
        attribute="outlook.due_median_on", metadata=about("Half is lost by this day with probability 0.5.")
    )
    due_lo80_on = TextDate(
        attribute="outlook.due_lo80_on", metadata=about("Half is lost before this day with probability 0.1.")
    )
    due_hi80_on = TextDate(
        attribute="outlook.due_hi80_on", metadata=about("Half is lost after this day with probability 0.1.")
    )
    p_half_lost = fields.Float(attribute="outlook.p_half_lost", metadata=about(P_HALF_LOST))
    reasons = fields.List(
        fields.Nested(ReasonSchema),
        required=True,
        attribute="outlook.reasons",
        metadata=about("Reasons in order: level and course first, limits of the data last."),
    )
    engine_version = fields.String(
        required=True, attribute="change.engine_version", metadata=about("Version of the forecast model.")
    )
    prior_version = fields.String(
        required=True,
        attribute="change.prior_version",
        metadata=about("The population prior it began from: published-1, or clinic-n of this clinic."),
    )
    recalibration_version = fields.String(
        attribute="outlook.recalibration_version",
        metadata=about("The recalibration that was applied: recalibration-n. Absent where none was."),
    )
    decisions = fields.List(
        fields.Nested(DecisionSchema),
        required=True,
        metadata=about("Decisions made while this was the current outlook, oldest first."),
    )
