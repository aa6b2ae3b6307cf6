"""A patient's infusions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, current_app, g

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import (
    etag_headers,
    expected_version,
    not_modified,
    revalidated,
    version_tag,
    versioned,
)
from api.http.pagination import page, page_request
from api.http.response_cache import json_response
from api.http.transaction import context
from schemas.base import DaysQuery, OrderedQuery, page_of
from schemas.infusions import (
    BOOKING,
    CLINIC_ONLY,
    InfusionRevisionSchema,
    InfusionSchema,
    InfusionWarningSchema,
    NewInfusionSchema,
    StoredInfusionSchema,
)
from services import infusions
from services.access import CARE_TEAM, Part, Role

blueprint = Blueprint(
    "infusions",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/infusions",
    description="Infusions given, booked or stopped",
)
WHOLE, BOOKED, OWN = InfusionSchema(), InfusionSchema(only=BOOKING), InfusionSchema(exclude=CLINIC_ONLY)
WARNINGS = InfusionWarningSchema(many=True)
EXAMPLE = {
    "started_at": "2026-11-17T10:05:00-05:00",
    "ended_at": "2026-11-17T10:45:00-05:00",
    "time_zone": "America/New_York",
    "dose_mg": 35,
    "weight_kg": 70,
    "route": "intravenous",
    "status": "completed",
    "reason": "scheduled",
    "lot_number": "KT4471",
    "wasted_mg": 15,
    "performer_name": "R. Vale",
    "witness_name": "M. Ostrow",
}


def _schema() -> InfusionSchema:
    """Return what the caller is shown of an infusion."""
    if g.actor.sees_as_patient:
        return OWN
    return WHOLE if infusions.sees_all(g.actor) else BOOKED


@blueprint.route("/<uuid:infusion_id>", methods=["PUT"])
@allow(*CARE_TEAM, Role.FRONT_DESK)
@also_answers("not_cleared")
@versioned(_schema)
@blueprint.arguments(NewInfusionSchema, example=EXAMPLE)
@blueprint.response(200, StoredInfusionSchema)
@blueprint.alt_response(201, schema=StoredInfusionSchema, description="It was recorded for the first time.")
def put_infusion(body: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Store or correct an infusion

    Idempotent. A correction needs If-Match; the earlier version is retained as a revision. The front desk
    books, moves and cancels: status scheduled or not_done, without a dose; what clinicians entered stays.
    not_done needs not_done_reason. A dose above the clinic's limits needs dose_confirmation with its
    rationale; who confirmed it, and when, is recorded. Where the consultation does not clear the patient (not
    suitable, deferred, no decision, no consent, none recorded), warnings says why until override_reason is
    sent; who overrode it, and when, is recorded. A clinic may refuse it instead: 409 not_cleared. A dose
    without a weight is not compared with the clinic's limit by weight: warnings says so.
    """
    draft = infusions.InfusionDraft(**body)
    stored = infusions.put(context(), patient_id, infusion_id, draft, expected_version())
    tag = etag_headers(version_tag(stored.value.version))
    body = _schema().dump(stored.value)
    if found := infusions.warnings(context(), stored.value):
        body["warnings"] = WARNINGS.dump(found)
    return _shown(body, 201 if stored.created else 200, tag)


@blueprint.route("/<uuid:infusion_id>")
@allow(Role.PATIENT, *CARE_TEAM, Role.FRONT_DESK, part=Part.INFUSIONS)
@also_answers("removed")
@revalidated
@blueprint.response(200, InfusionSchema)
def get_infusion(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Get an infusion"""
    infusion = infusions.read(context(), patient_id, infusion_id)
    tag = version_tag(infusion.version)
    if not infusions.sees_all(g.actor):
        tag = f"{tag}-booking"
    elif g.actor.sees_as_patient:
        tag = f"{tag}-patient"
    return not_modified(tag) or _shown(_schema().dump(infusion), 200, etag_headers(tag))


@blueprint.route("/<uuid:infusion_id>", methods=["DELETE"])
@allow(Role.CLINICIAN)
@versioned(InfusionSchema())
@blueprint.response(204)
def delete_infusion(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Mark an infusion as entered in error

    Nothing is erased: its revisions stay.
    """
    removed = infusions.remove(context(), patient_id, infusion_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, Role.FRONT_DESK, part=Part.INFUSIONS)
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, page_of(InfusionSchema))
def list_infusions(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List a patient's infusions in order of start

    The front desk gets the bookings: when each begins, and its status.
    """
    found = infusions.page(context(), patient_id, page_request(query))
    body, _, headers = page(_schema().dump(found.items, many=True), found.next_position)
    return _shown(body, 200, headers)


@blueprint.route("/<uuid:infusion_id>/revisions")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(InfusionRevisionSchema))
def list_infusion_revisions(query: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """List every revision of an infusion"""
    found = infusions.revisions(context(), patient_id, infusion_id, page_request(query))
    return page(found.items, found.next_position)


def _shown(body: Any, status: int, headers: Mapping[str, str]) -> Response:
    response = json_response(current_app.json.dumps(body), headers)
    response.status_code = status
    return response
