"""Make a clinic's forecast report every night and on request, a bounded piece at a time.

A worker claims the clinic's row under a lease, replays patients for a short while, and leaves the rest to its
next run: what is replayed is stored, so that neither the on-call's notifications nor other requests wait for
a report. Of several workers one has the lease. A worker that dies loses it when it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.outlook import ENGINE_VERSION
from models.clinics import Clinic
from models.database import Database
from models.patients import Patient
from models.reports import BacktestedPatient, ForecastReport, ForecastReportJob
from services import clock_bounds
from services.access import own_clinic
from services.context import Context
from services.reports.forecast import (
    Backtest,
    SettingsChanged,
    replay_patient,
    start_backtest,
    store_report,
)

NIGHT_HOUR: Final = 2
"""Hour of the clinic's day from which its nightly report is made. Operational."""

LEASE: Final = timedelta(minutes=10)
"""How long a claim holds: longer than a piece and the adding up take. Operational."""

PIECE_S: Final = 2.0
"""How long patients are replayed in one piece, seconds; at least one patient is. Operational."""


class Progress(StrEnum):
    """What a run of the worker did for a clinic's report."""

    NOTHING_DUE = "nothing_due"
    CONTINUED = "continued"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Request:
    """A report that is asked for, and when the newest one was made; None without one."""

    requested_at: datetime
    generated_at: datetime | None


def request(ctx: Context, clinic_id: UUID) -> Request:
    """Ask for a report; one that is asked for already stays as it is. Raises NotFound for another clinic."""
    own_clinic(ctx.actor, clinic_id)
    job = _job(ctx.session)
    if job.requested_at is None:
        job.requested_at, job.requested_by = ctx.now, ctx.actor.id
    newest = ctx.session.scalar(
        select(ForecastReport.generated_at).order_by(ForecastReport.generated_at.desc()).limit(1)
    )
    return Request(job.requested_at, newest)


def work(database: Database, clinic_id: UUID, now: datetime, seconds: Callable[[], float]) -> Progress:
    """Do one piece of a clinic's report if one is due; `seconds` is a clock that only goes forward.

    A failure gives the report up until it is asked for again or the next night, and is raised.
    """
    with database.read(clinic_id) as session:
        if not _is_due(session, clinic_id, now):
            return Progress.NOTHING_DUE
    backtest = _claim(database, clinic_id, now)
    if backtest is None:
        return Progress.NOTHING_DUE
    try:
        return _piece(database, backtest, now, seconds)
    except SettingsChanged:
        # The replays so far are of other settings: the next piece begins again.
        _release(database, clinic_id, began_at=None)
        return Progress.CONTINUED
    except SQLAlchemyError:
        # Tried again when the lease has ended: the database may be busy.
        raise
    except Exception:
        _settle(database, backtest, now, failed=True)
        raise


def _piece(database: Database, backtest: Backtest, now: datetime, seconds: Callable[[], float]) -> Progress:
    begun = seconds()
    for patient_id in _to_replay(database, backtest):
        replay_patient(database, backtest, patient_id)
        if seconds() - begun >= PIECE_S:
            _release(database, backtest.clinic_id, began_at=backtest.now)
            return Progress.CONTINUED
    # Every replay is stored by now: this reads them.
    cycles = [replay_patient(database, backtest, patient_id) for patient_id in backtest.patients]
    store_report(database, backtest, cycles)
    _settle(database, backtest, now)
    return Progress.MADE


def _to_replay(database: Database, backtest: Backtest) -> list[UUID]:
    """Return the patients whose stored replay is not that of the backtest, in one query."""
    stored = BacktestedPatient
    query = select(
        Patient.id,
        Patient.time_zone,
        Patient.day_start_hour,
        stored.last_day,
        stored.replay["infusion_ahead"].as_boolean(),
    ).outerjoin(
        stored,
        (stored.clinic_id == Patient.clinic_id)
        & (stored.patient_id == Patient.id)
        & (stored.change_seq == Patient.change_seq)
        & (stored.clinic_version == backtest.clinic_version)
        & (stored.engine_version == ENGINE_VERSION),
    )
    found = []
    with database.read(backtest.clinic_id) as session:
        for patient_id, time_zone, day_start_hour, last_day, infusion_ahead in session.execute(query):
            today = local_day.today(backtest.now, time_zone, day_start_hour)
            if last_day is None or (infusion_ahead and last_day != today):
                found.append(patient_id)
    return found


def _is_due(session: Session, clinic_id: UUID, now: datetime) -> bool:
    job = session.scalar(select(ForecastReportJob))
    if job is None:
        return True
    if _is_leased(job, now):
        return False
    asked = job.requested_at is not None or job.began_at is not None
    # A night ahead is of a clock that was wrong.
    return asked or job.night_on != _night(session, clinic_id, now)


def _is_leased(job: ForecastReportJob, now: datetime) -> bool:
    return job.leased_until is not None and not clock_bounds.is_over(job.leased_until, now, LEASE)


def _night(session: Session, clinic_id: UUID, now: datetime) -> date:
    """Return the clinic's day, which begins at NIGHT_HOUR."""
    return local_day.today(now, session.get_one(Clinic, clinic_id).time_zone, NIGHT_HOUR)


def _claim(database: Database, clinic_id: UUID, now: datetime) -> Backtest | None:
    """Claim the report under a lease, and return its backtest; None where another worker has it.

    The row is locked, so that of two workers the second sees the lease of the first.
    """
    try:
        with database.write(clinic_id) as session:
            job = _job(session)
            if _is_leased(job, now):
                return None
            continued = job.began_at is not None and not clock_bounds.is_ahead(job.began_at, now)
            began_at = (job.began_at if continued else None) or now
            job.began_at, job.leased_until = began_at, now + LEASE
    except IntegrityError:
        # Another worker added the clinic's first row at the same time, and has it.
        return None
    return start_backtest(database, clinic_id, began_at)


def _release(database: Database, clinic_id: UUID, *, began_at: datetime | None) -> None:
    with database.write(clinic_id) as session:
        job = _job(session)
        job.leased_until, job.began_at = None, began_at


def _settle(database: Database, backtest: Backtest, now: datetime, *, failed: bool = False) -> None:
    """Record that the report was made or given up; what was asked for since it began is still to be made."""
    with database.write(backtest.clinic_id) as session:
        job = _job(session)
        job.leased_until = job.began_at = None
        job.night_on = _night(session, backtest.clinic_id, now)
        if failed:
            job.failed_at = now
        asked = job.requested_at
        if failed or asked is None or asked <= backtest.now or clock_bounds.is_ahead(asked, now):
            job.requested_at = job.requested_by = None


def _job(session: Session) -> ForecastReportJob:
    """Return the clinic's row, added where there is none yet."""
    job = session.scalar(select(ForecastReportJob).with_for_update())
    if job is None:
        job = ForecastReportJob()
        session.add(job)
        session.flush()
    return job
