"""What was decided on an outlook, and what it said before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import OneOf

from schemas.base import Instant, LocalDate, OmitNone, Strict, Text, TextDate, about
from schemas.outlooks import ReasonSchema


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
    booked_on = LocalDate(
        metadata={
            "description": "The day the next infusion was booked for, elsewhere: nothing is booked here."
        }
    )

    @validates_schema
    def reasoned(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse to differ without a reason."""
        if data["decision"] == "differ" and "reason" not in data:
            raise ValidationError({"reason": ["required: Say why you differ."]})


class DecisionSchema(OmitNone):
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
    booked_on = LocalDate(
        attribute="row.booked_on", metadata={"description": "The day that was booked elsewhere, if any."}
    )
    decided_by = fields.UUID(
        required=True, attribute="row.decided_by", metadata={"description": "The clinician's account."}
    )
    decided_by_name = fields.String(
        required=True, metadata={"description": "The clinician's name as it stands today."}
    )
    decided_at = Instant(
        required=True, attribute="row.decided_at", metadata=about("When the server was told.")
    )


class PastOutlookSchema(OmitNone):
    """What an outlook said from `computed_at` on, until the next entry."""

    number = fields.Integer(
        required=True, attribute="change.number", metadata=about("Counts a patient's entries from 1.")
    )
    computed_at = Instant(
        required=True, attribute="change.computed_at", metadata=about("When the outlook was worked out.")
    )
    shown = fields.Boolean(
        required=True,
        attribute="change.shown",
        metadata={"description": "Whether anybody could see it then; false while it ran silently."},
    )
    today = TextDate(required=True, attribute="outlook.today")
    status = fields.String(required=True, attribute="outlook.status")
    no_forecast_reason = fields.String(attribute="outlook.refusal")
    recommended = TextDate(attribute="outlook.recommended")
    due_median_on = TextDate(attribute="outlook.due_median_on")
    due_lo80_on = TextDate(attribute="outlook.due_lo80_on")
    due_hi80_on = TextDate(attribute="outlook.due_hi80_on")
    p_half_lost = fields.Float(
        attribute="outlook.p_half_lost", metadata=about("The chance that half was gone already, 0 to 1.")
    )
    reasons = fields.List(fields.Nested(ReasonSchema), required=True, attribute="outlook.reasons")
    engine_version = fields.String(required=True, attribute="change.engine_version")
    prior_version = fields.String(required=True, attribute="change.prior_version")
    decisions = fields.List(fields.Nested(DecisionSchema), required=True)
