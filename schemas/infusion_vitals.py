"""Vital signs of an infusion, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Length

from clinical.sentences import Sentence
from clinical.vitals import MAX_READINGS, PLAUSIBLE, Vital, VitalReading
from schemas.base import Anything, Choice, Instant, OmitNone, Strict, WholeNumber, about
from schemas.infusion_session_settings import ExceededLimitSchema
from schemas.problems import ProblemSchema

READING_ID = "Id of the reading, made by its sender."
MEASURED_AT = "When it was measured."
DESCRIPTIONS = {
    Vital.HEART_RATE: "Heart rate, beats per minute.",
    Vital.SYSTOLIC: "Systolic blood pressure, mmHg.",
    Vital.DIASTOLIC: "Diastolic blood pressure, mmHg.",
    Vital.SPO2: "Oxygen saturation, percent.",
    Vital.RESPIRATORY_RATE: "Respiratory rate, breaths per minute.",
    Vital.SEDATION: "Sedation by the MOAA/S scale, points: 5 responds readily, 0 not to a painful stimulus.",
}
LIMITS_EXCEEDED = "The clinic's limits that the reading exceeds, as set when it was received."


def _measured(vital: Vital) -> WholeNumber:
    description = f"{DESCRIPTIONS[vital]} The range is plausibility only, not a limit."
    return WholeNumber(*PLAUSIBLE[vital], metadata=about(description))


def _stored(vital: Vital) -> fields.Integer:
    return fields.Integer(metadata=about(DESCRIPTIONS[vital]))


class NewVitalReadingSchema(Strict):
    """Measurements at one instant, under an id made by the sender.

    Source: plausibility only: a slipped digit.
    """

    id = fields.UUID(required=True, metadata=about(READING_ID))
    measured_at = Instant(required=True, metadata=about(MEASURED_AT))
    heart_rate = _measured(Vital.HEART_RATE)
    systolic = _measured(Vital.SYSTOLIC)
    diastolic = _measured(Vital.DIASTOLIC)
    spo2 = _measured(Vital.SPO2)
    respiratory_rate = _measured(Vital.RESPIRATORY_RATE)
    sedation_score = _measured(Vital.SEDATION)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Separate the id from the reading; the view puts them together."""
        return {"id": data.pop("id"), "reading": VitalReading(**data)}


class NewVitalsSchema(Strict):
    """Readings of one infusion, each validated alone, so that an invalid one never blocks the rest."""

    readings = fields.List(
        Anything(metadata={"documented_as": NewVitalReadingSchema}),
        required=True,
        validate=Length(
            1, MAX_READINGS, error=Sentence("too_many: Send 1 to {number}.", number=MAX_READINGS)
        ),
        metadata=about("The readings, in any order."),
    )


class PatientVitalReadingSchema(OmitNone):
    """A reading as a patient sees it: the measurements."""

    id = fields.UUID(required=True, metadata=about(READING_ID))
    measured_at = Instant(required=True, metadata=about(MEASURED_AT))
    heart_rate = _stored(Vital.HEART_RATE)
    systolic = _stored(Vital.SYSTOLIC)
    diastolic = _stored(Vital.DIASTOLIC)
    spo2 = _stored(Vital.SPO2)
    respiratory_rate = _stored(Vital.RESPIRATORY_RATE)
    sedation_score = _stored(Vital.SEDATION)
    entry_method = Choice(
        ("hand", "device"),
        "Whether a person entered it or a device sent it.",
        required=True,
        attribute="source",
    )


class VitalReadingSchema(PatientVitalReadingSchema):
    """A reading as the clinic sees it."""

    limits_exceeded = fields.List(fields.Nested(ExceededLimitSchema), metadata=about(LIMITS_EXCEEDED))


class VitalSeriesSchema(Schema):
    """Readings of an infusion, without those entered in error."""

    items = fields.List(
        fields.Nested(VitalReadingSchema),
        required=True,
        metadata=about("Readings, in order of time.", most=MAX_READINGS),
    )


class VitalResultSchema(Schema):
    """Result of one reading that was sent."""

    id = fields.UUID(metadata=about(f"{READING_ID} Absent where it is no UUID."))
    status = Choice(
        ("created", "unchanged", "conflict", "rejected"),
        "created, unchanged (stored before), rejected (never accepted as it is: problem says why), or "
        "conflict: the error's code in problem is other_numbers (current holds the stored reading, for users "
        "who may read it), entered_in_error or other_infusion.",
        required=True,
    )
    http_status = fields.Integer(
        required=True, metadata=about("HTTP status code that a request with this reading alone would have.")
    )
    limits_exceeded = fields.List(
        fields.Nested(ExceededLimitSchema), required=True, metadata=about(LIMITS_EXCEEDED)
    )
    problem = fields.Dict(metadata={"documented_as": ProblemSchema, "description": "Why it was not stored."})
    current = fields.Dict(
        metadata={"documented_as": VitalReadingSchema, "description": "The stored reading of this id."}
    )


class VitalResultsSchema(Schema):
    """Results of the readings sent."""

    results = fields.List(
        fields.Nested(VitalResultSchema), required=True, metadata=about("One per reading, in the order sent.")
    )
