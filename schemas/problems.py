"""The error shape, for the documents: RFC 9457 with our code, request id and named fields."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.base import Instant
from schemas.safety import CrisisMessageSchema


class NamedErrorSchema(Schema):
    """What is wrong with one field; one of pointer, parameter and header names it."""

    pointer = fields.String(metadata={"description": "JSON pointer into the body."})
    parameter = fields.String(metadata={"description": "Name of a path or query parameter."})
    header = fields.String(metadata={"description": "Name of a header."})
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """Why a request was refused; nothing that was sent is repeated."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "Stable name of this kind of problem."})
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(NamedErrorSchema), metadata={"description": "The fields at fault."})
    version = fields.Integer(metadata={"description": "The version stored now."})
    current = fields.Dict(metadata={"description": "What is stored now."})
    by = fields.Dict(metadata={"description": "Who was first, by id and display_name."})
    at = Instant(metadata={"description": "When they were."})
    safety = fields.Nested(
        CrisisMessageSchema, metadata={"description": "Show this before anything else, the problem included."}
    )
    error = fields.String(metadata={"description": "The RFC 6749 name, from /oauth/token only."})
