"""The mood some hours after an infusion."""

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
from schemas.post_infusion_moods import NewPostInfusionMoodSchema, PostInfusionMoodSchema
from services import post_infusion_moods
from services.access import CARE_TEAM, Part, Role
from services.post_infusion_moods import MoodDraft

blueprint = Blueprint(
    "post_infusion_moods",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/infusions/<uuid:infusion_id>/post-infusion-mood",
    description="Mood some hours after an infusion",
)
EXAMPLE = {"mood": 7, "recorded_at": "2026-11-17T14:30:00-05:00"}


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, part=Part.CHECK_INS)
@also_answers("removed")
@showing_version
@blueprint.response(200, PostInfusionMoodSchema)
def get_post_infusion_mood(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Get the mood some hours after an infusion"""
    stored = post_infusion_moods.read(context(), patient_id, infusion_id)
    return stored, etag_headers(version_tag(stored.row.version))


@blueprint.route("", methods=["PUT"])
@allow(Role.PATIENT, *CARE_TEAM)
@versioned(PostInfusionMoodSchema())
@blueprint.arguments(NewPostInfusionMoodSchema, example=EXAMPLE)
@blueprint.response(200, PostInfusionMoodSchema)
@blueprint.alt_response(201, schema=PostInfusionMoodSchema, description="It was answered for the first time.")
def put_post_infusion_mood(body: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Store or change the mood some hours after an infusion

    Optional: a second answer of the infusion's day, in addition to the daily check-in, on the same scale. It
    shows in the response curve what changed within hours; the outlook does not use it. Idempotent; a change
    needs If-Match.
    """
    draft = MoodDraft(**body)
    stored = post_infusion_moods.put(context(), patient_id, infusion_id, draft, expected_version())
    return write_response(stored, stored.value.row.version)


@blueprint.route("", methods=["DELETE"])
@allow(Role.PATIENT, Role.CLINICIAN)
@versioned(PostInfusionMoodSchema())
@blueprint.response(204)
def delete_post_infusion_mood(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Remove the mood some hours after an infusion

    Nothing is erased: its revisions stay. Idempotent.
    """
    removed = post_infusion_moods.remove(context(), patient_id, infusion_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))
