"""A clinic's patients."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from schemas.base import EmailAddress, Flag, Instant, Line, Strict, TimeZone, Version, WholeNumber, about

RECORD_NUMBER = "The clinic's own number of the patient."
DISPLAY_NAME = "Name to show to the clinic."
TIME_ZONE = "IANA time zone in which the patient's days are counted."
DAY_START_HOUR = "Hour of the day, 0 to 12 hours after midnight, at which the patient's local_date changes."
DISCHARGED = "Whether treatment here has ended: the patient is no longer on the worklist."


class EnrolmentSchema(Strict):
    """A new patient.

    Source: the patient's habits. Changed by: a clinician, `PATCH /v1/patients/{id}`.
    """

    record_number = Line(200, required=True, metadata=about(RECORD_NUMBER))
    display_name = Line(200, required=True, metadata=about(DISPLAY_NAME))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    day_start_hour = WholeNumber(0, 12, load_default=4, metadata=about(DAY_START_HOUR))
    email = EmailAddress(
        load_default=None, allow_none=False, metadata=about("E-mail address to invite the patient by.")
    )


class PatientSchema(Schema):
    """A patient's details."""

    id = fields.UUID(required=True, metadata=about("Id of the patient."))
    record_number = fields.String(required=True, metadata=about(RECORD_NUMBER))
    display_name = fields.String(required=True, metadata=about(DISPLAY_NAME))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    day_start_hour = fields.Integer(required=True, metadata=about(DAY_START_HOUR))
    version = Version()
    enrolled_at = Instant(required=True, metadata=about("When the patient was enrolled."))
    discharged = fields.Function(
        lambda row: row.discharged_at is not None,
        required=True,
        metadata={"type": "boolean", "description": DISCHARGED},
    )


class PatientChangeSchema(Strict):
    """Details of a patient to change.

    Source: the patient's habits. Changed by: a clinician, `PATCH /v1/patients/{id}`.
    """

    display_name = Line(200, metadata=about(DISPLAY_NAME))
    time_zone = TimeZone(metadata=about(TIME_ZONE))
    day_start_hour = WholeNumber(0, 12, metadata=about(DAY_START_HOUR))
    discharged = Flag(metadata=about(DISCHARGED))

    @validates_schema
    def something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject an empty change."""
        if not data:
            raise ValidationError("nothing_to_change: Send at least one member.")
