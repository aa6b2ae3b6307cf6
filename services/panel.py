"""Who needs attention first: the clinic's morning list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from models.outlooks import KeptOutlook
from models.patients import Patient
from models.session import Sessions
from services import outlooks
from services.access import Actor
from services.errors import NotFound

Place = tuple[Any, ...]


class Sort(StrEnum):
    """In which order; only that by record number stands still while patients check in."""

    URGENCY = "urgency"
    RECORD_NUMBER = "record_number"
    NAME = "name"


_KEYS: dict[Sort, tuple[Any, ...]] = {
    Sort.URGENCY: (KeptOutlook.urgency, KeptOutlook.sort_date, Patient.id),
    Sort.RECORD_NUMBER: (Patient.record_number,),
    Sort.NAME: (Patient.display_name, Patient.id),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which patients are wanted; None for all."""

    status: str | None = None
    q: str | None = None
    due_before: date | None = None
    sort: Sort = Sort.URGENCY


@dataclass(frozen=True, slots=True)
class Row:
    """One patient on the list, and the place in the list after which the next one stands."""

    patient: Patient
    summary: dict[str, Any]
    outlook: dict[str, Any]
    place: Place


def morning_list(
    session: Session,
    sessions: Sessions,
    actor: Actor,
    clinic_id: UUID,
    filters: Filters,
    after: Place | None,
    limit: int,
    now: datetime,
) -> list[Row]:
    """List a clinic's patients, the most urgent first unless asked otherwise.

    The number of queries does not grow with the patients.
    """
    if clinic_id != actor.clinic_id:
        raise NotFound
    outlooks.refresh(session, sessions, clinic_id, now)
    keys = _KEYS[filters.sort]
    query = (
        select(Patient, KeptOutlook)
        .join(KeptOutlook, KeptOutlook.patient_id == Patient.id)
        .where(Patient.discharged_at.is_(None))
        .order_by(*keys)
        .limit(limit)
    )
    if filters.status is not None:
        query = query.where(KeptOutlook.status == filters.status)
    if filters.q is not None:
        text = filters.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        named = Patient.display_name.ilike(f"%{text}%", escape="\\")
        query = query.where(or_(named, Patient.record_number == filters.q))
    if filters.due_before is not None:
        query = query.where(KeptOutlook.sort_date < filters.due_before)
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*_read_place(filters.sort, after)))
    return [
        Row(patient, kept.summary, kept.outlook, _place(filters.sort, patient, kept))
        for patient, kept in session.execute(query)
    ]


def _place(sort: Sort, patient: Patient, kept: KeptOutlook) -> Place:
    if sort is Sort.URGENCY:
        return kept.urgency, str(kept.sort_date), str(patient.id)
    if sort is Sort.NAME:
        return patient.display_name, str(patient.id)
    return (patient.record_number,)


def _read_place(sort: Sort, place: Place) -> Place:
    if sort is Sort.URGENCY:
        return place[0], date.fromisoformat(place[1]), UUID(place[2])
    if sort is Sort.NAME:
        return place[0], UUID(place[1])
    return (place[0],)
