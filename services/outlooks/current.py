"""Ask the core for the outlook, and keep it fresh for whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, select
from sqlalchemy import cast as as_type
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.outlook import ENGINE_VERSION, Outlook, Status, outlook
from clinical.outlook.visibility import Mode, shown
from models.clinics import Clinic
from models.database import Database, refresh_snapshot
from models.outlooks import CachedOutlook
from models.patients import Patient
from models.tenancy import prepared
from services.access import Actor, load_patient, patient_of
from services.clinic_settings import mode_shown, prior_in_use, settings_as_of
from services.errors import NotFound
from services.exposure import facts_of, reasons_to_hold
from services.histories import histories, side_effects_by_day
from services.infusion_sessions import settings as session_settings
from services.outlooks.documents import document, outlook_document
from services.outlooks.history import Forecasted, last_number, note_changes
from services.questionnaires.schedules import Forms, forms_of
from services.safety.alerts import open_alerts
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
"""Order of the worklist by status. Operational."""

BEFORE_ALL_OTHERS = 100
"""Subtracted from the urgency of a patient with an open safety alert, who is listed first. Operational."""

BATCH = 200
"""Patients whose outlooks are computed at a time. Operational."""
MAX_BATCHES = 100
"""Most batches of one request. Operational."""


@dataclass(frozen=True, slots=True)
class OutlookSnapshot:
    """One patient's summary and outlook, and the tag under which this very answer is known.

    Both are the text they are stored as: whoever knows the tag need not read them.
    """

    patient_id: UUID
    tag: str
    summary_text: str
    outlook_text: str
    present: bool = True

    @property
    def summary(self) -> dict[str, Any]:
        """The summary as a document."""
        return cast("dict[str, Any]", json.loads(self.summary_text))

    @property
    def outlook(self) -> dict[str, Any]:
        """The outlook as a document."""
        return cast("dict[str, Any]", json.loads(self.outlook_text))

    @property
    def named_outlook(self) -> dict[str, Any]:
        """The outlook with the id by which a decision names it; nobody decides on a past one."""
        return {"outlook_id": self.tag, **self.outlook} if self.present else self.outlook


@dataclass(frozen=True, slots=True)
class ComputedOutlook:
    """A standing to be kept as it is shown, and the forecast to be put on record."""

    row: CachedOutlook
    forecasted: Forecasted


KEPT = (
    CachedOutlook.patient_id,
    CachedOutlook.change_seq,
    CachedOutlook.clinic_version,
    CachedOutlook.engine_version,
    CachedOutlook.today,
    as_type(CachedOutlook.summary, Text).label("summary"),
    as_type(CachedOutlook.outlook, Text).label("outlook"),
)
"""The columns that `current` reads a standing from."""

# What changes a patient's answer changes their change_seq in its own transaction: that is the mark.
IS_FRESH = and_(
    CachedOutlook.patient_id == Patient.id,
    CachedOutlook.change_seq == Patient.change_seq,
    CachedOutlook.clinic_version == Clinic.version + session_settings.VERSION,
    CachedOutlook.engine_version == ENGINE_VERSION,
    CachedOutlook.fresh_until > bindparam("now"),
)
"""Whether the cached outlook is what would be computed at `now`; joins Patient, Clinic and CachedOutlook."""

_STANDING = prepared(
    select(Patient.id, *KEPT)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(CachedOutlook, IS_FRESH)
    .where(Patient.id == bindparam("patient"))
)
_STALE = prepared(
    select(Patient)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(CachedOutlook, IS_FRESH)
    .where(Patient.discharged_at.is_(None), CachedOutlook.patient_id.is_(None))
    .order_by(Patient.id)
    .limit(BATCH)
)


def snapshot(
    session: Session, database: Database, actor: Actor, patient_id: UUID | None, now: datetime
) -> OutlookSnapshot:
    """Give a patient's present standing, worked out anew only if something changed since it was kept."""
    which = {"patient": patient_of(actor, patient_id), "now": now}
    found = session.execute(_STANDING, which).one_or_none()
    if found is None:
        raise NotFound
    _, *kept = found
    if kept[0] is not None:
        return snapshot_of(kept)
    patient = load_patient(session, actor, patient_id)
    (worked_out,) = _compute(session, [patient], now)
    # Whoever reads need not wait until it can be kept: the next reader works it out as well.
    with suppress(OperationalError):
        _keep(database, patient.clinic_id, [worked_out], now)
    return _snapshot(worked_out.row)


def snapshot_in_transaction(session: Session, patient: Patient, now: datetime) -> OutlookSnapshot:
    """Give a patient's present standing inside a deed that holds the patient, with its forecast on record.

    It is worked out only if nobody has read it since something changed, and kept together with the deed.
    """
    _, *kept = session.execute(_STANDING, {"patient": patient.id, "now": now}).one()
    if kept[0] is not None and last_number(session, patient.id):
        return snapshot_of(kept)
    (worked_out,) = _compute(session, [patient], now)
    store(session, patient.clinic_id, [worked_out], now)
    session.flush()
    return _snapshot(worked_out.row)


def snapshot_of(kept: Sequence[Any]) -> OutlookSnapshot:
    """Give the standing that the columns of KEPT hold."""
    patient_id, change_seq, clinic_version, engine_version, today, summary, said = kept
    return OutlookSnapshot(
        patient_id, tag_of(change_seq, clinic_version, engine_version, today), summary, said
    )


def snapshot_as_of(
    session: Session, actor: Actor, patient_id: UUID | None, as_of: datetime
) -> OutlookSnapshot:
    """Give a patient's standing as it would have been given at an earlier instant, by today's engine.

    The clinic's settings are those of that instant; but a forecast is shown only if it is shown today too.
    """
    patient = load_patient(session, actor, patient_id)
    (worked_out,) = _compute(session, [patient], as_of, as_of)
    return _snapshot(worked_out.row, f"-{as_of.timestamp():.6f}")


def refresh(session: Session, database: Database, clinic_id: UUID, now: datetime) -> int:
    """Work out anew every standing of a clinic that no longer holds; gives how many it kept."""
    refreshed = 0
    for _ in range(MAX_BATCHES):
        stale = list(session.scalars(_STALE, {"now": now}))
        if not stale:
            return refreshed
        refreshed += _keep(database, clinic_id, _compute(session, stale, now), now)
        refresh_snapshot(session)
    return refreshed


def _snapshot(row: CachedOutlook, moment: str = "") -> OutlookSnapshot:
    tag = tag_of(row.change_seq, row.clinic_version, row.engine_version, row.today) + moment
    return OutlookSnapshot(row.patient_id, tag, json.dumps(row.summary), json.dumps(row.outlook), not moment)


def tag_of(change_seq: int, clinic_version: int, engine_version: str, today: date) -> str:
    """The name of exactly what an outlook was worked out from."""
    return f"s{change_seq}-{clinic_version}-{engine_version}-{today:%Y%m%d}"


def _compute(
    session: Session, patients: Sequence[Patient], now: datetime, as_of: datetime | None = None
) -> list[ComputedOutlook]:
    ids = [patient.id for patient in patients]
    clinic = session.get_one(Clinic, patients[0].clinic_id)
    # Each only grows, and one at a time: their sum names both. Looked up before what rests on them.
    settings_version = clinic.version + session.scalars(select(session_settings.VERSION)).one()
    settings = settings_as_of(session, clinic, as_of)
    mode, prior = mode_shown(settings, clinic), prior_in_use(session, settings)
    known = histories(session, clinic, ids, as_of)
    effects = side_effects_by_day(session, ids, as_of)
    booked = booked_infusions(session, ids, as_of)
    alerts = open_alerts(session, ids, as_of)
    forms, facts = forms_of(session, ids, as_of), facts_of(session, ids, as_of)
    worked_out = []
    for patient in patients:
        today = local_day.today(now, patient.time_zone, patient.day_start_hour)
        history = known[patient.id]
        said = shown(history, today, mode, prior)
        waiting = alerts.get(patient.id, 0)
        summary = summarize(
            patient.id,
            history,
            effects[patient.id],
            booked[patient.id],
            today,
            waiting,
            forms.get(patient.id, Forms()),
            reasons_to_hold(facts, patient.id, history, effects[patient.id], today),
        )
        row = CachedOutlook(
            patient_id=patient.id,
            change_seq=patient.change_seq,
            clinic_version=settings_version,
            engine_version=ENGINE_VERSION,
            today=today,
            fresh_until=local_day.turn_of_day(now, patient.time_zone, patient.day_start_hour),
            status=str(said.status),
            urgency=URGENCY[said.status] - (BEFORE_ALL_OTHERS if waiting else 0),
            sort_date=_sort_date(said),
            summary=document(summary),
            outlook=outlook_document(said),
        )
        made = said
        if mode is Mode.SILENT and as_of is None:
            made = outlook(history, today, prior)
        worked_out.append(ComputedOutlook(row, Forecasted(patient.id, made, mode is Mode.SHOWN)))
    return worked_out


def _sort_date(said: Outlook) -> date:
    return said.recommended_on or said.protocol_latest_on or date.max


def _keep(database: Database, clinic_id: UUID, worked_out: Sequence[ComputedOutlook], now: datetime) -> int:
    """Store standings, in a short transaction of their own that no engine runs in; gives how many."""
    try:
        with database.write(clinic_id) as session:
            return store(session, clinic_id, worked_out, now)
    except IntegrityError:
        # Somebody else kept the same patient's at the same time; theirs is as good, or found stale again.
        return 0


def store(session: Session, clinic_id: UUID, worked_out: Sequence[ComputedOutlook], now: datetime) -> int:
    """Keep standings in place of older ones, and put on record what forecasts say anew; gives how many."""
    query = select(CachedOutlook).where(
        CachedOutlook.patient_id.in_([each.row.patient_id for each in worked_out])
    )
    # Held here, or merging would ask for each of them again.
    kept = {row.patient_id: row for row in session.scalars(query)}
    # What somebody worked out from more than we did is kept and on record already: ours is of before.
    anew = [each for each in worked_out if not _is_older(each.row, kept.get(each.row.patient_id))]
    note_changes(session, [each.forecasted for each in anew], now)
    for each in anew:
        keep = session.merge if each.row.patient_id in kept else session.add
        keep(_copy(each.row, clinic_id))
    return len(anew)


def _is_older(row: CachedOutlook, kept: CachedOutlook | None) -> bool:
    """Whether a row was worked out from less than the one that is kept.

    The day decides last: a patient who moves westward is a day back, and that is a change of theirs.
    """
    if kept is None or kept.engine_version != row.engine_version:
        return False
    ours, theirs = (row.change_seq, row.clinic_version), (kept.change_seq, kept.clinic_version)
    if ours == theirs:
        return row.today < kept.today
    return ours[0] < theirs[0] or ours[1] < theirs[1]


def _copy(row: CachedOutlook, clinic_id: UUID) -> CachedOutlook:
    values = {name: getattr(row, name) for name in CachedOutlook.__mapper__.columns.keys()}  # noqa: SIM118
    return CachedOutlook(**{**values, "clinic_id": clinic_id})
