"""What is sent to an address that there is not: refused, but safety answers in it are heard all the same."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, g, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from api.http import auth
from api.http.safety_intake import daily_answer, item_9, lenient_json
from api.http.transaction import SAFE
from services.access import Role
from services.errors import ServiceError

OF_PATIENTS = "/v1/patients/"


def install(app: Flask) -> None:
    """Listen before an address that cannot be read is refused."""
    app.before_request(_hear)


def _hear() -> None:
    if request.method in SAFE or not isinstance(request.routing_exception, (NotFound, MethodNotAllowed)):
        return
    daily = daily_answer.find_safety_answers(lenient_json.body())
    items = item_9.find_item_9_answers(lenient_json.body())
    actor = auth.signed_in(Role.PATIENT, Role.CLINICIAN) if daily or items else None
    if actor is None:
        return
    g.actor = actor
    patient_id = _patient_named()
    if patient_id is None and actor.role is not Role.PATIENT:
        return
    try:
        daily_answer.hear(patient_id, daily)
        item_9.hear(patient_id, items)
    except ServiceError:
        # No patient of theirs: the address is refused as any other.
        return


def _patient_named() -> UUID | None:
    try:
        return UUID(request.path.removeprefix(OF_PATIENTS).partition("/")[0])
    except ValueError:
        return None
