"""A clinic's API clients."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length

from clinical.sentences import Sentence
from schemas.base import Instant, Line, Strict, about, one_of

SCOPES = ("summary:read", "trends:read", "reports:read", "vitals:write")
SCOPES_MEAN = (
    "summary:read: summaries, outlooks and the worklist. trends:read: trends, totals of questionnaires, "
    "baselines and vital signs. reports:read: outcomes of all patients together, small groups suppressed. "
    "vitals:write: sending vital signs, and nothing else."
)
NAME = "Name of the system, as the access log shows it to patients."
EXPIRES_AT = "When its secret expires, within two years of its creation."


class NewApiClientSchema(Strict):
    """A system that may pull summaries, or send vital signs."""

    name = Line(200, required=True, metadata=about(NAME))
    scopes = fields.List(
        fields.String(validate=one_of(SCOPES, "unknown_scope")),
        required=True,
        validate=Length(1, len(SCOPES), error=Sentence("wrong_length: Send at least one scope, each once.")),
        metadata=about(SCOPES_MEAN),
    )
    expires_at = Instant(required=True, metadata=about(EXPIRES_AT))


class ApiClientSchema(Schema):
    """An API client; its secret is in the response that created it, and in no other."""

    client_id = fields.UUID(
        required=True, attribute="id", metadata=about("Id with which the client asks for tokens.")
    )
    client_secret = fields.String(metadata=about("Secret; returned once, when the client is created."))
    name = fields.String(required=True, metadata=about(NAME))
    scopes = fields.Function(
        lambda row: row.scopes.split(),
        required=True,
        metadata={
            "type": "array",
            "items": {"type": "string", "enum": list(SCOPES)},
            "description": SCOPES_MEAN,
        },
    )
    created_at = Instant(required=True, metadata=about("When the client was created."))
    expires_at = Instant(required=True, metadata=about(EXPIRES_AT))
    revoked = fields.Function(
        lambda row: row.revoked_at is not None,
        required=True,
        metadata={"type": "boolean", "description": "Whether its secret was revoked."},
    )
