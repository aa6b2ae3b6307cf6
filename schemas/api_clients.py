"""The clinic's API clients."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from schemas.base import Instant, Line, Strict

SCOPES = ("summary:read", "checkins:read", "vitals:write")


class NewApiClientSchema(Strict):
    """A system that may pull summaries, or send vital signs."""

    name = Line(200, required=True)
    scopes = fields.List(
        fields.String(validate=OneOf(SCOPES, error="unknown_scope: Not a scope.")),
        required=True,
        validate=Length(1, len(SCOPES), error="wrong_length: Grant at least one scope, each once."),
    )
    expires_at = Instant(required=True)


class ApiClientSchema(Schema):
    """An API client; its secret is in the answer that made it, and in no other."""

    client_id = fields.UUID(required=True, attribute="id")
    client_secret = fields.String(metadata={"description": "Shown once, when the client is made."})
    name = fields.String(required=True)
    scopes = fields.Function(
        lambda row: row.scopes.split(), required=True, metadata={"type": "array", "items": {"type": "string"}}
    )
    created_at = Instant(required=True)
    expires_at = Instant(required=True)
    revoked = fields.Function(
        lambda row: row.revoked_at is not None, required=True, metadata={"type": "boolean"}
    )


class ApiClientListSchema(Schema):
    """Every API client of a clinic."""

    items = fields.List(fields.Nested(ApiClientSchema), required=True)
