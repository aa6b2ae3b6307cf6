"""Audit log of reads: who was shown which patient's data is recorded before the response is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast
from uuid import UUID

from flask import Flask, current_app, g, request

from api.http import clock
from api.http.lru_cache import LRUCache
from services import access_log, event_log
from services.context import Context
from services.event_log import Concerned, Event

MAX_RECORDED = 8_192
PATIENT_PATH = "/v1/patients/<patient:patient_id>"
PATIENT_ITSELF = "details"
"""The resource of a path that ends with the patient."""


class ShownPatients(NamedTuple):
    """Which patients a response shows, and what of them; None among the ids means every patient."""

    resource: str
    patient_ids: frozenset[UUID | None]


NO_PATIENTS = ShownPatients("", frozenset())


def install(app: Flask) -> None:
    """Give the application a cache of what it recorded, so that each access is recorded once an hour."""
    app.extensions["recorded_access"] = LRUCache[bool](MAX_RECORDED)


def declare_patients(resource: str, patient_ids: Iterable[UUID]) -> None:
    """Declare which patients a response shows, where the path names none."""
    g.shown_patients = ShownPatients(resource, frozenset(patient_ids))


def declare_all_patients(resource: str) -> None:
    """Declare that a response lists the clinic's patients."""
    g.shown_patients = ShownPatients(resource, frozenset([None]))


def record_access(*, in_conflict_response: bool = False) -> None:
    """Record who was shown what; raises where that fails, so that the response is not sent.

    A change shows its sender nothing new, except where it is refused with the current version.
    """
    actor = g.get("actor")
    if actor is None or not access_log.is_audited(actor):
        return
    resource, patient_ids = _by_path(in_conflict_response) or g.pop("shown_patients", NO_PATIENTS)
    hour = access_log.hour_of(clock.now())
    recorded = cast("LRUCache[bool]", current_app.extensions["recorded_access"])
    keys = {patient_id: (actor.clinic_id, actor.id, resource, patient_id, hour) for patient_id in patient_ids}
    unrecorded = {patient_id: key for patient_id, key in keys.items() if key not in recorded}
    if unrecorded:
        database = current_app.extensions["database"]
        access_log.record_access(database, actor, resource, unrecorded.keys(), clock.now())
        for key in unrecorded.values():
            recorded.get_or_compute(key, lambda: True)


def record_export(address: str) -> None:
    """Record that rows were sent as CSV or NDJSON, once an hour for each reader, patient and resource."""
    actor, media_type = g.get("actor"), g.pop("exported_as", None)
    if actor is None or media_type is None or request.url_rule is None:
        return
    patient_id = (request.view_args or {}).get("patient_id", actor.patient_id)
    key = ("exported", actor.clinic_id, actor.id, request.path, access_log.hour_of(clock.now()))
    recorded = cast("LRUCache[bool]", current_app.extensions["recorded_access"])
    if key in recorded:
        return
    # What is left of the path without its variables, as check-ins or reports/outcomes.
    parts = [part for part in request.url_rule.rule.split("/")[3:] if part and not part.startswith("<")]
    with current_app.extensions["database"].write(actor.clinic_id) as session:
        ctx = Context(session, actor, clock.now(), address)
        concerned = Concerned(patient_id=patient_id or actor.patient_id)
        details = {"resource": "/".join(parts), "media_type": media_type}
        event_log.record(ctx, Event.EXPORTED, concerned, **details)
    recorded.get_or_compute(key, lambda: True)


def _by_path(in_conflict_response: bool) -> ShownPatients | None:
    patient_id = (request.view_args or {}).get("patient_id")
    if not (in_conflict_response or request.method in {"GET", "HEAD"}):
        return None
    if request.url_rule is None or not isinstance(patient_id, UUID):
        return None
    _, _, rest = request.url_rule.rule.partition(PATIENT_PATH)
    resource = rest.strip("/").partition("/")[0] or PATIENT_ITSELF
    if resource.startswith("<"):
        # The resource is itself a variable of the path, as the lists of medical history are.
        resource = str((request.view_args or {})[resource.strip("<>").rpartition(":")[2]])
    return ShownPatients(resource, frozenset([patient_id]))
