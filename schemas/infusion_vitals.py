"""Timed readings of vital signs, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Length

from clinical.vitals import MAX_READINGS, PLAUSIBLE, Vital, VitalReading
from schemas.base import Instant, OmitNone, Strict, WholeNumber
from schemas.infusion_session_settings import CrossingSchema
from schemas.problems import ProblemSchema


def _measured(vital: Vital, unit: str) -> WholeNumber:
    low, high = PLAUSIBLE[vital]
    about = f"{unit}. The range is plausibility only, not a limit."
    return WholeNumber(low, high, metadata={"description": about})


class NewVitalReadingSchema(Strict):
    """What was measured at one instant, under an id of its sender's making."""

    id = fields.UUID(required=True)
    measured_at = Instant(required=True)
    heart_rate = _measured(Vital.HEART_RATE, "Beats a minute")
    systolic = _measured(Vital.SYSTOLIC, "mmHg")
    diastolic = _measured(Vital.DIASTOLIC, "mmHg")
    spo2 = _measured(Vital.SPO2, "Percent")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Tell the name from the reading; the edge puts them together."""
        return {"id": data.pop("id"), "reading": VitalReading(**data)}


class NewVitalsSchema(Strict):
    """Readings of one infusion."""

    readings = fields.List(
        fields.Nested(NewVitalReadingSchema),
        required=True,
        validate=Length(1, MAX_READINGS, error=f"too_many: Send 1 to {MAX_READINGS}."),
    )


class PatientVitalReadingSchema(OmitNone):
    """What a patient sees of a reading: the numbers."""

    id = fields.UUID(required=True)
    measured_at = Instant(required=True)
    heart_rate = fields.Integer()
    systolic = fields.Integer()
    diastolic = fields.Integer()
    spo2 = fields.Integer()
    source = fields.String(required=True, metadata={"description": "hand or device"})


class VitalReadingSchema(PatientVitalReadingSchema):
    """What the clinic sees."""

    crossed = fields.List(
        fields.Nested(CrossingSchema),
        metadata={"description": "The clinic's limits it crossed, as they stood when it was received."},
    )


class VitalSeriesSchema(Schema):
    """The readings of an infusion in order of time, without those struck out."""

    items = fields.List(fields.Nested(VitalReadingSchema), required=True)


class VitalResultSchema(Schema):
    """What became of one reading."""

    id = fields.UUID(required=True)
    status = fields.String(
        required=True,
        metadata={
            "description": "created, unchanged, or conflict: the error's code in problem is other_numbers "
            "(what stands is in current, for whoever may read it), struck_out or other_infusion."
        },
    )
    http_status = fields.Integer(required=True)
    crossed = fields.List(fields.Nested(CrossingSchema), required=True)
    problem = fields.Dict(metadata={"documented_as": ProblemSchema})
    current = fields.Dict(metadata={"documented_as": VitalReadingSchema})


class VitalResultsSchema(Schema):
    """One result a reading, in the order sent."""

    results = fields.List(fields.Nested(VitalResultSchema), required=True)
