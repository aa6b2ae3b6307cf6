"""Every error as an RFC 9457 problem document, errors of the libraries included."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, SecurityError

from api.http import safety_message
from api.http.strict_json import UNSTORABLE, InvalidJson
from clinical.sentences import NOTHING, Sentence, after_code
from clinical.translations import ENGLISH, translated
from schemas.base import response_language
from services import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2
RETRY_AFTER_FULL_S = 60
"""When to send again what found the disk full, seconds: somebody has to make space first. Operational."""
MAX_ERRORS = 100
"""Most errors that one problem names; a body may have thousands of unknown members. Operational."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One type of problem: its status, its title, and the detail where no exception has one of its own."""

    status: int
    title: Sentence
    detail: Sentence = NOTHING


# docs/errors.md has a heading for each, with what to do about it; a test compares the two.
PROBLEM_TYPES: Mapping[str, ProblemType] = {
    "not_json": ProblemType(400, Sentence("The body is not JSON")),
    "token_refused": ProblemType(400, Sentence("The token request was refused")),
    "bad_request": ProblemType(
        400,
        Sentence("The request cannot be read"),
        Sentence("The request is not valid HTTP: check the client."),
    ),
    "cursor_mismatch": ProblemType(400, Sentence("The cursor belongs to another query")),
    "unauthenticated": ProblemType(401, Sentence("The access token is missing or invalid")),
    "account_disabled": ProblemType(401, Sentence("The account is disabled")),
    "second_factor_required": ProblemType(401, Sentence("A code of the second factor is required")),
    "wrong_second_factor": ProblemType(401, Sentence("The code of the second factor does not fit")),
    "wrong_credentials": ProblemType(401, Sentence("The credentials do not match")),
    "forbidden": ProblemType(403, Sentence("Another role is required")),
    "second_factor_missing": ProblemType(403, Sentence("A second factor has to be set up first")),
    "insufficient_scope": ProblemType(403, Sentence("Another scope is required")),
    "not_found": ProblemType(
        404,
        Sentence("Not found"),
        Sentence("This address does not exist. Check its path, and the ids in it."),
    ),
    "no_report_yet": ProblemType(404, Sentence("There is no report yet")),
    "method_not_allowed": ProblemType(
        405,
        Sentence("The method is not allowed here"),
        Sentence("This address has no such method: the header Allow lists the others."),
    ),
    "not_acceptable": ProblemType(406, Sentence("The media type is not available")),
    "conflict": ProblemType(409, Sentence("It conflicts with stored data")),
    "superseded": ProblemType(409, Sentence("The outlook has changed")),
    "nothing_shown": ProblemType(409, Sentence("No forecast is shown here")),
    "already_acknowledged": ProblemType(409, Sentence("The alert was acknowledged already")),
    "already_closed": ProblemType(409, Sentence("The alert was closed already")),
    "alert_open": ProblemType(409, Sentence("A safety alert is open")),
    "not_cleared": ProblemType(409, Sentence("The consultation does not clear this infusion")),
    "outside_maintenance": ProblemType(409, Sentence("The patient is not in maintenance")),
    "no_mail": ProblemType(409, Sentence("This server sends no e-mail")),
    "removed": ProblemType(410, Sentence("It was removed")),
    "invitation_spent": ProblemType(410, Sentence("The invitation is no longer valid")),
    "reset_spent": ProblemType(410, Sentence("The code is no longer valid")),
    "cursor_expired": ProblemType(410, Sentence("The cursor has expired")),
    "stale": ProblemType(412, Sentence("It changed since you read it")),
    "body_too_large": ProblemType(
        413,
        Sentence("The body is too large"),
        Sentence("A body may have 64 KiB at most: send less in one request."),
    ),
    "not_a_json_request": ProblemType(415, Sentence("The body must be JSON")),
    "not_a_csv_request": ProblemType(415, Sentence("The body must be CSV")),
    "not_a_form_request": ProblemType(415, Sentence("The body must be a form")),
    "invalid": ProblemType(422, Sentence("Something sent is invalid")),
    "version_required": ProblemType(428, Sentence("The version to change is required")),
    "too_many_attempts": ProblemType(429, Sentence("Too many attempts")),
    "rate_limited": ProblemType(429, Sentence("Too many reads in a minute")),
    "quota_exceeded": ProblemType(429, Sentence("Too much was stored in a day")),
    "internal": ProblemType(
        500,
        Sentence("The server failed"),
        Sentence("The server failed. Send the request again later; quote request_id when you ask for help."),
    ),
    "busy": ProblemType(503, Sentence("The database is busy")),
    "storage_full": ProblemType(503, Sentence("The server's disk is full")),
    "http_error": ProblemType(
        400, Sentence("The request failed"), Sentence("The request failed: status says how.")
    ),
}
BY_STATUS = {400: "bad_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found"} | {
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "not_a_json_request",
    422: "invalid",
}

OAUTH_VIEW = "tokens.create_token"
# RFC 6749, section 5.2, answers 400 to these, and 401 only where a client could not be authenticated.
OAUTH_REFUSALS = frozenset({"invalid", "unauthenticated", "insufficient_scope"})
OAUTH_ERRORS = {
    "wrong_credentials": "invalid_client",
    "unauthenticated": "invalid_grant",
    "account_disabled": "invalid_grant",
    "insufficient_scope": "invalid_scope",
    "busy": "temporarily_unavailable",
    "storage_full": "temporarily_unavailable",
    "internal": "server_error",
}

NOT_OUR_HOST = Sentence(
    "This server does not serve that host name; its operator lists host names in ALLOWED_HOSTS."
)

log = structlog.get_logger("afterglow")


def problem(
    code: str,
    detail: str,
    *,
    status: int | None = None,
    headers: Iterable[tuple[str, str]] = (),
    found: Iterable[errors.FieldError] = (),
    **members: Any,
) -> Response:
    """Return a problem response; `found` names the fields at fault, `members` are added to the document."""
    found = list(found)
    if request.endpoint == OAUTH_VIEW:
        members["error"] = _oauth_error(code, found)
        if code in OAUTH_REFUSALS:
            code, status = "token_refused", None
        elif code == "account_disabled":
            status = HTTPStatus.BAD_REQUEST
    problem_type = PROBLEM_TYPES[code]
    body = safety_message.member() | problem_document(code, detail, status=status, found=found) | members
    response = current_app.response_class(current_app.json.dumps(body), status or problem_type.status)
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers:
        response.headers[name] = value
    response.content_type = MEDIA_TYPE
    return response


def _oauth_error(code: str, found: Iterable[errors.FieldError]) -> str:
    """Return the error code of RFC 6749, section 5.2."""
    if ("/grant_type", "unsupported") in {(error.pointer, error.code) for error in found}:
        return "unsupported_grant_type"
    return OAUTH_ERRORS.get(code, "invalid_request")


def problem_document(
    code: str, detail: str, *, status: int | None = None, found: Iterable[errors.FieldError] = ()
) -> dict[str, Any]:
    """Return a problem document, as a response has it and the results of a push contain it."""
    problem_type, language = PROBLEM_TYPES[code], _language()
    documents = [_error_document(error, language) for error in islice(found, MAX_ERRORS)]
    return {
        "type": f"/problems/{code}",
        "title": translated(problem_type.title, language),
        "status": status or problem_type.status,
        "detail": translated(detail, language),
        "code": code,
        "request_id": g.get("request_id", ""),
    } | ({"errors": documents} if documents else {})


def service_error_document(error: errors.ServiceError) -> dict[str, Any]:
    """Return the problem document of an error."""
    return problem_document(error.code, error.detail, found=getattr(error, "errors", ()))


def _language() -> str:
    """Return the language of a problem: the one asked for, which needs no database; OAuth has English."""
    if request.endpoint == OAUTH_VIEW:
        return ENGLISH
    language = response_language()
    language.used = True
    return language.asked or ENGLISH


def _error_document(error: errors.FieldError, language: str) -> dict[str, str]:
    place = "pointer" if error.place == "body" else error.place
    name = f"#{error.pointer}" if error.place == "body" else error.pointer
    detail = translated(error.detail, language)
    named = {place: UNSTORABLE.sub("\ufffd", name[:200]), "code": error.code, "detail": detail}
    return named if error.expected_on is None else named | {"expected_on": error.expected_on.isoformat()}


def install(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(errors.ServiceError, _service_error_response)
    app.register_error_handler(InvalidJson, _invalid_json_response)
    app.register_error_handler(Exception, _internal_error_response)
    app.register_error_handler(HTTPException, http_error_response)


def response_without_rollback(
    error: errors.ServiceError | InvalidJson | HTTPException, members: Mapping[str, Any]
) -> Response:
    """Return an error's problem where part of what was sent is stored all the same.

    The view returns it instead of raising, so that the transaction commits.
    """
    if isinstance(error, errors.ServiceError):
        response = _service_error_response(error)
    else:
        response = (
            _invalid_json_response(error) if isinstance(error, InvalidJson) else http_error_response(error)
        )
    response.set_data(current_app.json.dumps(response.get_json() | dict(members)))
    return response


def _service_error_response(error: errors.ServiceError) -> Response:
    headers: list[tuple[str, str]] = []
    members: dict[str, Any] = dict(error.members)
    retry_after: int | None = getattr(error, "retry_after", None)
    if retry_after is not None:
        headers.append(("Retry-After", str(retry_after)))
    if isinstance(error, errors.Busy):
        full = isinstance(error, errors.StorageFull)
        headers.append(("Retry-After", str(RETRY_AFTER_FULL_S if full else RETRY_AFTER_S)))
    if challenge := _challenge(error):
        headers.append(("WWW-Authenticate", challenge))
    version = getattr(error, "version", None)
    if version is not None:
        headers.append(("ETag", f'"v{version}"'))
        members["version"] = version
    if isinstance(error, errors.Stale) and error.current is not None:
        members["current"] = error.current
    return problem(error.code, error.detail, headers=headers, found=getattr(error, "errors", ()), **members)


def _challenge(error: errors.ServiceError) -> str | None:
    """Return the WWW-Authenticate header; it names an error only where a bearer token came (RFC 6750)."""
    if isinstance(error, errors.InsufficientScope):
        return f'Bearer realm="afterglow", error="insufficient_scope", scope="{error.scope}"'
    if PROBLEM_TYPES[error.code].status != HTTPStatus.UNAUTHORIZED:
        return None
    if request.endpoint == OAUTH_VIEW:
        return 'Basic realm="afterglow"' if error.code == "wrong_credentials" else None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    sent = isinstance(error, errors.Unauthenticated) and scheme.lower() == "bearer" and token
    return 'Bearer realm="afterglow"' + (', error="invalid_token"' if sent else "")


def _invalid_json_response(error: InvalidJson) -> Response:
    found = [errors.FieldError(error.pointer, error.code, error.detail)]
    code = "not_json" if error.code == "not_json" else "invalid"
    status = 400 if error.code in {"too_deep", "too_many_values"} else None
    return problem(code, error.detail, found=found, status=status)


def http_error_response(error: HTTPException) -> Response:
    """Return an HTTP error of Flask, Werkzeug or a library as a problem with the error's headers."""
    headers = [
        (name, value)
        for name, value in error.get_headers(request.environ)
        if name.lower() not in ("content-type", "content-length")
    ]
    status = error.code or 500
    if error.response is not None and status < 400:
        return current_app.make_response(error.response)
    code = BY_STATUS.get(status, "internal" if status >= 500 else "http_error")
    found = list(_validation_errors(getattr(error, "data", {}).get("messages") or {}))
    detail = errors.Invalid.detail if found else PROBLEM_TYPES[code].detail or f"{PROBLEM_TYPES[code].title}."
    if isinstance(error, SecurityError):
        detail = NOT_OUR_HOST
    return problem(code, detail, status=status, headers=headers, found=found)


PLACES = {"json": "body", "form": "body", "query": "parameter", "headers": "header", "path": "parameter"}

# marshmallow's sentences, each with our code and a sentence that says what to send. Our own fields and
# validators send "code: Sentence."; a test finds those that do neither.
SENTENCES = {
    "Missing data for required field.": ("required", Sentence("This is required: send a value.")),
    "Unknown field.": (
        "unknown_field",
        Sentence("This name is not known here: check its spelling, or leave it out."),
    ),
    "Field may not be null.": ("null", Sentence("null is not accepted: send a value, or leave it out.")),
    "Invalid type.": ("wrong_type", Sentence("Send a JSON object, in curly brackets.")),
    "Invalid input type.": ("wrong_type", Sentence("Send a JSON object, in curly brackets.")),
    "Not a valid string.": ("not_text", Sentence("Send text, in double quotes.")),
    "Not a valid utf-8 string.": ("not_text", Sentence("Send text in UTF-8.")),
    "Not a valid list.": ("not_a_list", Sentence("Send a list, in square brackets.")),
    "Not a valid mapping type.": ("wrong_type", Sentence("Send a JSON object, in curly brackets.")),
    "Not a valid boolean.": ("not_a_boolean", Sentence("Send true or false, without quotes.")),
    "Not a valid integer.": ("not_whole", Sentence("Send a whole number, without quotes.")),
    "Not a valid number.": ("not_a_number", Sentence("Send a number, without quotes.")),
    "Not a valid UUID.": ("not_a_uuid", Sentence("Send a UUID, as 6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11.")),
    "Not a valid date.": ("not_a_date", Sentence("Send a calendar day, as 2026-11-21.")),
    "Not a valid datetime.": (
        "not_an_instant",
        Sentence("Send a time with its offset, as 2026-11-21T21:14:05-05:00."),
    ),
    "Not a valid aware datetime.": (
        "no_offset",
        Sentence("Add the offset from UTC, as in 2026-11-21T21:14:05-05:00."),
    ),
}


def _validation_errors(messages: Mapping[str, Any]) -> Iterable[errors.FieldError]:
    for location, found in messages.items():
        place = PLACES.get(location, "body")
        for path, sentence in _messages_with_paths(found, ()):
            pointer = "".join(f"/{_escaped(part)}" for part in path) if place == "body" else ".".join(path)
            yield field_error(pointer, sentence, place)


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def field_error(pointer: str, sentence: str, place: str = "body") -> errors.FieldError:
    """Return a schema's sentence as an error with a code and a sentence of ours."""
    code, detail = after_code(sentence)
    if not code:
        code, detail = SENTENCES.get(sentence, ("invalid", detail))
    return errors.FieldError(pointer, code, detail, place)


def schema_errors(messages: Any) -> list[errors.FieldError]:
    """Return the field errors of what a schema found wrong with one body."""
    return list(_validation_errors({"json": messages}))


def _messages_with_paths(found: Any, path: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], str]]:
    if isinstance(found, dict):
        for key, below in found.items():
            # Errors of the whole object, and of an item's key or value, belong to the object itself.
            inside = path if key in ("_schema", "key", "value") else (*path, str(key))
            yield from _messages_with_paths(below, inside)
    elif isinstance(found, list):
        for below in found:
            yield from _messages_with_paths(below, path)
    else:
        # A sentence, and no plain text of it, has its translations.
        yield path, found if isinstance(found, str) else str(found)


def _internal_error_response(error: Exception) -> Response:
    # Neither the message nor the variables of the frames, which may contain what a patient wrote.
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_globals.get('__name__')}:{where.tb_lineno}" if where else ""
    log.error("failed", kind=type(error).__name__, where=place)
    return problem("internal", PROBLEM_TYPES["internal"].detail)
