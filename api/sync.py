"""The phone's push and pull."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from api.http import clock, problems
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.pagination import read_cursor, write_cursor
from api.http.safety_intake import item_9
from api.http.safety_intake.daily_answer import reject_unrequested_answer, screens_safety_answers
from api.http.safety_intake.item_9 import screens_item_9
from api.http.transaction import context
from clinical.check_in import CheckInDraft
from schemas.check_ins import CheckInSchema, NewCheckInSchema
from schemas.infusions import InfusionSchema
from schemas.questionnaires.responses import NewQuestionnaireResponseSchema, QuestionnaireResponseSchema
from schemas.sync import (
    PUT_FORM,
    ChangesQuery,
    ChangesSchema,
    DigestQuery,
    DigestSchema,
    OperationSchema,
    PushResultSchema,
    PushSchema,
)
from services import sync
from services.access import Role
from services.errors import Conflict, Gone, Invalid, ServiceError, Stale
from services.questionnaires import responses

blueprint = Blueprint("sync", __name__, url_prefix="/v1/sync", description="Offline push, changes and digest")
EXAMPLE = {
    "operations": [
        {
            "op_id": "1",
            "type": "put_check_in",
            "local_date": "2026-11-21",
            "data": {
                "mood": 6,
                "anxiety": 3,
                "time_zone": "America/New_York",
                "recorded_at": "2026-11-21T21:14:05-05:00",
            },
        },
        {"op_id": "2", "type": "delete_check_in", "local_date": "2026-11-20", "base_version": 1},
    ]
}
CHECK_IN, INFUSION = CheckInSchema(), InfusionSchema()
OPERATION, ANSWERS = OperationSchema(), NewCheckInSchema()
FORM, NEW_FORM = QuestionnaireResponseSchema(), NewQuestionnaireResponseSchema()


@blueprint.route("/push", methods=["POST"])
@allow(Role.PATIENT)
@screens_safety_answers()
@screens_item_9
@blueprint.arguments(PushSchema, example=EXAMPLE)
@blueprint.response(207, PushResultSchema)
def push_operations(body: dict[str, Any]) -> dict[str, Any]:
    """Send what a phone recorded offline

    Each operation is judged alone and answered in the order sent: one that cannot be accepted comes back as
    rejected with its problem, one that clashes as conflict with what stands now, and the rest are stored.
    An item 9 of the PHQ-9 above "not at all" is kept and acted on whatever else is wrong with its form.
    Safety answers are kept and acted on first, whatever becomes of the rest; show what safety holds before
    anything else.
    """
    results = [_judged(operation) for operation in body["operations"]]
    return {"results": results, "server_time": clock.now()}


@blueprint.route("/changes")
@allow(Role.PATIENT)
@also_answers("cursor_expired")
@blueprint.arguments(ChangesQuery, location="query")
@blueprint.response(200, ChangesSchema)
def list_changes(query: dict[str, Any]) -> dict[str, Any]:
    """List changes since a cursor

    Each check-in and infusion that stands differently, once and as it now stands, in the order of the last
    change; without a cursor, everything. 410 means: start again without one.
    """
    since = read_cursor(query["cursor"]) or 0
    found = sync.changes(context(), None, since, query["limit"])
    return {
        "changes": [_change(change) for change in found.changes],
        "next_cursor": write_cursor(found.next_seq),
        "has_more": found.has_more,
        "server_time": clock.now(),
    }


@blueprint.route("/digest")
@allow(Role.PATIENT)
@blueprint.arguments(DigestQuery, location="query")
@blueprint.response(200, DigestSchema)
def get_digest(query: dict[str, Any]) -> dict[str, Any]:
    """Count and hash the stored days month by month

    A phone that does the same over its own copy proves that nothing is lost and nothing stored twice.
    """
    months = sync.digest(context(), None, query["first"], query["last"])
    return {"months": months, "count": sum(month.count for month in months)}


def _judged(sent: Any) -> dict[str, Any]:
    op_id = sent.get("op_id") if isinstance(sent, dict) else None
    named = {"op_id": op_id} if isinstance(op_id, str) and len(op_id) <= 64 else {}
    if isinstance(sent, dict) and (sent.get("type") == PUT_FORM or "form" in sent):
        answered = _form_judged(sent)
    else:
        answered = _check_in_judged(sent)
    kept = item_9.store_alone(None, item_9.find_item_9_answers(sent)) if "problem" in answered else {}
    return named | answered | kept


def _check_in_judged(sent: Any) -> dict[str, Any]:
    try:
        return _carried_out(sent)
    except Stale as refusal:
        current = {} if refusal.current is None else {"current": CHECK_IN.dump(refusal.current)}
        return _refused(refusal, "conflict") | {"version": refusal.version} | current
    except Gone as refusal:
        return _refused(refusal, "conflict") | {"version": refusal.version}
    except ServiceError as refusal:
        return _refused(refusal, "rejected")


def _carried_out(sent: Any) -> dict[str, Any]:
    operation, draft = _read(sent)
    base_version = operation.get("base_version")
    stored = sync.put_or_remove_check_in(context(), operation["local_date"], draft, base_version)
    return {
        "status": str(stored.outcome),
        "http_status": 201 if stored.created else 200,
        "record_id": str(stored.value.local_date),
        "version": stored.value.version,
        "change_seq": stored.value.change_seq,
    }


def _form_judged(sent: dict[str, Any]) -> dict[str, Any]:
    try:
        kept = _form_carried_out(sent)
    except ServiceError as refusal:
        refused = _refused(refusal, "conflict" if isinstance(refusal, (Stale, Gone)) else "rejected")
        if isinstance(refusal, (Stale, Gone)):
            refused["version"] = refusal.version
        if isinstance(refusal, Stale) and refusal.current is not None:
            refused["current_form"] = FORM.dump(refusal.current)
        return refused
    told: dict[str, Any] = {
        "status": str(kept.outcome),
        "http_status": 201 if kept.created else 200,
        "record_id": str(kept.response.id),
        "version": kept.response.version,
        "change_seq": kept.response.change_seq,
    }
    return told if kept.safety is None else told | {"safety": kept.safety}


def _form_carried_out(sent: dict[str, Any]) -> responses.FormResult:
    try:
        operation: dict[str, Any] = OPERATION.load(sent)
    except ValidationError as error:
        raise Invalid(*problems.schema_errors(error.messages)) from None
    try:
        draft = NEW_FORM.load(operation["form"])
    except ValidationError as error:
        raise Invalid(*problems.schema_errors({"form": error.messages})) from None
    version = operation.get("base_version")
    try:
        return sync.put_form(context(), operation["id"], draft, version)
    except (Invalid, Conflict) as refusal:
        within = [replace(error, pointer=f"/form{error.pointer}") for error in refusal.errors]
        raise type(refusal)(*within) from None


def _read(sent: Any) -> tuple[dict[str, Any], CheckInDraft | None]:
    try:
        operation: dict[str, Any] = OPERATION.load(sent)
    except ValidationError as error:
        raise Invalid(*problems.schema_errors(error.messages)) from None
    if operation["type"] == "delete_check_in":
        return operation, None
    reject_unrequested_answer(operation["data"], "/data")
    try:
        return operation, ANSWERS.load(operation["data"])
    except ValidationError as error:
        raise Invalid(*problems.schema_errors({"data": error.messages})) from None


def _refused(refusal: ServiceError, status: str) -> dict[str, Any]:
    problem = problems.service_error_document(refusal)
    return {"status": status, "http_status": problem["status"], "problem": problem}


def _change(change: sync.Change) -> dict[str, Any]:
    schema = CHECK_IN if change.type == "check_in" else INFUSION
    body: dict[str, Any] = {
        "type": change.type,
        "record_id": change.id,
        "version": change.row.version,
        "change_seq": change.row.change_seq,
        "deleted": change.row.removed,
    }
    return body if change.row.removed else body | {"data": schema.dump(change.row)}
