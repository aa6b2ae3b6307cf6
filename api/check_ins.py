"""Daily check-ins."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, g, request

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
from api.http.response_cache import json_response
from api.http.safety_intake.daily_answer import reject_unrequested_answer, screens_safety_answers
from api.http.transaction import context
from clinical.check_in import CheckInDraft
from schemas.base import DaysQuery, OrderedQuery, page_of
from schemas.check_ins import CheckInRevisionSchema, CheckInSchema, NamedEntry, NewCheckInSchema
from services import check_ins
from services.access import CARE_TEAM, Part, Role

blueprint = Blueprint(
    "check_ins",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/check-ins",
    description="Daily check-ins",
)
WHOLE, WITHOUT_NOTE = CheckInSchema(), CheckInSchema(exclude=("note",))
EXAMPLE = {
    "mood": 6,
    "enjoyment": 5,
    "anxiety": 3,
    "side_effects": [{"code": "nausea", "severity": "mild"}],
    "note": "slept badly",
    "benefit_left": 70,
    "ratings": {"craving": 2, "sleep": 6},
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-21T21:14:05-05:00",
}
COLUMNS = (
    "local_date",
    "mood",
    "enjoyment",
    "anxiety",
    "side_effects",
    "note",
    "benefit_left",
    "ratings",
    "time_zone",
    "recorded_at",
    "received_at",
    "entry_mode",
    "clock_suspect",
    "reported_by",
    "version",
)


@blueprint.route("/<date:local_date>", methods=["PUT"])
@allow(Role.PATIENT, *CARE_TEAM)
@screens_safety_answers()
@versioned(CheckInSchema())
@blueprint.arguments(NewCheckInSchema, example=EXAMPLE)
@blueprint.response(200, CheckInSchema)
@blueprint.alt_response(201, schema=CheckInSchema, description="The day was answered for the first time.")
def put_check_in(draft: CheckInDraft, patient_id: UUID | None, local_date: date) -> Any:
    """Store or change the check-in of a day

    Idempotent: the same answers for the same day change nothing and answer 200. Other answers for a day
    already answered need If-Match with the version they change. A clinician's entry over the patient's
    answers keeps every answer that it leaves out, and names those that it changed or added. A safety_answer
    is stored and acted on even where the rest is rejected; show what safety holds, in a success or a problem,
    before anything else.
    """
    reject_unrequested_answer(request.get_json())
    stored = check_ins.put(context(), patient_id, local_date, draft, expected_version())
    _, status, headers = write_response(stored)
    return _named([stored.value])[0], status, headers


@blueprint.route("/<date:local_date>")
@allow(Role.PATIENT, *CARE_TEAM, part=Part.CHECK_INS)
@also_answers("removed")
@revalidated
@blueprint.response(200, CheckInSchema)
def get_check_in(patient_id: UUID | None, local_date: date) -> Any:
    """Get the check-in of a day"""
    check_in = check_ins.read(context(), patient_id, local_date)
    if g.actor.is_shown(Part.NOTES):
        tag = version_tag(check_in.version)
        return not_modified(tag) or (_named([check_in])[0], etag_headers(tag))
    tag = f"{version_tag(check_in.version)}-without-note"
    return not_modified(tag) or json_response(
        current_app.json.dumps(WITHOUT_NOTE.dump(check_in)), etag_headers(tag)
    )


@blueprint.route("/<date:local_date>", methods=["DELETE"])
@allow(Role.PATIENT, Role.CLINICIAN)
@versioned(CheckInSchema())
@blueprint.response(204)
def delete_check_in(patient_id: UUID | None, local_date: date) -> Any:
    """Remove the check-in of a day

    A tombstone stays in its place, with the revisions; the note is erased from all of them. Idempotent.
    """
    removed = check_ins.remove(context(), patient_id, local_date, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, part=Part.CHECK_INS)
@limited()
@also_answers("not_acceptable")
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, page_of(CheckInSchema))
def list_check_ins(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List check-ins in order of date

    As JSON, CSV or NDJSON, by Accept. A delegate gets the notes only where they are shared.
    """
    form = negotiate()
    found = check_ins.page(context(), patient_id, page_request(query))
    schema = WHOLE if g.actor.is_shown(Part.NOTES) else WITHOUT_NOTE
    return series_response(form, COLUMNS, schema.dump(_named(found.items), many=True), found.next_position)


@blueprint.route("/<date:local_date>/revisions")
@allow(Role.PATIENT, *CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(CheckInRevisionSchema))
def list_check_in_revisions(query: dict[str, Any], patient_id: UUID | None, local_date: date) -> Any:
    """List every revision of a day's check-in"""
    found = check_ins.revisions(context(), patient_id, local_date, page_request(query))
    return page(_named(found.items), found.next_position)


def _named(rows: list[Any]) -> list[NamedEntry]:
    """Return rows with the names of the members of staff who recorded them, for the clinic only."""
    names = check_ins.staff_names(context(), rows)
    return [NamedEntry(row, names.get(row.recorded_by) if row.recorded_by else None) for row in rows]
