"""Dated events around the infusions, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, pre_dump
from marshmallow.validate import OneOf

from clinical.events import EventKind, Visibility
from schemas.base import Instant, LocalDate, Strict, Text

KINDS = tuple(str(kind) for kind in EventKind)
SEEN_BY = tuple(str(word) for word in Visibility)
NOTE_LENGTH = 2000
"""Longest note, characters. Operational."""


class NewEventSchema(Strict):
    """What happened, and who may see it."""

    local_date = LocalDate(required=True)
    kind = fields.String(required=True, validate=OneOf(KINDS, error="unknown_kind: Not a kind of event."))
    visibility = fields.String(
        required=True,
        validate=OneOf(SEEN_BY, error="unknown_visibility: staff or patient."),
        metadata={"description": "staff: clinicians only. patient: the patient as well."},
    )
    note = Text(NOTE_LENGTH)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give every member its value; the edge makes the draft."""
        return {
            **data,
            "kind": EventKind(data["kind"]),
            "visibility": Visibility(data["visibility"]),
        }


class EventSchema(Schema):
    """An event as stored; what was not written is absent."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True, metadata={"minimum": 1})
    local_date = LocalDate(required=True)
    kind = fields.String(required=True)
    visibility = fields.String(required=True)
    reported_by = fields.String(required=True, metadata={"description": "patient or clinician"})
    note = fields.String()

    @pre_dump
    def only_what_is_known(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what is not known."""
        return {name: value for name in self.fields if (value := getattr(row, name)) is not None}


class EventRevisionSchema(EventSchema):
    """One revision of an event, and when it was held for true."""

    removed = fields.Boolean(required=True)
    known_from = Instant(required=True)
    known_until = Instant(metadata={"description": "Absent on the revision in force."})
    recorded_by = fields.UUID()


class EventRevisionsSchema(Schema):
    """Every revision of an event, in order."""

    items = fields.List(fields.Nested(EventRevisionSchema), required=True)
