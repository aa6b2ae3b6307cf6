"""How a clinic's forecasts turned out: walk its past, keep what was walked, and serve the last report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.outlook import ENGINE_VERSION
from clinical.outlook.model.population_prior import PUBLISHED
from models.clinics import Clinic
from models.database import Database
from models.outlooks import OutlookDecision
from models.patients import Patient
from models.reports import BacktestedPatient, ForecastReport
from services.access import Actor, own_clinic
from services.clinic_settings import prior_in_use
from services.errors import ServiceError
from services.reports.backtest import Clock, ReplayedCycle, from_json, replay, to_json
from services.reports.forecast_figures import Decision, figures
from services.reports.known_at import revision_history_of

ESTIMATED_HERE = (
    " The prior in use was learnt from these same patients, which flatters it; flask outlook fit-prior says "
    "how it did on patients it had not seen."
)


class NoReportYet(ServiceError):
    """No report has been finished for the clinic."""

    code = "no_report_yet"
    detail = "No report of this clinic's forecasts has been made yet; flask outlook backtest makes one."


class SettingsChanged(Exception):
    """The clinic's settings changed during a backtest: what was walked before and after does not add up."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """What one walk through a clinic's past began with: the settings, the patients and the instant."""

    clinic_id: UUID
    clinic_version: int
    patients: tuple[UUID, ...]
    now: datetime


def latest(session: Session, actor: Actor, clinic_id: UUID) -> ForecastReport:
    """Give the clinic's last finished report; raises NoReportYet."""
    own_clinic(actor, clinic_id)
    newest = select(ForecastReport).order_by(ForecastReport.generated_at.desc(), ForecastReport.id).limit(1)
    found = session.scalar(newest)
    if found is None:
        raise NoReportYet
    return found


def set_out(database: Database, clinic_id: UUID, now: datetime) -> Backtest:
    """Set out on a walk through a clinic's past, with those discharged: theirs is part of the record."""
    with database.read(clinic_id) as session:
        version = session.get_one(Clinic, clinic_id).version
        patients = session.scalars(select(Patient.id).order_by(Patient.enrolled_at, Patient.id))
        return Backtest(clinic_id, version, tuple(patients), now)


def walked(
    database: Database, backtest: Backtest, patient_id: UUID, *, force: bool = False
) -> list[ReplayedCycle]:
    """Replay a patient's past and store it; a stored replay is used while it is fresh.

    Raises SettingsChanged.
    """
    clinic_id = backtest.clinic_id
    with database.read(clinic_id) as session:
        clinic = _unchanged(session, backtest)
        patient = session.get_one(Patient, (clinic_id, patient_id))
        today = local_day.today(backtest.now, patient.time_zone, patient.day_start_hour)
        stored = None if force else session.get(BacktestedPatient, (clinic_id, patient_id))
        made = (patient.change_seq, clinic.version, ENGINE_VERSION)
        if stored is not None and _is_fresh(stored, made, today):
            return from_json(stored.replay)
        prior = prior_in_use(session, clinic)
        past = revision_history_of(session, clinic, patient_id)
    cycles = replay(past, Clock(patient.time_zone, patient.day_start_hour), today, prior)
    row = BacktestedPatient(
        clinic_id=clinic_id,
        patient_id=patient_id,
        change_seq=made[0],
        clinic_version=made[1],
        engine_version=ENGINE_VERSION,
        last_day=today,
        replay={**to_json(cycles), "infusion_ahead": past.has_infusion_after(today)},
    )
    # Another process that replayed the same patient at the same time stored the same.
    with suppress(IntegrityError), database.write(clinic_id) as session:
        session.merge(row)
    return cycles


def _unchanged(session: Session, backtest: Backtest) -> Clinic:
    clinic = session.get_one(Clinic, backtest.clinic_id)
    if clinic.version != backtest.clinic_version:
        raise SettingsChanged
    return clinic


def _is_fresh(stored: BacktestedPatient, made: tuple[int, int, str], today: date) -> bool:
    # The days since can have ended no cycle: that takes an infusion, and recording one is a change.
    no_cycle_since = stored.last_day == today or not stored.replay["infusion_ahead"]
    return no_cycle_since and (stored.change_seq, stored.clinic_version, stored.engine_version) == made


def finish(
    database: Database, backtest: Backtest, cycles: Sequence[Sequence[ReplayedCycle]]
) -> dict[str, Any]:
    """Make the report of all that was walked, keep it, and give it; raises SettingsChanged."""
    with database.read(backtest.clinic_id) as session:
        prior = prior_in_use(session, _unchanged(session, backtest))
        decisions = _decisions(session)
    found = figures(cycles, decisions)
    report = {
        "generated_at": backtest.now.isoformat(timespec="seconds"),
        "engine_version": ENGINE_VERSION,
        "prior_version": prior.version,
        **found,
        "statement": found["statement"] + ("" if prior == PUBLISHED else ESTIMATED_HERE),
    }
    row = ForecastReport(
        clinic_id=backtest.clinic_id,
        id=uuid4(),
        generated_at=backtest.now,
        engine_version=ENGINE_VERSION,
        prior_version=prior.version,
        report=report,
    )
    # Only now: nobody writes for as long as the figures take, if they are made under SQLite's lock.
    with database.write(backtest.clinic_id) as session:
        session.add(row)
    return report


def _decisions(session: Session) -> list[Decision]:
    columns = OutlookDecision.decision, OutlookDecision.booked_on, OutlookDecision.recommended_on
    found = session.execute(select(*columns))
    return [
        Decision(verdict == "agree", booked_on, recommended_on)
        for verdict, booked_on, recommended_on in found
    ]
