"""Alive, ready."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify

from api.http.auth import public
from api.http.transaction import database
from services.health import is_ready

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
@public
def live() -> Any:
    """Tell that the process answers"""
    return jsonify({"status": "alive"})


@blueprint.get("/health/ready")
@public
def ready() -> Any:
    """Tell whether the database answers and has this code's schema"""
    if is_ready(database()):
        return jsonify({"status": "ready"})
    return current_app.response_class('{"status":"not ready"}', 503, mimetype="application/json")
