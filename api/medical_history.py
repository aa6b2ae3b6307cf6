"""Allergies, medications and previous treatments of a patient."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
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
from api.http.transaction import context
from clinical.medical_history import MedicalHistoryEntry, MedicalList
from schemas.base import OrderedQuery, page_of
from schemas.medical_history import (
    MedicalHistoryEntryRevisionSchema,
    MedicalHistoryEntrySchema,
    NewMedicalHistoryEntrySchema,
)
from services import medical_history
from services.access import CARE_TEAM, Role

blueprint = Blueprint(
    "medical_history",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/<medical_list:list_name>",
    description="Allergies, medications and previous treatments",
)
EXAMPLE = {
    "name": "Sertraline",
    "began_on": "2026-03-02",
    "dosage": "50 mg in the morning",
    "note": "Unchanged since May.",
}


@blueprint.route("/<uuid:entry_id>", methods=["PUT"])
@allow(*CARE_TEAM)
@versioned(MedicalHistoryEntrySchema())
@blueprint.arguments(NewMedicalHistoryEntrySchema, example=EXAMPLE)
@blueprint.response(200, MedicalHistoryEntrySchema)
@blueprint.alt_response(
    201, schema=MedicalHistoryEntrySchema, description="It was recorded for the first time."
)
def put_medical_history_entry(
    draft: MedicalHistoryEntry, patient_id: UUID | None, list_name: MedicalList, entry_id: UUID
) -> Any:
    """Store or correct an allergy, a medication or a previous treatment

    Idempotent. A correction needs If-Match; the earlier version is retained as a revision.
    """
    key = (list_name, entry_id)
    return write_response(medical_history.put(context(), patient_id, key, draft, expected_version()))


@blueprint.route("/<uuid:entry_id>")
@allow(*CARE_TEAM)
@also_answers("removed")
@revalidated
@blueprint.response(200, MedicalHistoryEntrySchema)
def get_medical_history_entry(patient_id: UUID | None, list_name: MedicalList, entry_id: UUID) -> Any:
    """Get an allergy, a medication or a previous treatment"""
    entry = medical_history.read(context(), patient_id, (list_name, entry_id))
    tag = version_tag(entry.version)
    return not_modified(tag) or (entry, etag_headers(tag))


@blueprint.route("/<uuid:entry_id>", methods=["DELETE"])
@allow(Role.CLINICIAN)
@versioned(MedicalHistoryEntrySchema())
@blueprint.response(204)
def delete_medical_history_entry(patient_id: UUID | None, list_name: MedicalList, entry_id: UUID) -> Any:
    """Mark an entry as entered in error

    What is over has an ended_on instead. Nothing is erased: its revisions stay. Idempotent.
    """
    key = (list_name, entry_id)
    removed = medical_history.remove(context(), patient_id, key, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(MedicalHistoryEntrySchema))
def list_medical_history(query: dict[str, Any], patient_id: UUID | None, list_name: MedicalList) -> Any:
    """List a patient's allergies, medications or previous treatments by name"""
    found = medical_history.page(context(), patient_id, list_name, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/<uuid:entry_id>/revisions")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(MedicalHistoryEntryRevisionSchema))
def list_medical_history_revisions(
    query: dict[str, Any], patient_id: UUID | None, list_name: MedicalList, entry_id: UUID
) -> Any:
    """List every revision of an entry"""
    found = medical_history.revisions(context(), patient_id, (list_name, entry_id), page_request(query))
    return page(found.items, found.next_position)
