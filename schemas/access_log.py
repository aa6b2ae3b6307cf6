"""Entries of the access log: who read a patient's record."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.base import Instant, about

READERS = ("clinician", "nurse", "front_desk", "billing", "admin", "integration", "delegate")


class AccessSchema(Schema):
    """One part of the record that one reader read in one hour (FHIR: AuditEvent)."""

    read_at = Instant(required=True, metadata=about("First time that the reader read it in that hour."))
    reader = fields.String(required=True, metadata=about("Name of the person or of the API client."))
    roles = fields.List(
        fields.String(metadata={"enum": list(READERS)}),
        required=True,
        metadata=about("Roles that the reader held; integration is an API client."),
    )
    resource = fields.String(
        required=True,
        metadata={"pattern": "^[a-z-]+$"}
        | about(
            "Part of the record, named as in the paths of this API: check-ins, summary, infusions and so on; "
            "details is the patient resource itself."
        ),
    )
    of_all_patients = fields.Boolean(
        required=True, metadata=about("Whether it was read in a list of all patients of the clinic.")
    )
