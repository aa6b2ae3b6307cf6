"""Dated events between infusions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.content_negotiation import negotiate, series_response
from api.http.etag import (
    etag_headers,
    expected_version,
    not_modified,
    revalidated,
    version_tag,
    versioned,
    write_response,
)
from api.http.pagination import page, page_request
from api.http.rate_limits import limited
from api.http.transaction import context
from schemas.base import DaysQuery, OrderedQuery, page_of
from schemas.events import EventRevisionSchema, EventSchema, NewEventSchema
from services import events
from services.access import CARE_TEAM, Part, Role
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
@allow(Role.PATIENT, *CARE_TEAM)
@versioned(EventSchema())
@blueprint.arguments(NewEventSchema, example=EXAMPLE)
@blueprint.response(200, EventSchema)
@blueprint.alt_response(201, schema=EventSchema, description="It was recorded for the first time.")
def put_event(body: dict[str, Any], patient_id: UUID | None, event_id: UUID) -> Any:
    """Store or change an event

    Idempotent. A correction needs If-Match. Patients report therapy, medication and life events,
    annotations are clinicians'; each side corrects what it reported itself.
    """
    draft = EventDraft(**body)
    return write_response(events.put(context(), patient_id, event_id, draft, expected_version()))


@blueprint.route("/<uuid:event_id>")
@allow(Role.PATIENT, *CARE_TEAM, part=Part.EVENTS)
@also_answers("removed")
@revalidated
@blueprint.response(200, EventSchema)
def get_event(patient_id: UUID | None, event_id: UUID) -> Any:
    """Get an event"""
    event = events.read(context(), patient_id, event_id)
    tag = version_tag(event.version)
    return not_modified(tag) or (event, etag_headers(tag))


@blueprint.route("/<uuid:event_id>", methods=["DELETE"])
@allow(Role.PATIENT, Role.CLINICIAN)
@versioned(EventSchema())
@blueprint.response(204)
def delete_event(patient_id: UUID | None, event_id: UUID) -> Any:
    """Remove an event

    A tombstone stays in its place, with the revisions; the note is erased from all of them. Idempotent.
    """
    removed = events.remove(context(), patient_id, event_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, part=Part.EVENTS)
@limited()
@also_answers("not_acceptable")
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, page_of(EventSchema))
def list_events(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List events in order of date

    As JSON, CSV or NDJSON, by Accept. A patient gets those with visibility patient.
    """
    form = negotiate()
    found = events.page(context(), patient_id, page_request(query))
    return series_response(form, COLUMNS, EventSchema(many=True).dump(found.items), found.next_position)


@blueprint.route("/<uuid:event_id>/revisions")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(EventRevisionSchema))
def list_event_revisions(query: dict[str, Any], patient_id: UUID | None, event_id: UUID) -> Any:
    """List every revision of an event"""
    found = events.revisions(context(), patient_id, event_id, page_request(query))
    return page(found.items, found.next_position)
