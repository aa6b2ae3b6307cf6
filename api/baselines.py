"""A patient's clinician-rated baseline."""

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
from api.http.transaction import context
from clinical.baseline import AssessedBaseline
from schemas.baselines import BaselineSchema, NewBaselineSchema
from services import baselines
from services.access import CARE_TEAM, Role, Scope

blueprint = Blueprint(
    "baselines",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/baseline",
    description="Clinician-rated baselines",
)


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.TRENDS_READ)
@also_answers("removed")
@revalidated
@blueprint.response(200, BaselineSchema)
def get_baseline(patient_id: UUID | None) -> Any:
    """Get a patient's clinician-rated baseline"""
    baseline = baselines.read(context(), patient_id)
    tag = version_tag(baseline.version)
    return not_modified(tag) or (baseline, etag_headers(tag))


@blueprint.route("", methods=["PUT"])
@allow(Role.CLINICIAN)
@versioned(BaselineSchema())
@blueprint.arguments(NewBaselineSchema, example={"assessed_on": "2026-09-01", "mood": 3, "anxiety": 7})
@blueprint.response(200, BaselineSchema)
@blueprint.alt_response(201, schema=BaselineSchema, description="It was recorded for the first time.")
def put_baseline(draft: AssessedBaseline, patient_id: UUID | None) -> Any:
    """Store or change a patient's clinician-rated baseline

    It replaces check-ins of those weeks. Idempotent; a correction needs If-Match.
    """
    return write_response(baselines.put(context(), patient_id, draft, expected_version()))


@blueprint.route("", methods=["DELETE"])
@allow(Role.CLINICIAN)
@versioned(BaselineSchema())
@blueprint.response(204)
def delete_baseline(patient_id: UUID | None) -> Any:
    """Remove a clinician-rated baseline

    Nothing is erased: its revisions stay. Idempotent.
    """
    removed = baselines.remove(context(), patient_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))
