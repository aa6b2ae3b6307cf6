"""Compute outlooks, cache them with the versions of their inputs, and read them while they are fresh."""

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
    """One patient's summary and outlook, and the tag that identifies this version of both.

    Both are the text they are stored as: a client that has the tag need not read them.
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
    """A snapshot to be cached as it is shown, and the forecast to be added to the history."""

    row: CachedOutlook
    forecasted: Forecasted


CACHED_COLUMNS = (
    CachedOutlook.patient_id,
    CachedOutlook.change_seq,
    CachedOutlook.clinic_version,
    CachedOutlook.engine_version,
    CachedOutlook.today,
    as_type(CachedOutlook.summary, Text).label("summary"),
    as_type(CachedOutlook.outlook, Text).label("outlook"),
)
"""The columns that `snapshot_of` reads a snapshot from."""

# What changes a patient's answer changes their change_seq in its own transaction: that is the mark.
IS_FRESH = and_(
    CachedOutlook.patient_id == Patient.id,
    CachedOutlook.change_seq == Patient.change_seq,
    CachedOutlook.clinic_version == Clinic.version + session_settings.VERSION,
    CachedOutlook.engine_version == ENGINE_VERSION,
    CachedOutlook.fresh_until > bindparam("now"),
)
"""Whether the cached outlook is what would be computed at `now`; joins Patient, Clinic and CachedOutlook."""

_SNAPSHOT = prepared(
    select(Patient.id, *CACHED_COLUMNS)
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
    """Return a patient's current snapshot, computed again only if something changed since it was cached."""
    which = {"patient": patient_of(actor, patient_id), "now": now}
    found = session.execute(_SNAPSHOT, which).one_or_none()
    if found is None:
        raise NotFound
    _, *cached = found
    if cached[0] is not None:
        return snapshot_of(cached)
    patient = load_patient(session, actor, patient_id)
    (computed,) = _compute(session, [patient], now)
    # The reader need not wait until it can be cached: the next one computes it as well.
    with suppress(OperationalError):
        _cache(database, patient.clinic_id, [computed], now)
    return _snapshot(computed.row)


def snapshot_in_transaction(session: Session, patient: Patient, now: datetime) -> OutlookSnapshot:
    """Return a patient's current snapshot within a use case that has locked the patient, with its history.

    It is computed only if nobody has read it since something changed, and cached in the same transaction.
    """
    _, *cached = session.execute(_SNAPSHOT, {"patient": patient.id, "now": now}).one()
    if cached[0] is not None and last_number(session, patient.id):
        return snapshot_of(cached)
    (computed,) = _compute(session, [patient], now)
    store(session, patient.clinic_id, [computed], now)
    session.flush()
    return _snapshot(computed.row)


def snapshot_of(cached: Sequence[Any]) -> OutlookSnapshot:
    """Return the snapshot in the columns of CACHED_COLUMNS."""
    patient_id, change_seq, clinic_version, engine_version, today, summary, outlook_text = cached
    return OutlookSnapshot(
        patient_id, tag_of(change_seq, clinic_version, engine_version, today), summary, outlook_text
    )


def snapshot_as_of(
    session: Session, actor: Actor, patient_id: UUID | None, as_of: datetime
) -> OutlookSnapshot:
    """Return a patient's snapshot as of an earlier instant, by today's engine.

    The clinic's settings are those of that instant; but a forecast is shown only if it is shown today too.
    """
    patient = load_patient(session, actor, patient_id)
    (computed,) = _compute(session, [patient], as_of, as_of)
    return _snapshot(computed.row, f"-{as_of.timestamp():.6f}")


def refresh(session: Session, database: Database, clinic_id: UUID, now: datetime) -> int:
    """Compute every outlook of a clinic that is no longer fresh; return how many were cached."""
    refreshed = 0
    for _ in range(MAX_BATCHES):
        stale = list(session.scalars(_STALE, {"now": now}))
        if not stale:
            return refreshed
        refreshed += _cache(database, clinic_id, _compute(session, stale, now), now)
        refresh_snapshot(session)
    return refreshed


def _snapshot(row: CachedOutlook, moment: str = "") -> OutlookSnapshot:
    tag = tag_of(row.change_seq, row.clinic_version, row.engine_version, row.today) + moment
    return OutlookSnapshot(row.patient_id, tag, json.dumps(row.summary), json.dumps(row.outlook), not moment)


def tag_of(change_seq: int, clinic_version: int, engine_version: str, today: date) -> str:
    """Return the tag of the inputs that an outlook was computed from."""
    return f"s{change_seq}-{clinic_version}-{engine_version}-{today:%Y%m%d}"


def _compute(
    session: Session, patients: Sequence[Patient], now: datetime, as_of: datetime | None = None
) -> list[ComputedOutlook]:
    ids = [patient.id for patient in patients]
    clinic = session.get_one(Clinic, patients[0].clinic_id)
    # Each only grows, and one at a time: their sum names both. Read before what depends on them.
    settings_version = clinic.version + session.scalars(select(session_settings.VERSION)).one()
    settings = settings_as_of(session, clinic, as_of)
    mode, prior = mode_shown(settings, clinic), prior_in_use(session, settings)
    known = histories(session, clinic, ids, as_of)
    effects = side_effects_by_day(session, ids, as_of)
    booked = booked_infusions(session, ids, as_of)
    alerts = open_alerts(session, ids, as_of)
    forms, facts = forms_of(session, ids, as_of), facts_of(session, ids, as_of)
    computed = []
    for patient in patients:
        today = local_day.today(now, patient.time_zone, patient.day_start_hour)
        history = known[patient.id]
        visible = shown(history, today, mode, prior)
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
            status=str(visible.status),
            urgency=URGENCY[visible.status] - (BEFORE_ALL_OTHERS if waiting else 0),
            sort_date=_sort_date(visible),
            summary=document(summary),
            outlook=outlook_document(visible),
        )
        made = visible
        if mode is Mode.SILENT and as_of is None:
            made = outlook(history, today, prior)
        computed.append(ComputedOutlook(row, Forecasted(patient.id, made, mode is Mode.SHOWN)))
    return computed


def _sort_date(visible: Outlook) -> date:
    return visible.recommended_on or visible.protocol_latest_on or date.max


def _cache(database: Database, clinic_id: UUID, computed: Sequence[ComputedOutlook], now: datetime) -> int:
    """Cache outlooks in a short transaction in which nothing is computed; return how many."""
    try:
        with database.write(clinic_id) as session:
            return store(session, clinic_id, computed, now)
    except IntegrityError:
        # Another process cached the same patient's at the same time; it is as good, or found stale again.
        return 0


def store(session: Session, clinic_id: UUID, computed: Sequence[ComputedOutlook], now: datetime) -> int:
    """Replace older cached outlooks, and add changed forecasts to the history; return how many."""
    query = select(CachedOutlook).where(
        CachedOutlook.patient_id.in_([each.row.patient_id for each in computed])
    )
    # Loaded here, or merging would query each of them again.
    cached = {row.patient_id: row for row in session.scalars(query)}
    # What another process computed from newer inputs is cached and in the history already: ours is older.
    newer = [each for each in computed if not _is_older(each.row, cached.get(each.row.patient_id))]
    note_changes(session, [each.forecasted for each in newer], now)
    for each in newer:
        write = session.merge if each.row.patient_id in cached else session.add
        write(_copy(each.row, clinic_id))
    return len(newer)


def _is_older(row: CachedOutlook, cached: CachedOutlook | None) -> bool:
    """Return whether a row was computed from older inputs than the cached one.

    The day decides last: a patient who moves westward is a day back, and that is a change of theirs.
    """
    if cached is None or cached.engine_version != row.engine_version:
        return False
    ours, theirs = (row.change_seq, row.clinic_version), (cached.change_seq, cached.clinic_version)
    if ours == theirs:
        return row.today < cached.today
    return ours[0] < theirs[0] or ours[1] < theirs[1]


def _copy(row: CachedOutlook, clinic_id: UUID) -> CachedOutlook:
    values = {name: getattr(row, name) for name in CachedOutlook.__mapper__.columns.keys()}  # noqa: SIM118
    return CachedOutlook(**{**values, "clinic_id": clinic_id})
