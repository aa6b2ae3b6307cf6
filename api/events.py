"""What happens around the infusions, each at its day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.content_negotiation import negotiate, series_response
from api.http.etag import etag_headers, expected_version, not_modified, revalidated, version_tag, versioned
from api.http.pagination import read_cursor, split_page
from schemas.base import DaysQuery, page_of
from schemas.events import EventRevisionsSchema, EventSchema, NewEventSchema
from services import events
from services.access import Part, Role
from services.events import EventDraft

blueprint = Blueprint(
    "events",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/events",
    description="Dated clinical events",
)
EXAMPLE = {
    "local_date": "2026-11-19",
    "kind": "psychotherapy",
    "visibility": "patient",
    "note": "Integration session, an hour.",
}
COLUMNS = ("local_date", "kind", "note", "visibility", "reported_by", "id", "version")


@blueprint.route("/<uuid:event_id>", methods=["PUT"])
@allow(Role.PATIENT, Role.CLINICIAN)
@versioned(EventSchema())
@blueprint.arguments(NewEventSchema, example=EXAMPLE)
@blueprint.response(200, EventSchema)
@blueprint.alt_response(201, schema=EventSchema, description="It was recorded for the first time.")
def put_event(body: dict[str, Any], patient_id: UUID | None, event_id: UUID) -> Any:
    """Store or change an event

    Safe to resend. A correction needs If-Match. Patients tell of therapy, medication and their life,
    annotations are clinicians'; each side corrects what it told itself.
    """
    draft = EventDraft(**body)
    kept = events.put(g.session, g.actor, patient_id, event_id, draft, expected_version(), clock.now())
    return kept.event, 201 if kept.created else 200, etag_headers(version_tag(kept.event.version))


@blueprint.route("/<uuid:event_id>")
@allow(Role.PATIENT, Role.CLINICIAN, part=Part.EVENTS)
@also_answers("removed")
@revalidated
@blueprint.response(200, EventSchema)
def get_event(patient_id: UUID | None, event_id: UUID) -> Any:
    """Get an event"""
    event = events.read(g.session, g.actor, patient_id, event_id)
    tag = version_tag(event.version)
    return not_modified(tag) or (event, etag_headers(tag))


@blueprint.route("/<uuid:event_id>", methods=["DELETE"])
@allow(Role.PATIENT, Role.CLINICIAN)
@versioned(EventSchema())
@blueprint.response(204)
def delete_event(patient_id: UUID | None, event_id: UUID) -> Any:
    """Remove an event

    A tombstone without its note stays in its place. Safe to resend.
    """
    removed = events.remove(g.session, g.actor, patient_id, event_id, expected_version(), clock.now())
    return None, etag_headers(version_tag(removed.version))


@blueprint.route("")
@allow(Role.PATIENT, Role.CLINICIAN, part=Part.EVENTS)
@also_answers("not_acceptable")
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, page_of(EventSchema))
def list_events(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List events in order of date

    As JSON, CSV or a JSON object a line, by Accept. A patient is given those they may see.
    """
    form = negotiate()
    place = read_cursor(query["cursor"])
    after = (date.fromisoformat(place[0]), UUID(place[1])) if place else None
    between = query["first"], query["last"]
    found = events.listed(g.session, g.actor, patient_id, between, after, query["limit"] + 1)
    items, place = split_page(found, query["limit"], lambda row: [str(row.local_date), str(row.id)])
    return series_response(form, COLUMNS, EventSchema(many=True).dump(items), place)


@blueprint.route("/<uuid:event_id>/revisions")
@allow(Role.CLINICIAN)
@blueprint.response(200, EventRevisionsSchema)
def list_event_revisions(patient_id: UUID | None, event_id: UUID) -> dict[str, Any]:
    """List every revision of an event"""
    return {"items": events.revisions(g.session, g.actor, patient_id, event_id)}
