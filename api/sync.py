"""Offline synchronisation: push, changes, digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError

from api.http import clock, problems, safety_message
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, checks_storable_text
from api.http.pagination import read_cursor, write_cursor
from api.http.rate_limits import limited
from api.http.safety_intake import item_9
from api.http.safety_intake.daily_answer import reject_unrequested_answer, screens_safety_answers
from api.http.safety_intake.item_9 import screens_item_9
from api.http.strict_json import UNSTORABLE_DETAIL, unstorable
from api.http.transaction import by_transaction, context, own_transaction
from schemas.check_ins import CheckInSchema, NewCheckInSchema
from schemas.infusions import CLINIC_ONLY, InfusionSchema
from schemas.questionnaires.responses import NewQuestionnaireResponseSchema, QuestionnaireResponseSchema
from schemas.scores import ScoreSchema
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
from services.dates import NotBegun
from services.errors import Conflict, FieldError, Gone, Invalid, QuotaExceeded, ServiceError, Stale
from services.questionnaires import responses
from services.scores import listed_score

blueprint = Blueprint("sync", __name__, url_prefix="/v1/sync", description="Offline push, changes and digest")
EXAMPLE = {
    "operations": [
        {
            "op_id": "018f6a3e-54a1-7c1b-9a57-0f2c9d3e4b10",
            "type": "put_check_in",
            "local_date": "2026-11-21",
            "data": {
                "mood": 6,
                "anxiety": 3,
                "time_zone": "America/New_York",
                "recorded_at": "2026-11-21T21:14:05-05:00",
            },
        },
        {
            "op_id": "018f6a3e-54a2-7d20-8f11-5b6c7d8e9fa0",
            "type": "delete_check_in",
            "local_date": "2026-11-20",
            "base_version": 1,
        },
    ]
}
CHECK_IN = CheckInSchema()
CHANGED: Mapping[str, Schema] = {
    "check_in": CHECK_IN,
    "infusion": InfusionSchema(exclude=CLINIC_ONLY),
    "score": ScoreSchema(),
}
OPERATION, ANSWERS = OperationSchema(), NewCheckInSchema()
Operation = dict[str, Any] | Invalid
"""An operation with its draft, or why it cannot be read."""
FORM, NEW_FORM = QuestionnaireResponseSchema(), NewQuestionnaireResponseSchema()


@blueprint.route("/push", methods=["POST"])
@checks_storable_text
@allow(Role.PATIENT)
@screens_safety_answers()
@screens_item_9
@blueprint.arguments(PushSchema, example=EXAMPLE)
@blueprint.response(207, PushResultSchema)
def push_operations(body: dict[str, Any]) -> dict[str, Any]:
    """Send what a phone recorded offline

    Each operation is processed by itself, and the results come in the order sent: an invalid one is rejected
    with its problem, one whose day has not begun is deferred, one that changes another version is a conflict
    with the current one, and the rest are stored. Idempotent: an operation that was pushed before, by its
    op_id, is answered as it was the first time, for 30 days. Safety answers, and an item 9 of the PHQ-9 above
    "not at all", are stored and acted on first, whatever happens to the rest; show what safety holds before
    anything else. After a 5xx some operations may have been carried out: send the same again.
    """
    loaded = [(sent, _load_operation(sent)) for sent in body["operations"]]
    results: list[dict[str, Any]] = []
    for some in by_transaction(loaded):
        with own_transaction():
            results += _results(some)
    return {"results": results, "server_time": clock.now()}


@blueprint.route("/changes")
@allow(Role.PATIENT)
@also_answers("cursor_expired")
@blueprint.arguments(ChangesQuery, location="query")
@blueprint.response(200, ChangesSchema)
def list_changes(query: dict[str, Any]) -> dict[str, Any]:
    """List changes since a cursor

    Each check-in, infusion and questionnaire total that changed, once and in its current version, in the
    order of the last change; without a cursor, everything. 410 means: start again without one.
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
@limited()
@blueprint.arguments(DigestQuery, location="query")
@blueprint.response(200, DigestSchema)
def get_digest(query: dict[str, Any]) -> dict[str, Any]:
    """Count and hash the stored days month by month

    A phone that does the same over its own copy proves that nothing is lost and nothing stored twice.
    """
    months = sync.digest(context(), None, query["first"], query["last"])
    return {"months": months, "count": sum(month.count for month in months)}


def _results(loaded: Sequence[tuple[Any, Operation]]) -> list[dict[str, Any]]:
    """Carry out operations in one transaction, each with its result, so that none is carried out twice."""
    op_ids = [operation["op_id"] for _, operation in loaded if not isinstance(operation, Invalid)]
    push_results = sync.PushResults(context(), op_ids)
    return [_result(push_results, sent, operation) for sent, operation in loaded]


def _result(push_results: sync.PushResults, sent: Any, operation: Operation) -> dict[str, Any]:
    """Return the result of an operation: that of the first time, where it was pushed before."""
    repeated = {} if (op_id := _op_id(sent)) is None else {"op_id": op_id}
    if isinstance(operation, Invalid):
        return repeated | _problem_result(operation, "rejected") | _store_item_9(sent)
    key, version = _key(operation), operation.get("base_version")
    content_hash = sync.content_hash(key, operation["draft"], version)
    try:
        result = push_results.find(operation["op_id"], content_hash)
    except Conflict as error:
        return repeated | _problem_result(error, "rejected") | _store_item_9(sent)
    if result is not None:
        return repeated | _with_current(push_results, key, result)
    result = _form_result(operation) if operation["type"] == PUT_FORM else _check_in_result(operation)
    if "problem" in result:
        result |= _store_item_9(sent)
    if _is_final(version, result):
        # What a conflict shows is read again by its version: answers are stored in one place only.
        shown: dict[str, Any] = {name: None for name in ("current", "current_form") if name in result}
        push_results.store(operation["op_id"], content_hash, {**result, **shown})
    return repeated | result


def _is_final(base_version: int | None, result: dict[str, Any]) -> bool:
    """Return whether the result of an operation is stored, to be returned when it is sent again.

    Not stored: 422, since the operation may become valid, as when its day begins; 429, since a quota is
    counted anew the next day; and a problem with a
    `base_version` that does not exist yet, since the operation that creates it may still arrive.
    """
    if result["http_status"] in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS}:
        return False
    is_early = (base_version or 0) > result.get("version", 0)
    return not ("problem" in result and is_early)


def _op_id(sent: Any) -> str | None:
    """Return the key of an operation as it was sent, in its case; None for what is no UUID."""
    op_id = sent.get("op_id") if isinstance(sent, dict) else None
    try:
        UUID(op_id)
    except (ValueError, AttributeError, TypeError):
        return None
    return str(op_id)


def _key(operation: dict[str, Any]) -> date | UUID:
    key: date | UUID = operation["id" if operation["type"] == PUT_FORM else "local_date"]
    return key


def _store_item_9(sent: Any) -> dict[str, Any]:
    """Store the item 9 of a refused form, of several the most severe; return the members that say so."""
    return item_9.store_alone(None, item_9.find_item_9_answers(sent), 1)


def _with_current(push_results: sync.PushResults, key: date | UUID, result: dict[str, Any]) -> dict[str, Any]:
    """Return a stored result with the current record that a conflict showed."""
    schemas = {"current": CHECK_IN, "current_form": FORM}
    return {
        name: schemas[name].dump(push_results.revision(key, result["version"])) if name in schemas else value
        for name, value in result.items()
    }


def _check_in_result(operation: dict[str, Any]) -> dict[str, Any]:
    try:
        return _write_check_in(operation)
    except ServiceError as error:
        current = getattr(error, "current", None)
        shown = {} if current is None else {"current": CHECK_IN.dump(current)}
        return _problem_result(error, _status(error)) | shown


def _status(error: ServiceError) -> str:
    """Return whether an operation clashes, can be accepted later, or never."""
    if isinstance(error, (Stale, Gone)):
        return "conflict"
    return "deferred" if isinstance(error, (NotBegun, QuotaExceeded)) else "rejected"


def _write_check_in(operation: dict[str, Any]) -> dict[str, Any]:
    if "data" in operation:
        reject_unrequested_answer(operation["data"], "/data")
    version = operation.get("base_version")
    write = sync.put_or_remove_check_in(context(), operation["local_date"], operation["draft"], version)
    return {
        "status": str(write.outcome),
        "http_status": 201 if write.created else 200,
        "record_id": str(write.value.local_date),
        "version": write.value.version,
        "change_seq": write.value.change_seq,
    }


def _form_result(operation: dict[str, Any]) -> dict[str, Any]:
    try:
        write = _write_form(operation)
    except ServiceError as error:
        current = getattr(error, "current", None)
        shown = {} if current is None else {"current_form": FORM.dump(current)}
        return _problem_result(error, _status(error)) | shown
    result: dict[str, Any] = {
        "status": str(write.outcome),
        "http_status": 201 if write.created else 200,
        "record_id": str(write.response.id),
        "version": write.response.version,
        "change_seq": write.response.change_seq,
    }
    return result if write.safety is None else result | {"safety": safety_message.SCHEMA.dump(write.safety)}


def _write_form(operation: dict[str, Any]) -> responses.FormResult:
    version = operation.get("base_version")
    try:
        return sync.put_form(context(), operation["id"], operation["draft"], version)
    except (Invalid, Conflict) as error:
        within = [replace(each, pointer=f"/form{each.pointer}") for each in error.errors]
        raise type(error)(*within) from None


def _load_operation(sent: Any) -> Operation:
    """Return an operation with its draft, None where it removes a day; Invalid where it cannot be read."""
    if (pointer := unstorable(sent)) is not None:
        return Invalid(FieldError(pointer, "unstorable_text", UNSTORABLE_DETAIL))
    try:
        operation: dict[str, Any] = OPERATION.load(sent)
    except ValidationError as error:
        return Invalid(*problems.schema_errors(error.messages))
    if operation["type"] == "delete_check_in":
        return operation | {"draft": None}
    member, schema = ("form", NEW_FORM) if operation["type"] == PUT_FORM else ("data", ANSWERS)
    try:
        return operation | {"draft": schema.load(operation[member])}
    except ValidationError as error:
        return Invalid(*problems.schema_errors({member: error.messages}))


def _problem_result(error: ServiceError, status: str) -> dict[str, Any]:
    problem = problems.service_error_document(error)
    problem["detail"] = problem["detail"].replace("If-Match", "base_version")
    result = {"status": status, "http_status": problem["status"], "problem": problem}
    return result | {"version": error.version} if isinstance(error, (Stale, Gone)) else result


def _change(change: sync.Change) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": change.type,
        "record_id": change.id,
        "version": change.row.version,
        "change_seq": change.row.change_seq,
        "deleted": change.removed,
    }
    if change.removed:
        return body
    shown = listed_score(change.row) if change.type == "score" else change.row
    return body | {"data": CHANGED[change.type].dump(shown)}
