"""The clinic's worklist: its patients, those who need attention first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import Select, bindparam, or_, select, tuple_

from models.clinics import Clinic
from models.database import Database, refresh_snapshot
from models.outlooks import CachedOutlook
from models.patients import Patient
from models.tenancy import prepared
from services.access import own_clinic
from services.context import Context
from services.outlooks import current as current_outlooks
from services.outlooks.current import OutlookSnapshot
from services.revisions import Page, PageRequest

MAX_LOOKS = 5
"""How often a list is read again because a patient changed between computing and listing. Operational."""


class Sort(StrEnum):
    """In which order; only that by record number does not change while patients check in."""

    URGENCY = "urgency"
    RECORD_NUMBER = "record_number"
    NAME = "name"


_KEYS: dict[Sort, tuple[Any, ...]] = {
    Sort.URGENCY: (CachedOutlook.attention_level, CachedOutlook.attention_since, Patient.id),
    Sort.RECORD_NUMBER: (Patient.record_number,),
    Sort.NAME: (Patient.display_name, Patient.id),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which patients are wanted; None for all."""

    status: str | None = None
    q: str | None = None
    due_before_on: date | None = None
    sort: Sort = Sort.URGENCY


@dataclass(frozen=True, slots=True)
class Row:
    """One patient on the list, and its position, after which the next page begins if it is the last."""

    patient_id: UUID
    record_number: str
    display_name: str
    patient_version: int
    snapshot: OutlookSnapshot
    position: list[str]


_PATIENT = (Patient.id, Patient.record_number, Patient.display_name, Patient.version)
_HOLDS = current_outlooks.IS_FRESH.label("holds")
_LISTS = {
    (sort, descending): select(
        *_PATIENT,
        CachedOutlook.attention_level,
        CachedOutlook.attention_since,
        _HOLDS,
        *current_outlooks.CACHED_COLUMNS,
    )
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .join(CachedOutlook, CachedOutlook.patient_id == Patient.id)
    .where(Patient.discharged_at.is_(None))
    .order_by(*(key.desc() if descending else key for key in keys))
    .limit(bindparam("most"))
    for sort, keys in _KEYS.items()
    for descending in (False, True)
}
# What is asked for most: nobody filtered out, from the beginning.
_WHOLE_LISTS = {order: prepared(query) for order, query in _LISTS.items()}


def page(
    ctx: Context, database: Database, clinic_id: UUID, filters: Filters, wanted: PageRequest
) -> Page[Row]:
    """Return a page of a clinic's patients, the most urgent first unless asked otherwise.

    The number of queries does not grow with the patients.
    """
    own_clinic(ctx.actor, clinic_id)
    query = _query(filters, wanted)
    found: Sequence[Found[Any]] = []
    for _ in range(MAX_LOOKS):
        current_outlooks.refresh(ctx.session, database, clinic_id, ctx.now)
        found = ctx.session.execute(query, {"most": wanted.limit + 1, "now": ctx.now}).all()
        if all(row.holds for row in found):
            break
        refresh_snapshot(ctx.session)
    rows = [_row(filters.sort, row) for row in found if row.holds]
    items = rows[: wanted.limit]
    return Page(items, items[-1].position if len(rows) > wanted.limit else None)


def _query(filters: Filters, wanted: PageRequest) -> Select[*tuple[Any, ...]]:
    keys, order = _KEYS[filters.sort], (filters.sort, wanted.descending)
    asked = filters.status, filters.q, filters.due_before_on
    query = _WHOLE_LISTS[order] if wanted.position is None and not any(asked) else _LISTS[order]
    if filters.status is not None:
        query = query.where(CachedOutlook.status == filters.status)
    if filters.q is not None:
        text = filters.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        named = Patient.display_name.ilike(f"%{text}%", escape="\\")
        query = query.where(or_(named, Patient.record_number == filters.q))
    if filters.due_before_on is not None:
        query = query.where(CachedOutlook.due_on < filters.due_before_on)
    if wanted.position is not None:
        position = tuple_(*_read_position(filters.sort, wanted.position))
        query = query.where(tuple_(*keys) < position if wanted.descending else tuple_(*keys) > position)
    return query


def _row(sort: Sort, found: Sequence[Any]) -> Row:
    patient_id, record_number, display_name, version, level, since, _, *cached = found
    position = [record_number]
    if sort is Sort.URGENCY:
        position = [str(level), str(since), str(patient_id)]
    elif sort is Sort.NAME:
        position = [display_name, str(patient_id)]
    return Row(
        patient_id, record_number, display_name, version, current_outlooks.snapshot_of(cached), position
    )


def _read_position(sort: Sort, position: Sequence[str]) -> tuple[Any, ...]:
    if sort is Sort.URGENCY:
        return int(position[0]), date.fromisoformat(position[1]), UUID(position[2])
    if sort is Sort.NAME:
        return position[0], UUID(position[1])
    return (position[0],)
