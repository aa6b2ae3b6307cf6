"""Audit log of reads: who was shown which patient's data is recorded before the response is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request

from api.http import clock
from api.http.lru_cache import LRUCache
from services import access_log

MAX_RECORDED = 8_192
PATIENT_PATH = "/v1/patients/<patient:patient_id>"
NO_PATIENTS: tuple[str, frozenset[UUID | None]] = "", frozenset()
DETAILS = "details"
"""The resource of a path that ends with the patient."""


def install(app: Flask) -> None:
    """Give the application a cache of what it recorded, so that each access is recorded once an hour."""
    app.extensions["recorded_access"] = LRUCache[bool](MAX_RECORDED)


def set_patients(resource: str, patient_ids: Iterable[UUID]) -> None:
    """Declare which patients a response shows, where the path names none."""
    g.shown_patients = resource, frozenset(patient_ids)


def set_all_patients(resource: str) -> None:
    """Declare that a response lists the clinic's patients."""
    g.shown_patients = resource, frozenset([None])


def record_access(*, shown_by_error: bool = False) -> None:
    """Record who was shown what; an access that cannot be recorded raises, and so is not answered.

    A change shows its sender nothing new, except where it is refused with the current version.
    """
    actor = g.get("actor")
    if actor is None or not access_log.is_audited(actor):
        return
    resource, patient_ids = _by_path(shown_by_error) or g.pop("shown_patients", NO_PATIENTS)
    hour = access_log.hour_of(clock.now())
    recorded = cast("LRUCache[bool]", current_app.extensions["recorded_access"])
    keys = {patient_id: (actor.clinic_id, actor.id, resource, patient_id, hour) for patient_id in patient_ids}
    fresh = {patient_id: key for patient_id, key in keys.items() if key not in recorded}
    if fresh:
        database = current_app.extensions["database"]
        access_log.record_access(database, actor, resource, fresh.keys(), clock.now())
        for key in fresh.values():
            recorded.get_or_compute(key, lambda: True)


def _by_path(shown_by_error: bool) -> tuple[str, frozenset[UUID | None]] | None:
    patient_id = (request.view_args or {}).get("patient_id")
    if not (shown_by_error or request.method in {"GET", "HEAD"}):
        return None
    if request.url_rule is None or not isinstance(patient_id, UUID):
        return None
    _, _, rest = request.url_rule.rule.partition(PATIENT_PATH)
    return rest.strip("/").partition("/")[0] or DETAILS, frozenset([patient_id])
