"""Liveness and readiness."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.base import about


class LivenessSchema(Schema):
    """The process answers."""

    status = fields.String(required=True, metadata={"enum": ["alive"], **about("Always alive.")})
    server_version = fields.String(required=True, metadata=about("Version of the server, as 1.0.0."))


class ReadinessSchema(Schema):
    """Whether the server can serve requests."""

    status = fields.String(
        required=True,
        metadata={
            "enum": ["ready", "not ready"],
            **about("ready where the database answers and has the schema of this version."),
        },
    )
    warnings = fields.List(
        fields.String(metadata={"enum": ["restore_drill_failed", "restore_drill_overdue"]}),
        metadata=about(
            "What the operator must see to though requests are answered; absent where there is nothing: the "
            "last restore drill failed, or was more than eight days ago."
        ),
    )
    reasons = fields.List(
        fields.String(metadata={"pattern": "^[a-z_]+$"}),
        metadata=about(
            "Why the server is not ready, absent where it is: database_does_not_answer, database_locked, "
            "disk_nearly_full, file_replaced, schema_missing, schema_older, schema_newer, and others in "
            "later versions."
        ),
    )
