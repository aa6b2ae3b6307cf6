"""Who read a patient's record."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.base import Instant


class AccessSchema(Schema):
    """One part of the record, read by somebody in an hour."""

    read_at = Instant(required=True, metadata={"description": "The first time in that hour."})
    reader = fields.String(required=True, metadata={"description": "The person's or the system's name."})
    role = fields.String(required=True, metadata={"description": "clinician, admin, integration or delegate"})
    what = fields.String(
        required=True,
        metadata={
            "description": "The part of the record, as the paths here name it: check-ins, summary, "
            "infusions …; details is the patient's own page."
        },
    )
    of_all_patients = fields.Boolean(
        required=True, metadata={"description": "It was a list of the clinic's patients."}
    )
