"""The directory: a clinic's patients by name."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.base import OrderedQuery, Text, about
from schemas.patients import DISCHARGED, DISPLAY_NAME, RECORD_NUMBER


class DirectoryQuery(OrderedQuery):
    """Whom to look for."""

    q = Text(
        200,
        blank=True,
        load_default=None,
        metadata=about("Part of a name or of a record number to search for."),
    )


class DirectoryEntrySchema(Schema):
    """A patient of the clinic, by name."""

    patient_id = fields.UUID(required=True, attribute="id", metadata=about("Id of the patient."))
    record_number = fields.String(required=True, metadata=about(RECORD_NUMBER))
    display_name = fields.String(required=True, metadata=about(DISPLAY_NAME))
    discharged = fields.Function(
        lambda row: row.discharged_at is not None,
        required=True,
        metadata={"type": "boolean", "description": DISCHARGED},
    )
