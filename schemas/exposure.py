"""How much was given and how often, and the reasons to hold."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from schemas.base import LocalDate, OmitNone


class IntervalSchema(Schema):
    """The days between two infusions that followed each other."""

    first = LocalDate(required=True)
    second = LocalDate(required=True)
    days = fields.Integer(required=True)


class HoldReasonSchema(Schema):
    """A fact to think about before the next infusion; it moves no date and changes no outlook."""

    code = fields.String(
        required=True,
        metadata={
            "description": "infusions_in_30_days, infusions_in_90_days, infusions_in_365_days, "
            "short_interval, interval_shrinking, urinary_symptoms or blood_pressure_above_hold; an open list."
        },
    )
    text = fields.String(required=True)
    numbers = fields.Dict(required=True, keys=fields.String(), values=fields.Integer())


class ExposureSchema(OmitNone):
    """What was given until today. No safe cumulative limit is known: facts, and nothing is judged."""

    today = LocalDate(required=True)
    infusions = fields.Integer(required=True)
    in_30_days = fields.Integer(required=True)
    in_90_days = fields.Integer(required=True)
    in_365_days = fields.Integer(required=True)
    mg_per_kg = fields.Float(
        required=True, metadata={"description": "Added up over the infusions counted in doses_known."}
    )
    doses_known = fields.Integer(
        required=True, metadata={"description": "Infusions whose dose and weight are recorded."}
    )
    shortest_interval = fields.Nested(IntervalSchema, attribute="shortest")
    maintenance_intervals = fields.List(fields.Nested(IntervalSchema), required=True)
    shrinking = fields.Boolean(
        required=True,
        metadata={"description": "The last three intervals of maintenance each shorter than the one before."},
    )
    reasons_to_hold = fields.List(
        fields.Nested(HoldReasonSchema),
        required=True,
        metadata={"description": "By the clinic's own settings; the same as in the summary."},
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Find the reasons beside the exposure, and the rest in it."""
        if attr == "reasons_to_hold":
            return list(obj.reasons)
        return super().get_attribute(obj.exposure, attr, default)
