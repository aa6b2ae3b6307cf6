"""Who reads what of a patient is noted before it is sent: what cannot be noted is not answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request

from api.http import clock
from api.http.lru_cache import LRUCache
from services import access_log

MAX_REMEMBERED = 8_192
PATIENT_PATH = "/v1/patients/<patient:patient_id>"
NOTHING: tuple[str, frozenset[UUID | None]] = "", frozenset()
DETAILS = "details"
"""What a path that ends with the patient is about."""


def install(app: Flask) -> None:
    """Give the application a memory for what it noted, so that it notes each reading once an hour."""
    app.extensions["noted"] = LRUCache[bool](MAX_REMEMBERED)


def of_patients(what: str, patient_ids: Iterable[UUID]) -> None:
    """Say which patients an answer is about, where the path names none."""
    g.read = what, frozenset(patient_ids)


def of_all_patients(what: str) -> None:
    """Say that an answer is a list of the clinic's patients."""
    g.read = what, frozenset([None])


def note(*, shown_by_refusal: bool = False) -> None:
    """Keep who read what, now that it is known that they are shown it.

    A change shows nothing but what its sender knows, unless it is refused with what stands in its way.
    """
    actor = g.get("actor")
    if actor is None or not access_log.is_noted(actor):
        return
    what, patient_ids = _by_path(shown_by_refusal) or g.pop("read", NOTHING)
    hour = access_log.hour_of(clock.now())
    memory = cast("LRUCache[bool]", current_app.extensions["noted"])
    keys = {patient_id: (actor.clinic_id, actor.id, what, patient_id, hour) for patient_id in patient_ids}
    fresh = {patient_id: key for patient_id, key in keys.items() if key not in memory}
    if fresh:
        access_log.note(current_app.extensions["database"], actor, what, fresh.keys(), clock.now())
        for key in fresh.values():
            memory.get_or_compute(key, lambda: True)


def _by_path(shown_by_refusal: bool) -> tuple[str, frozenset[UUID | None]] | None:
    patient_id = (request.view_args or {}).get("patient_id")
    if not (shown_by_refusal or request.method in {"GET", "HEAD"}):
        return None
    if request.url_rule is None or not isinstance(patient_id, UUID):
        return None
    _, _, rest = request.url_rule.rule.partition(PATIENT_PATH)
    return rest.strip("/").partition("/")[0] or DETAILS, frozenset([patient_id])
