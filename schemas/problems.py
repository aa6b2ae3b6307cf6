"""Problem documents: RFC 9457 with a code, a request id and the fields at fault."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.accounts import ROLES
from schemas.api_clients import SCOPES
from schemas.base import Instant, LocalDate, about
from schemas.consents import PARTS
from schemas.safety import CrisisMessageSchema, PersonSchema


class FieldErrorSchema(Schema):
    """What is wrong with one field, which one of pointer, parameter and header names."""

    pointer = fields.String(metadata=about("JSON pointer into the body, as #/mood; # is the whole body."))
    parameter = fields.String(metadata=about("Name of a path or query parameter."))
    header = fields.String(metadata=about("Name of a header."))
    code = fields.String(required=True, metadata=about("Stable name of this fault, for programs."))
    detail = fields.String(required=True, metadata=about("A sentence: what to send instead."))
    expected_on = LocalDate(
        metadata=about("Day to send instead of one that had not begun for the patient at that moment.")
    )


class ProblemSchema(Schema):
    """Why a request was refused (RFC 9457). It never repeats what was sent."""

    type = fields.String(
        required=True, metadata={"format": "uri-reference", **about("Address of this kind of problem.")}
    )
    title = fields.String(required=True, metadata=about("Short name of this kind of problem, for people."))
    status = fields.Integer(required=True, metadata=about("The HTTP status code of the response."))
    detail = fields.String(
        required=True,
        metadata=about("What went wrong and what to do, for people. It may be reworded."),
    )
    code = fields.String(
        required=True, metadata=about("Stable name of this kind of problem, which a program should act on.")
    )
    request_id = fields.String(
        required=True, metadata=about("Id of this request in the server's log, as in X-Request-Id.")
    )
    errors = fields.List(fields.Nested(FieldErrorSchema), metadata=about("Every field at fault."))
    version = fields.Integer(
        metadata=about("With 409, 410, 412 and 428: the current version, to send as If-Match.")
    )
    current = fields.Dict(metadata=about("With 412 and 428: the current revision, as a GET shows it."))
    required_roles = fields.List(
        fields.String(metadata={"enum": list(ROLES)}), metadata=about("With 403: the roles that may do this.")
    )
    required_scope = fields.String(
        metadata={"enum": list(SCOPES), **about("With 403: the scope that the API client needs.")}
    )
    required_part = fields.String(
        metadata={
            "enum": list(PARTS),
            **about("With 403: the part of the record that was not shared."),
        }
    )
    handled_by = fields.Nested(PersonSchema, metadata=about("Who acknowledged or closed the alert before."))
    handled_at = Instant(metadata=about("When they did."))
    safety = fields.Nested(
        CrisisMessageSchema, metadata=about("Show this before anything else, the problem included.")
    )
    error = fields.String(metadata=about("Error code of RFC 6749, section 5.2; from /oauth/token only."))
