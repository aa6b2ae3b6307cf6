"""Liveness and readiness."""

from __future__ import annotations

from typing import Any

from api.http.auth import public
from api.http.blueprint import Blueprint
from api.http.clock import now
from api.http.transaction import database
from config import VERSION
from schemas.health import LivenessSchema, ReadinessSchema
from services.health import reasons_not_ready, warnings

NOT_READY = {"status": "not ready", "reasons": ["database_does_not_answer"]}
blueprint = Blueprint("health", __name__, description="Liveness and readiness")


@blueprint.route("/health/live")
@public
@blueprint.response(200, LivenessSchema)
def get_liveness() -> Any:
    """Check that the process answers"""
    return {"status": "alive", "server_version": VERSION}


@blueprint.route("/health/ready")
@public
@blueprint.response(200, ReadinessSchema)
@blueprint.alt_response(
    503, schema=ReadinessSchema, description="Not ready.", example=NOT_READY, success=False
)
def get_readiness() -> Any:
    """Check that the database answers, has the schema of this version and can be written to"""
    reasons = reasons_not_ready(database())
    if reasons:
        return {"status": "not ready", "reasons": reasons}, 503
    found = warnings(database(), now())
    return {"status": "ready"} | ({"warnings": found} if found else {})
