"""The recall question of an infusion: the days until half of the last one's benefit was gone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import (
    etag_headers,
    expected_version,
    showing_version,
    version_tag,
    versioned,
    write_response,
)
from api.http.transaction import context
from schemas.half_benefit_recalls import HalfBenefitRecallSchema, NewHalfBenefitRecallSchema
from services import half_benefit_recalls
from services.access import CARE_TEAM, Part, Role
from services.half_benefit_recalls import RecallDraft

blueprint = Blueprint(
    "half_benefit_recalls",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/infusions/<uuid:infusion_id>/half-benefit-recall",
    description="Recalled days until half of the last infusion's benefit was gone",
)
EXAMPLE = {"recall_answer": "days", "recalled_days": 19, "answered_at": "2026-11-17T09:50:00-05:00"}


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, part=Part.CHECK_INS)
@also_answers("removed")
@showing_version
@blueprint.response(200, HalfBenefitRecallSchema)
def get_half_benefit_recall(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Get the answer to the recall question of an infusion"""
    stored = half_benefit_recalls.read(context(), patient_id, infusion_id)
    return stored, etag_headers(version_tag(stored.row.version))


@blueprint.route("", methods=["PUT"])
@allow(Role.PATIENT, *CARE_TEAM)
@versioned(HalfBenefitRecallSchema())
@blueprint.arguments(NewHalfBenefitRecallSchema, example=EXAMPLE)
@blueprint.response(200, HalfBenefitRecallSchema)
@blueprint.alt_response(
    201, schema=HalfBenefitRecallSchema, description="It was answered for the first time."
)
def put_half_benefit_recall(body: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Store or change the answer to the recall question of an infusion

    Optional: at the next infusion, booked or given, the patient says about how many days it took until half
    of the benefit of the last one was gone. Ask before a forecast or a date is shown. It is not asked during
    an induction. Idempotent; a change needs If-Match.
    """
    draft = RecallDraft(**body)
    stored = half_benefit_recalls.put(context(), patient_id, infusion_id, draft, expected_version())
    return write_response(stored, stored.value.row.version)


@blueprint.route("", methods=["DELETE"])
@allow(Role.PATIENT, Role.CLINICIAN)
@versioned(HalfBenefitRecallSchema())
@blueprint.response(204)
def delete_half_benefit_recall(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Remove the answer to the recall question of an infusion

    Nothing is erased: its revisions stay. Idempotent.
    """
    removed = half_benefit_recalls.remove(context(), patient_id, infusion_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))
