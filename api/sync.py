"""Offline synchronisation: push, changes, digest."""

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

    Each operation is processed by itself, and the results come in the order sent: an invalid one is rejected
    with its problem, one that changes another version is a conflict with the current one, and the rest are
    stored. Safety answers, and an item 9 of the PHQ-9 above "not at all", are stored and acted on first,
    whatever happens to the rest; show what safety holds before anything else.
    """
    results = [_result(operation) for operation in body["operations"]]
    return {"results": results, "server_time": clock.now()}


@blueprint.route("/changes")
@allow(Role.PATIENT)
@also_answers("cursor_expired")
@blueprint.arguments(ChangesQuery, location="query")
@blueprint.response(200, ChangesSchema)
def list_changes(query: dict[str, Any]) -> dict[str, Any]:
    """List changes since a cursor

    Each check-in and infusion that changed, once and in its current version, in the order of the last change;
    without a cursor, everything. 410 means: start again without one.
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


def _result(sent: Any) -> dict[str, Any]:
    op_id = sent.get("op_id") if isinstance(sent, dict) else None
    named = {"op_id": op_id} if isinstance(op_id, str) and len(op_id) <= 64 else {}
    if isinstance(sent, dict) and (sent.get("type") == PUT_FORM or "form" in sent):
        result = _form_result(sent)
    else:
        result = _check_in_result(sent)
    stored = item_9.store_alone(None, item_9.find_item_9_answers(sent)) if "problem" in result else {}
    return named | result | stored


def _check_in_result(sent: Any) -> dict[str, Any]:
    try:
        return _write_check_in(sent)
    except Stale as error:
        current = {} if error.current is None else {"current": CHECK_IN.dump(error.current)}
        return _problem_result(error, "conflict") | {"version": error.version} | current
    except Gone as error:
        return _problem_result(error, "conflict") | {"version": error.version}
    except ServiceError as error:
        return _problem_result(error, "rejected")


def _write_check_in(sent: Any) -> dict[str, Any]:
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


def _form_result(sent: dict[str, Any]) -> dict[str, Any]:
    try:
        stored = _write_form(sent)
    except ServiceError as error:
        refused = _problem_result(error, "conflict" if isinstance(error, (Stale, Gone)) else "rejected")
        if isinstance(error, (Stale, Gone)):
            refused["version"] = error.version
        if isinstance(error, Stale) and error.current is not None:
            refused["current_form"] = FORM.dump(error.current)
        return refused
    result: dict[str, Any] = {
        "status": str(stored.outcome),
        "http_status": 201 if stored.created else 200,
        "record_id": str(stored.response.id),
        "version": stored.response.version,
        "change_seq": stored.response.change_seq,
    }
    return result if stored.safety is None else result | {"safety": stored.safety}


def _write_form(sent: dict[str, Any]) -> responses.FormResult:
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
    except (Invalid, Conflict) as error:
        within = [replace(each, pointer=f"/form{each.pointer}") for each in error.errors]
        raise type(error)(*within) from None


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


def _problem_result(error: ServiceError, status: str) -> dict[str, Any]:
    problem = problems.service_error_document(error)
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
