"""What a team does with a patient on the worklist: take, hand over, snooze, mark as handled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import etag_headers, expected_version, showing_version, version_tag, versioned
from api.http.transaction import context
from schemas.worklist_entries import NewWorklistEntrySchema, WorklistEntrySchema
from services import worklist_entries
from services.access import CARE_TEAM
from services.worklist_entries import EntryDraft

blueprint = Blueprint(
    "worklist_entries",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/worklist-entry",
    description="What the team does with a patient on the worklist",
)
EXAMPLE = {
    "state": "snoozed",
    "snoozed_until_on": "2026-11-30",
    "reason": "Called; will say on Monday which day suits.",
    "assignee_id": "0c0d7d4a-4f5e-4d7c-9a51-2f3f2b6f9c10",
    "outlook_id": "s151-2-wear-off-4-20261122",
}


@blueprint.route("")
@allow(*CARE_TEAM)
@showing_version
@blueprint.response(200, WorklistEntrySchema)
def get_worklist_entry(patient_id: UUID | None) -> Any:
    """Get what the team has done with a patient on the worklist

    As it was stored; a row of the list states whether the patient is hidden or on the list again.
    """
    entry = worklist_entries.read(context(), patient_id)
    # Never 304: names may change without the version.
    return entry, etag_headers(version_tag(entry.version))


@blueprint.route("", methods=["PUT"])
@allow(*CARE_TEAM)
@also_answers("superseded", "alert_open")
@versioned(WorklistEntrySchema())
@blueprint.arguments(NewWorklistEntrySchema, example=EXAMPLE)
@blueprint.response(200, WorklistEntrySchema)
def put_worklist_entry(body: dict[str, Any], patient_id: UUID | None) -> Any:
    """Take a patient, hand them over, snooze them or mark them as handled

    Idempotent. Changing an entry needs If-Match: of two who take a patient at once, the second one gets 428
    or 412, and `current` names who has taken them. A handled patient is on the list again once the reasons
    for attention change, a snoozed one on the day or once the urgency rises, either of them with a safety
    alert.
    """
    body = dict(body)
    outlook_id, assignee_id = body.pop("outlook_id", None), body.pop("assignee_id", None)
    draft = EntryDraft(**body, assigned_to=assignee_id)
    stored = worklist_entries.put(context(), patient_id, draft, outlook_id, expected_version()).value
    return stored, etag_headers(version_tag(stored.version))
