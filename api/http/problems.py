"""Every refusal as an RFC 9457 problem, the libraries' own errors included."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, SecurityError

from api.http import safety_message
from api.http.strict_json import UNSTORABLE, InvalidJson
from services import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its title, and what to do about it."""

    status: int
    title: str


# The heading of each in docs/errors.md says what to do about it; a test holds the two together.
KINDS: Mapping[str, Kind] = {
    "not_json": Kind(400, "The body is not JSON"),
    "bad_request": Kind(400, "The request cannot be read"),
    "cursor_mismatch": Kind(400, "The cursor belongs to another question"),
    "unauthenticated": Kind(401, "Nobody is signed in"),
    "wrong_credentials": Kind(401, "The credentials do not match"),
    "forbidden": Kind(403, "Not for this role"),
    "insufficient_scope": Kind(403, "Not within the granted scope"),
    "not_found": Kind(404, "Nothing here"),
    "no_report_yet": Kind(404, "No report has been made yet"),
    "method_not_allowed": Kind(405, "This method is not offered here"),
    "not_acceptable": Kind(406, "None of the asked forms is offered"),
    "conflict": Kind(409, "It clashes with what is stored"),
    "superseded": Kind(409, "The outlook has changed since"),
    "nothing_shown": Kind(409, "No forecast is shown here"),
    "already_acknowledged": Kind(409, "The alert was acknowledged"),
    "already_closed": Kind(409, "The alert was closed"),
    "outside_maintenance": Kind(409, "The patient is not in maintenance"),
    "removed": Kind(410, "It was removed"),
    "invitation_spent": Kind(410, "The invitation is spent"),
    "cursor_expired": Kind(410, "The cursor has expired"),
    "stale": Kind(412, "It changed since you read it"),
    "body_too_large": Kind(413, "The body is too large"),
    "not_a_json_request": Kind(415, "Only JSON is taken here"),
    "not_a_form_request": Kind(415, "Only a form is taken here"),
    "invalid": Kind(422, "Something sent cannot be accepted"),
    "version_required": Kind(428, "Name the version to change"),
    "too_many_attempts": Kind(429, "Too many attempts"),
    "internal": Kind(500, "The server failed"),
    "busy": Kind(503, "The database is busy"),
    "http_error": Kind(400, "The request failed"),
}
BY_STATUS = {400: "bad_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found"} | {
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "not_a_json_request",
    422: "invalid",
}

OAUTH_VIEW = "tokens.token"
OAUTH_ERRORS = {
    "wrong_credentials": "invalid_client",
    "unauthenticated": "invalid_grant",
    "insufficient_scope": "invalid_scope",
    "busy": "temporarily_unavailable",
    "internal": "server_error",
}

NOT_OUR_HOST = "This server does not answer to that host name; whoever runs it lists those in ALLOWED_HOSTS."

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
    """Answer with a problem; `found` names the fields at fault, `members` adds to the document."""
    kind = KINDS[code]
    found = list(found)
    body = safety_message.member() | document(code, detail, status=status, found=found) | members
    if request.endpoint == OAUTH_VIEW:
        body["error"] = _oauth_error(code, found)
    response = current_app.response_class(current_app.json.dumps(body), status or kind.status)
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers:
        response.headers[name] = value
    response.content_type = MEDIA_TYPE
    return response


def _oauth_error(code: str, found: Iterable[errors.FieldError]) -> str:
    """Say it in the words of RFC 6749 too, for the clients that go by those."""
    if ("/grant_type", "unsupported") in {(error.pointer, error.code) for error in found}:
        return "unsupported_grant_type"
    return OAUTH_ERRORS.get(code, "invalid_request")


def document(
    code: str, detail: str, *, status: int | None = None, found: Iterable[errors.FieldError] = ()
) -> dict[str, Any]:
    """Give a problem's members, as they also stand inside the results of a push."""
    kind = KINDS[code]
    named = [_named(error) for error in found]
    return {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": status or kind.status,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id", ""),
    } | ({"errors": named} if named else {})


def service_error_document(refusal: errors.ServiceError) -> dict[str, Any]:
    """Give the problem document of a refusal."""
    return document(refusal.code, refusal.detail, found=getattr(refusal, "errors", ()))


def _named(error: errors.FieldError) -> dict[str, str]:
    place = "pointer" if error.place == "body" else error.place
    name = f"#{error.pointer}" if error.place == "body" else error.pointer
    return {place: UNSTORABLE.sub("\ufffd", name[:200]), "code": error.code, "detail": error.detail}


def install(app: Flask) -> None:
    """Put every way of failing under one shape."""
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


def _service_error_response(refusal: errors.ServiceError) -> Response:
    headers: list[tuple[str, str]] = []
    members: dict[str, Any] = dict(refusal.members)
    if isinstance(refusal, errors.TooManyAttempts):
        headers.append(("Retry-After", str(refusal.retry_after)))
    if isinstance(refusal, errors.Busy):
        headers.append(("Retry-After", str(RETRY_AFTER_S)))
    if KINDS[refusal.code].status == HTTPStatus.UNAUTHORIZED:
        client = request.endpoint == OAUTH_VIEW and refusal.code == "wrong_credentials"
        headers.append(("WWW-Authenticate", f'{"Basic" if client else "Bearer"} realm="afterglow"'))
    if isinstance(refusal, errors.InsufficientScope):
        headers.append(("WWW-Authenticate", 'Bearer realm="afterglow", error="insufficient_scope"'))
    version = getattr(refusal, "version", None)
    if version is not None:
        headers.append(("ETag", f'"v{version}"'))
        members["version"] = version
    if isinstance(refusal, errors.Stale) and refusal.current is not None:
        members["current"] = refusal.current
    return problem(
        refusal.code, refusal.detail, headers=headers, found=getattr(refusal, "errors", ()), **members
    )


def _invalid_json_response(error: InvalidJson) -> Response:
    found = [errors.FieldError("", error.code, error.detail)]
    code = "not_json" if error.code == "not_json" else "invalid"
    return problem(code, error.detail, found=found, status=400 if error.code == "too_deep" else None)


def http_error_response(error: HTTPException) -> Response:
    """Turn an HTTP error of Flask, Werkzeug or a library into a problem, its headers kept."""
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
    detail = errors.Invalid.detail if found else f"{KINDS[code].title}."
    if isinstance(error, SecurityError):
        detail = NOT_OUR_HOST
    return problem(code, detail, status=status, headers=headers, found=found)


PLACES = {"json": "body", "form": "body", "query": "parameter", "headers": "header", "path": "parameter"}

# marshmallow's own sentences, to codes a client can act on; our fields send "code: sentence" instead.
KNOWN_SENTENCES = {
    "Missing data for required field.": "required",
    "Unknown field.": "unknown_field",
    "Field may not be null.": "null",
    "Invalid input type.": "wrong_type",
    "Not a valid string.": "not_text",
    "Not a valid list.": "not_a_list",
    "Not a valid boolean.": "not_a_boolean",
    "Not a valid UUID.": "not_a_uuid",
    "Not a valid date.": "not_a_date",
    "Not a valid datetime.": "not_an_instant",
    "Not a valid aware datetime.": "no_offset",
}


def _validation_errors(messages: Mapping[str, Any]) -> Iterable[errors.FieldError]:
    for location, found in messages.items():
        place = PLACES.get(location, "body")
        for path, sentence in _leaves(found, ()):
            pointer = "".join(f"/{_escaped(part)}" for part in path) if place == "body" else ".".join(path)
            yield field_error(pointer, sentence, place)


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def field_error(pointer: str, sentence: str, place: str = "body") -> errors.FieldError:
    """Turn a schema's sentence into an error with a code."""
    code, colon, detail = sentence.partition(": ")
    if colon and code.isidentifier():
        return errors.FieldError(pointer, code, detail, place)
    return errors.FieldError(pointer, KNOWN_SENTENCES.get(sentence, "invalid"), sentence, place)


def schema_errors(messages: Any) -> list[errors.FieldError]:
    """Turn what a schema found wrong with one body into field errors."""
    return list(_validation_errors({"json": messages}))


def _leaves(found: Any, path: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], str]]:
    if isinstance(found, dict):
        for key, below in found.items():
            # Errors of the whole object, and of an item's key or value, belong to the object itself.
            inside = path if key in ("_schema", "key", "value") else (*path, str(key))
            yield from _leaves(below, inside)
    elif isinstance(found, list):
        for below in found:
            yield from _leaves(below, path)
    else:
        yield path, str(found)


def _internal_error_response(error: Exception) -> Response:
    # Neither the message nor the frames' variables: either may hold what a patient wrote.
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_globals.get('__name__')}:{where.tb_lineno}" if where else ""
    log.error("failed", kind=type(error).__name__, where=place)
    return problem("internal", "The server failed; the request id helps to find out why.")
