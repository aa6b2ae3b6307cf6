"""A clinic's patients."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from schemas.base import EmailAddress, Flag, Instant, Line, Strict, TimeZone, WholeNumber


class EnrolmentSchema(Strict):
    """A new patient.

    Source: the patient's habits. Changed by: a clinician, `PATCH /v1/patients/{id}`.
    """

    record_number = Line(200, required=True, metadata={"description": "The clinic's own number for them."})
    display_name = Line(200, required=True)
    time_zone = TimeZone(required=True)
    day_starts_at = WholeNumber(0, 12, load_default=4)
    email = EmailAddress(load_default=None, allow_none=False)


class PatientSchema(Schema):
    """A patient's details."""

    id = fields.UUID(required=True)
    record_number = fields.String(required=True)
    display_name = fields.String(required=True)
    time_zone = fields.String(required=True)
    day_starts_at = fields.Integer(
        required=True, metadata={"description": "The hour at which the patient's day turns."}
    )
    version = fields.Integer(required=True)
    enrolled_at = Instant(required=True)
    discharged = fields.Function(
        lambda row: row.discharged_at is not None, required=True, metadata={"type": "boolean"}
    )


class PatientChangeSchema(Strict):
    """What is to change of a patient.

    Source: the patient's habits. Changed by: a clinician, `PATCH /v1/patients/{id}`.
    """

    display_name = Line(200)
    time_zone = TimeZone()
    day_starts_at = WholeNumber(0, 12)
    discharged = Flag()

    @validates_schema
    def something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a change of nothing."""
        if not data:
            raise ValidationError("nothing_to_change: Send at least one member.")
