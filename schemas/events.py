"""Dated events between infusions, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from clinical.events import EventKind, Visibility
from schemas.base import Choice, LocalDate, OmitNone, RemovableRevision, Strict, Text, Version, about

NOTE_LENGTH = 2000
"""Longest note, characters. Operational."""
LOCAL_DATE = "Day of the event in the patient's time zone; not in the future."
KIND = "What happened; an annotation is a clinician's note on a day."
VISIBILITY = "Who may see it. staff: clinicians only. patient: the patient as well."
NOTE = "Free text, for the people who may see the event; never part of a trend, chart or log."


class NewEventSchema(Strict):
    """An event, and who may see it."""

    local_date = LocalDate(required=True, metadata=about(LOCAL_DATE))
    kind = Choice(EventKind, KIND, error="unknown_kind", required=True)
    visibility = Choice(Visibility, VISIBILITY, error="unknown_visibility", required=True)
    note = Text(NOTE_LENGTH, metadata=about(NOTE))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the codes as their values; the view makes the draft."""
        return {
            **data,
            "kind": EventKind(data["kind"]),
            "visibility": Visibility(data["visibility"]),
        }


class EventSchema(OmitNone):
    """A stored event; what was not written is absent."""

    id = fields.UUID(required=True, metadata=about("Id of the event, made by the client that created it."))
    version = Version()
    local_date = LocalDate(required=True, metadata=about(LOCAL_DATE))
    kind = Choice(EventKind, KIND, required=True)
    visibility = Choice(Visibility, VISIBILITY, required=True)
    reported_by = Choice(
        ("patient", "staff"), "Side that reported it, and that alone may change it.", required=True
    )
    note = fields.String(metadata=about(NOTE))


class EventRevisionSchema(RemovableRevision, EventSchema):
    """One revision of an event."""
