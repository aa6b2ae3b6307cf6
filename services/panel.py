"""Who needs attention first: the clinic's morning list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.outlooks import KeptOutlook
from models.patients import Patient
from models.session import Sessions
from services import outlooks
from services.access import Actor
from services.errors import NotFound

Place = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which patients are wanted; None for all."""

    status: str | None = None
    q: str | None = None
    due_before: date | None = None


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
    """List a clinic's patients, the most urgent first; the number of queries does not grow with them."""
    if clinic_id != actor.clinic_id:
        raise NotFound
    outlooks.refresh(session, sessions, clinic_id, now)
    query = (
        select(Patient, KeptOutlook)
        .join(KeptOutlook, KeptOutlook.patient_id == Patient.id)
        .where(Patient.discharged_at.is_(None))
        .order_by(KeptOutlook.urgency, KeptOutlook.sort_date, KeptOutlook.patient_id)
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
        query = query.where(_beyond(after))
    return [
        Row(patient, kept.summary, kept.outlook, (kept.urgency, str(kept.sort_date), str(patient.id)))
        for patient, kept in session.execute(query)
    ]


def _beyond(place: Place) -> Any:
    urgency, day, patient_id = place[0], date.fromisoformat(place[1]), UUID(place[2])
    same_urgency = KeptOutlook.urgency == urgency
    return or_(
        KeptOutlook.urgency > urgency,
        and_(same_urgency, KeptOutlook.sort_date > day),
        and_(same_urgency, KeptOutlook.sort_date == day, KeptOutlook.patient_id > patient_id),
    )
