"""The outlook as a clinician reads it: its word, its window, its reasons, its limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import OneOf

from schemas.base import Instant, LocalDate, Strict, Text, within_reach


class Day(fields.String):
    """A calendar day that is text already; absent in the answer when there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"format": "date", **kwargs.pop("metadata", {})}, **kwargs)


class Present(Schema):
    """A schema whose answers leave out what is not known, instead of saying null."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Take a missing value for an absent one."""
        value = super().get_attribute(obj, attr, default)
        return default if value is None else value


class PhaseSchema(Present):
    """Where in the course; in induction, number `number` of `of`."""

    kind = fields.String(required=True)
    number = fields.Integer()
    of = fields.Integer()


class EstimateSchema(Present):
    """A median with its central 80 % interval."""

    median = fields.Float(required=True)
    lo80 = fields.Float(required=True)
    hi80 = fields.Float(required=True)


class DataQualitySchema(Present):
    """How much there was to go on."""

    answered_of_last_7 = fields.Integer(required=True)
    answered_of_last_14 = fields.Integer(required=True)
    last_reading = Day()
    silent_days = fields.Integer()
    stale = fields.Boolean(required=True, metadata={"description": "Seven or more silent days."})
    anxiety_share = fields.Float()
    enjoyment_share = fields.Float()


class MeasureUseSchema(Present):
    """On how many days one measure was used."""

    measure = fields.String(required=True)
    days = fields.Integer(required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)


class InputsSchema(Present):
    """What the forecast was made from."""

    readings = fields.Integer(required=True)
    first_day = Day()
    last_day = Day()
    measures = fields.List(fields.Nested(MeasureUseSchema), required=True)


class ReasonSchema(Present):
    """One reason, its numbers, and what would change it."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    numbers = fields.Dict(required=True)
    would_change = fields.String(required=True)


class OutlookSchema(Present):
    """When half of the benefit will be gone, how surely, and why. It informs a clinician, who decides."""

    id = fields.String(
        metadata={
            "description": "What a decision names; another as soon as anything changes. Absent with as_of."
        }
    )
    today = Day(required=True)
    phase = fields.Nested(PhaseSchema, required=True)
    status = fields.String(
        required=True,
        metadata={
            "description": "not_started, induction, not_due, approaching, due, overdue, paused, completed "
            "or insufficient_data; an open list."
        },
    )
    refusal = fields.String(
        metadata={
            "description": "Why no forecast is given; not_shown and switched_off are the clinic's choice, "
            "and the status is then by the plan's dates alone."
        }
    )
    missing = fields.List(fields.String(), required=True)
    basis = fields.String()
    last_infusion = Day()
    days_since_infusion = fields.Integer()
    protocol_earliest = Day()
    protocol_latest = Day()
    protocol_limit_reached = fields.Boolean(required=True)
    recommended = Day(metadata={"description": "The day on which to consider the next infusion."})
    due_median = Day()
    due_lo80 = Day()
    due_hi80 = Day()
    due_median_beyond_horizon = fields.Boolean(required=True)
    due_lo80_beyond_horizon = fields.Boolean(required=True)
    due_hi80_beyond_horizon = fields.Boolean(required=True)
    p_crossed = fields.Float()
    p_within_7 = fields.Float()
    p_within_14 = fields.Float()
    benefit_left = fields.Nested(EstimateSchema)
    gain = fields.Float()
    gain_sd = fields.Float()
    baseline = fields.Float()
    half_benefit_line = fields.Float()
    personal_interval = fields.Nested(EstimateSchema)
    cycles_finished = fields.Integer(required=True)
    readings_in_cycle = fields.Integer(required=True)
    baseline_readings = fields.Integer(required=True)
    outlier_days = fields.List(Day(), required=True)
    wear_off_flag = fields.String(required=True)
    pace = fields.String(
        metadata={"description": "sooner, as_usual or later than is usual for this patient; an open list."}
    )
    data_quality = fields.Nested(DataQualitySchema, required=True)
    inputs = fields.Nested(InputsSchema, required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    limits = fields.List(fields.String(), required=True)
    engine_version = fields.String(required=True)
    prior_version = fields.String(required=True)


class AsOf(fields.Field[datetime]):
    """An instant with its offset, or a date, which means its end everywhere in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            if isinstance(value, str) and len(value) == len("2026-11-21"):
                return within_reach(datetime.combine(date.fromisoformat(value), time.max, UTC))
        except ValueError:
            pass
        try:
            moment: datetime = Instant().deserialize(value, attr, data)
        except ValidationError:
            raise ValidationError("not_an_instant: Send an instant with its offset, or a date.") from None
        return moment


class AsOfQuery(Strict):
    """As of when; the present when absent."""

    as_of = AsOf(
        load_default=None,
        metadata={
            "type": "string",
            "format": "date-or-instant",
            "description": "An instant with its offset, or a date (its end, UTC).",
            "example": "2026-11-21",
        },
    )


class Words(Text):
    """Text of which the blanks at both ends count for nothing."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        said: str = super()._deserialize(value, attr, data, **kwargs)
        return said.strip()


class NewDecisionSchema(Strict):
    """What a clinician decides on an outlook."""

    outlook = Text(80, required=True, metadata={"description": "The id of the outlook looked at."})
    decision = fields.String(
        required=True, validate=OneOf(("agree", "differ"), error="unknown_decision: agree or differ.")
    )
    reason = Words(
        2000, metadata={"description": "Why; needed where the clinician differs.", "pattern": r"\S"}
    )
    booked_for = LocalDate(
        metadata={
            "description": "The day the next infusion was booked for, elsewhere: nothing is booked here."
        }
    )

    @validates_schema
    def reasoned(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse to differ without a reason."""
        if data["decision"] == "differ" and "reason" not in data:
            raise ValidationError({"reason": ["required: Say why you differ."]})


class DecisionSchema(Present):
    """What a clinician decided, and what the outlook said at the time."""

    id = fields.UUID(required=True, attribute="row.id")
    outlook = fields.String(
        required=True,
        attribute="row.outlook_tag",
        metadata={"description": "The id of the outlook that was decided on."},
    )
    today = LocalDate(
        required=True,
        attribute="row.today",
        metadata={"description": "The patient's day then."},
    )
    status = fields.String(
        metadata={"description": "What the outlook said; absent while the clinic shows no forecasts."}
    )
    recommended = LocalDate(
        metadata={"description": "The day it recommended; absent where it had none, and while none is shown."}
    )
    decision = fields.String(
        required=True, attribute="row.decision", metadata={"description": "agree or differ."}
    )
    reason = fields.String(
        metadata={"description": "The clinician's own words, if any; never given to an integration."}
    )
    booked_for = LocalDate(
        attribute="row.booked_for", metadata={"description": "The day that was booked elsewhere, if any."}
    )
    decided_by = fields.UUID(
        required=True, attribute="row.decided_by", metadata={"description": "The clinician's account."}
    )
    decided_by_name = fields.String(
        required=True, metadata={"description": "The clinician's name as it stands today."}
    )
    decided_at = Instant(required=True, attribute="row.decided_at")


class PastOutlookSchema(Present):
    """What an outlook said from `noticed_at` on, until the next entry."""

    number = fields.Integer(required=True, attribute="change.number")
    noticed_at = Instant(required=True, attribute="change.noticed_at")
    shown = fields.Boolean(
        required=True,
        attribute="change.shown",
        metadata={"description": "Whether anybody could see it then; false while it ran silently."},
    )
    today = Day(required=True, attribute="outlook.today")
    status = fields.String(required=True, attribute="outlook.status")
    refusal = fields.String(attribute="outlook.refusal")
    recommended = Day(attribute="outlook.recommended")
    due_median = Day(attribute="outlook.due_median")
    due_lo80 = Day(attribute="outlook.due_lo80")
    due_hi80 = Day(attribute="outlook.due_hi80")
    p_crossed = fields.Float(attribute="outlook.p_crossed")
    reasons = fields.List(fields.Nested(ReasonSchema), required=True, attribute="outlook.reasons")
    engine_version = fields.String(required=True, attribute="change.engine_version")
    prior_version = fields.String(required=True, attribute="change.prior_version")
    decisions = fields.List(fields.Nested(DecisionSchema), required=True)
