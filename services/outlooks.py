"""Ask the core for the outlook, and keep it fresh for whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, select
from sqlalchemy import cast as as_type
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.outlook import ENGINE_VERSION, Outlook, Status, outlook
from models.clinics import Clinic
from models.outlooks import KeptOutlook
from models.patients import Patient
from models.session import Sessions, look_again
from models.tenancy import prepared
from services.access import Actor, load_patient, patient_of
from services.errors import NotFound
from services.histories import burdens, histories
from services.summaries import booked_infusions, summarize

URGENCY = {
    Status.OVERDUE: 0,
    Status.DUE: 1,
    Status.APPROACHING: 2,
    Status.INSUFFICIENT_DATA: 3,
    Status.INDUCTION: 4,
    Status.NOT_DUE: 5,
    Status.NOT_STARTED: 6,
    Status.PAUSED: 7,
    Status.COMPLETED: 8,
}
"""The order of the morning list: who needs a decision first."""

BATCH = 200
MOST_BATCHES = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """One patient's summary and outlook, and the tag under which this very answer is known.

    Both are the text they are stored as: whoever knows the tag need not read them.
    """

    patient_id: UUID
    tag: str
    summary_text: str
    outlook_text: str

    @property
    def summary(self) -> dict[str, Any]:
        """The summary as a document."""
        return cast("dict[str, Any]", json.loads(self.summary_text))

    @property
    def outlook(self) -> dict[str, Any]:
        """The outlook as a document."""
        return cast("dict[str, Any]", json.loads(self.outlook_text))


KEPT = (
    KeptOutlook.patient_id,
    KeptOutlook.change_seq,
    KeptOutlook.clinic_version,
    KeptOutlook.engine_version,
    KeptOutlook.today,
    as_type(KeptOutlook.summary, Text).label("summary"),
    as_type(KeptOutlook.outlook, Text).label("outlook"),
)
"""The columns that `standing_of` reads a standing from."""

# What changes a patient's answer changes their change_seq in its own transaction: that is the mark.
_STILL_HOLDS = and_(
    KeptOutlook.patient_id == Patient.id,
    KeptOutlook.change_seq == Patient.change_seq,
    KeptOutlook.clinic_version == Clinic.version,
    KeptOutlook.engine_version == ENGINE_VERSION,
    KeptOutlook.fresh_until > bindparam("now"),
)
_STANDING = prepared(
    select(Patient.id, *KEPT)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(KeptOutlook, _STILL_HOLDS)
    .where(Patient.id == bindparam("patient"))
)
_STALE = prepared(
    select(Patient)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(KeptOutlook, _STILL_HOLDS)
    .where(Patient.discharged_at.is_(None), KeptOutlook.patient_id.is_(None))
    .order_by(Patient.id)
    .limit(BATCH)
)


def standing(
    session: Session, sessions: Sessions, actor: Actor, patient_id: UUID | None, now: datetime
) -> Standing:
    """Give a patient's present standing, worked out anew only if something changed since it was kept."""
    which = {"patient": patient_of(actor, patient_id), "now": now}
    found = session.execute(_STANDING, which).one_or_none()
    if found is None:
        raise NotFound
    _, *kept = found
    if kept[0] is not None:
        return standing_of(kept)
    patient = load_patient(session, actor, patient_id)
    (worked_out,) = _work_out(session, [patient], now)
    # Whoever reads need not wait until it can be kept: the next reader works it out as well.
    with suppress(OperationalError):
        _keep(sessions, patient.clinic_id, [worked_out])
    return _standing(worked_out)


def standing_of(kept: Sequence[Any]) -> Standing:
    """Give the standing that the columns of KEPT hold."""
    patient_id, change_seq, clinic_version, engine_version, today, summary, said = kept
    return Standing(patient_id, _tag(change_seq, clinic_version, engine_version, today), summary, said)


def standing_as_of(session: Session, actor: Actor, patient_id: UUID | None, as_of: datetime) -> Standing:
    """Give a patient's standing as it would have been given at an earlier instant, by today's engine."""
    patient = load_patient(session, actor, patient_id)
    (worked_out,) = _work_out(session, [patient], as_of, as_of)
    return _standing(worked_out, f"-{as_of.timestamp():.6f}")


def refresh(session: Session, sessions: Sessions, clinic_id: UUID, now: datetime) -> int:
    """Work out anew every standing of a clinic that no longer holds; gives how many there were."""
    refreshed = 0
    for _ in range(MOST_BATCHES):
        stale = list(session.scalars(_STALE, {"now": now}))
        if not stale:
            return refreshed
        _keep(sessions, clinic_id, _work_out(session, stale, now))
        look_again(session)
        refreshed += len(stale)
    return refreshed


def document(value: Any) -> Any:
    """Turn a value of the core into what JSON can hold, members in their own order."""
    if is_dataclass(value):
        return {field.name: document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, UUID)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [document(item) for item in value]
    return value


def _standing(row: KeptOutlook, moment: str = "") -> Standing:
    tag = _tag(row.change_seq, row.clinic_version, row.engine_version, row.today)
    return Standing(row.patient_id, f"{tag}{moment}", json.dumps(row.summary), json.dumps(row.outlook))


def _tag(change_seq: int, clinic_version: int, engine_version: str, today: date) -> str:
    return f"s{change_seq}-{clinic_version}-{engine_version}-{today:%Y%m%d}"


def _work_out(
    session: Session, patients: Sequence[Patient], now: datetime, as_of: datetime | None = None
) -> list[KeptOutlook]:
    ids = [patient.id for patient in patients]
    clinic = session.get_one(Clinic, patients[0].clinic_id)
    known = histories(session, clinic, ids, as_of)
    effects = burdens(session, ids, as_of)
    booked = booked_infusions(session, ids, as_of)
    worked_out = []
    for patient in patients:
        today = local_day.today(now, patient.time_zone, patient.day_starts_at)
        said = outlook(known[patient.id], today)
        summary = summarize(patient.id, known[patient.id], effects[patient.id], booked[patient.id], today)
        worked_out.append(
            KeptOutlook(
                patient_id=patient.id,
                change_seq=patient.change_seq,
                clinic_version=clinic.version,
                engine_version=ENGINE_VERSION,
                today=today,
                fresh_until=local_day.turn_of_day(now, patient.time_zone, patient.day_starts_at),
                status=str(said.status),
                urgency=URGENCY[said.status],
                sort_date=_sort_date(said),
                summary=document(summary),
                outlook=outlook_document(said),
            )
        )
    return worked_out


def outlook_document(said: Outlook) -> dict[str, Any]:
    """Turn an outlook into what JSON can hold; the numbers of a reason become an object."""
    whole: dict[str, Any] = document(said)
    for reason in whole["reasons"]:
        reason["numbers"] = dict(reason["numbers"])
    return whole


def _sort_date(said: Outlook) -> date:
    return said.recommended or said.protocol_latest or date.max


def _keep(sessions: Sessions, clinic_id: UUID, worked_out: Sequence[KeptOutlook]) -> None:
    """Store standings, in a short transaction of their own that no engine runs in."""
    try:
        with sessions.writing(clinic_id) as session:
            ids = [row.patient_id for row in worked_out]
            query = select(KeptOutlook).where(KeptOutlook.patient_id.in_(ids))
            # Held here, or merging would ask for each of them again.
            kept = {row.patient_id: row for row in session.scalars(query)}
            for row in worked_out:
                keep = session.merge if row.patient_id in kept else session.add
                keep(_copy(row, clinic_id))
    except IntegrityError:
        # Somebody else kept the same patient's at the same time; theirs is as good, or found stale again.
        return


def _copy(row: KeptOutlook, clinic_id: UUID) -> KeptOutlook:
    values = {name: getattr(row, name) for name in KeptOutlook.__mapper__.columns.keys()}  # noqa: SIM118
    return KeptOutlook(**{**values, "clinic_id": clinic_id})
