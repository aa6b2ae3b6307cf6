"""The consultation before treatment: suitability, decision, consent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g

from api.http.auth import allow, public
from api.http.blueprint import Blueprint
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
from api.http.response_cache import json_response
from api.http.transaction import context
from schemas.base import OrderedQuery, page_of
from schemas.consultations import (
    ConsultationRevisionSchema,
    ConsultationSchema,
    NewConsultationSchema,
    PatientConsultationSchema,
    SuitabilityCatalogueSchema,
    catalogue,
)
from services import consultations
from services.access import CARE_TEAM, Role
from services.consultations import ConsultationDraft

blueprint = Blueprint(
    "consultations", __name__, url_prefix="/v1", description="Suitability assessment before treatment"
)
EDITION = "suitability-1"
PUBLIC = {"Cache-Control": "public, max-age=3600"}
OWN, WHOLE = PatientConsultationSchema(), ConsultationSchema()
EXAMPLE = {
    "seen_on": "2026-09-01",
    "checklist": [
        {"code": "aneurysm_or_avm", "present": "no", "answered_on": "2026-09-01"},
        {"code": "uncontrolled_hypertension", "present": "yes", "answered_on": "2026-09-01"},
    ],
    "indication": "major_depression",
    "decision": "deferred",
    "rationale": "Blood pressure first; seen again in two weeks.",
    "consent_given_on": "2026-09-01",
}


@blueprint.route("/catalog/suitability")
@public
@revalidated
@blueprint.response(200, SuitabilityCatalogueSchema)
def get_suitability_catalogue() -> Any:
    """List the questions of a consultation with their sources, and the indications"""
    return not_modified(EDITION, **PUBLIC) or (catalogue(), etag_headers(EDITION, **PUBLIC))


@blueprint.route("/patients/<patient:patient_id>/consultation")
@allow(Role.PATIENT, *CARE_TEAM)
@revalidated
@blueprint.response(200, ConsultationSchema)
def get_consultation(patient_id: UUID | None) -> Any:
    """Get a patient's consultation

    A patient gets the decision and the consent, without the checklist and the rationale.
    """
    seen = consultations.read(context(), patient_id)
    own = g.actor.has(Role.PATIENT)
    tag = version_tag(seen.row.version)
    if same := not_modified(tag):
        return same
    return json_response(current_app.json.dumps((OWN if own else WHOLE).dump(seen)), etag_headers(tag))


@blueprint.route("/patients/<patient:patient_id>/consultation", methods=["PUT"])
@allow(Role.CLINICIAN)
@versioned(WHOLE)
@blueprint.arguments(NewConsultationSchema, example=EXAMPLE)
@blueprint.response(200, ConsultationSchema)
@blueprint.alt_response(201, schema=ConsultationSchema, description="It was recorded for the first time.")
def put_consultation(body: dict[str, Any], patient_id: UUID | None) -> Any:
    """Store or change a patient's consultation

    Questions answered yes or unknown, or not asked, stay for a clinician to review, also after a decision.
    Idempotent; a change needs If-Match.
    """
    answers = tuple(body.pop("answers"))
    draft = ConsultationDraft(**body, answers=answers)
    stored = consultations.put(context(), patient_id, draft, expected_version())
    return write_response(stored, stored.value.row.version)


@blueprint.route("/patients/<patient:patient_id>/consultation/revisions")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(ConsultationRevisionSchema))
def list_consultation_revisions(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List every revision of a consultation"""
    found = consultations.revisions(context(), patient_id, page_request(query))
    return page(found.items, found.next_position)
