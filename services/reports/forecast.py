"""Report on a clinic's forecasts: replay its past, store each patient's replay, return the last report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.outlook import ENGINE_VERSION
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.sentences import Sentence, sentences
from models.clinics import Clinic
from models.database import Database
from models.outlooks import OutlookDecision
from models.patients import Patient
from models.reports import BacktestedPatient, ForecastReport
from services.access import Actor, own_clinic
from services.clinic_settings import prior_in_use
from services.errors import ServiceError
from services.outlooks.documents import document
from services.reports.backtest import Clock, ReplayedCycle, from_json, replay, to_json
from services.reports.forecast_figures import Decision, figures
from services.reports.known_at import revision_history_of

ESTIMATED_HERE = Sentence(
    "The prior in use was estimated from these same patients, which flatters it; flask outlook fit-prior "
    "reports its cross-validation on patients it had not seen."
)

LONGEST_RUN: Final = timedelta(days=1)
"""Longest time from the beginning of a report to its end, in pieces. Operational."""


class NoReportYet(ServiceError):
    """No report on the clinic's forecasts has been finished."""

    code = "no_report_yet"
    detail = Sentence(
        "There is no report on this clinic's forecasts yet: one is made every night, or within "
        "minutes after a POST to this address."
    )


class SettingsChanged(Exception):
    """The clinic's settings changed during a backtest, so that its replays cannot be added up."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """A run over a clinic's patients: the settings' version, the patients and the instant it began with."""

    clinic_id: UUID
    clinic_version: int
    patients: tuple[UUID, ...]
    now: datetime


def latest(session: Session, actor: Actor, clinic_id: UUID) -> ForecastReport:
    """Return the clinic's last finished report; raises NoReportYet, and NotFound for another clinic."""
    own_clinic(actor, clinic_id)
    newest = select(ForecastReport).order_by(ForecastReport.generated_at.desc(), ForecastReport.id).limit(1)
    found = session.scalar(newest)
    if found is None:
        raise NoReportYet
    return found


def start_backtest(database: Database, clinic_id: UUID, now: datetime) -> Backtest:
    """Return a new backtest of a clinic, with discharged patients: without them it would be biased."""
    with database.read(clinic_id) as session:
        version = session.get_one(Clinic, clinic_id).version
        patients = session.scalars(select(Patient.id).order_by(Patient.enrolled_at, Patient.id))
        return Backtest(clinic_id, version, tuple(patients), now)


def replay_patient(
    database: Database, backtest: Backtest, patient_id: UUID, *, force: bool = False
) -> list[ReplayedCycle]:
    """Return a patient's replayed cycles: the stored ones while they are valid, or computed and stored.

    Raises SettingsChanged.
    """
    clinic_id = backtest.clinic_id
    with database.read(clinic_id) as session:
        clinic = _unchanged(session, backtest)
        patient = session.get_one(Patient, (clinic_id, patient_id))
        today = local_day.today(backtest.now, patient.time_zone, patient.day_start_hour)
        stored = None if force else session.get(BacktestedPatient, (clinic_id, patient_id))
        versions = (patient.change_seq, clinic.version, ENGINE_VERSION)
        if stored is not None and _is_valid(stored, versions, today):
            return from_json(stored.replay)
        prior = prior_in_use(session, clinic)
        past = revision_history_of(session, clinic, patient_id)
    cycles = replay(past, Clock(patient.time_zone, patient.day_start_hour), today, prior)
    row = BacktestedPatient(
        clinic_id=clinic_id,
        patient_id=patient_id,
        change_seq=versions[0],
        clinic_version=versions[1],
        engine_version=ENGINE_VERSION,
        last_day=today,
        replay={**to_json(cycles), "infusion_ahead": past.has_infusion_after(today)},
    )
    # Another run that inserted the same patient's row first stored the same replay.
    with suppress(IntegrityError), database.write(clinic_id) as session:
        session.merge(row)
    return cycles


def _unchanged(session: Session, backtest: Backtest) -> Clinic:
    clinic = session.get_one(Clinic, backtest.clinic_id)
    if clinic.version != backtest.clinic_version:
        raise SettingsChanged
    return clinic


def _is_valid(stored: BacktestedPatient, versions: tuple[int, int, str], today: date) -> bool:
    # Only an infusion ends a cycle, and recording one changes change_seq. So later days add nothing to a
    # replay, unless an infusion was recorded for a day that still lay ahead of its last one.
    no_cycle_since = stored.last_day == today or not stored.replay["infusion_ahead"]
    return no_cycle_since and (stored.change_seq, stored.clinic_version, stored.engine_version) == versions


def store_report(
    database: Database, backtest: Backtest, cycles: Sequence[Sequence[ReplayedCycle]]
) -> dict[str, Any]:
    """Compute the report from all replayed cycles, store and return it; raises SettingsChanged."""
    with database.read(backtest.clinic_id) as session:
        prior = prior_in_use(session, _unchanged(session, backtest))
        decisions = _decisions(session)
    found = figures(cycles, decisions)
    report = {
        "how_to_read": found["how_to_read"],
        "units": found["units"],
        "generated_at": backtest.now.isoformat(timespec="seconds"),
        "engine_version": ENGINE_VERSION,
        "prior_version": prior.version,
        **found,
        "statement": sentences((found["statement"], *([] if prior == PUBLISHED else [ESTIMATED_HERE]))),
    }
    row = ForecastReport(
        clinic_id=backtest.clinic_id,
        id=uuid4(),
        generated_at=backtest.now,
        engine_version=ENGINE_VERSION,
        prior_version=prior.version,
        report=document(report),
    )
    # The write transaction begins after the computation: SQLite's write lock would block every other writer.
    with database.write(backtest.clinic_id) as session:
        # A report that a clock ahead of ours made would be the newest one until then.
        ahead = ForecastReport.generated_at > backtest.now + LONGEST_RUN
        session.execute(delete(ForecastReport).where(ahead))
        session.add(row)
    return report


def _decisions(session: Session) -> list[Decision]:
    columns = OutlookDecision.decision, OutlookDecision.booked_on, OutlookDecision.recommended_on
    found = session.execute(select(*columns))
    return [
        Decision(verdict == "agree", booked_on, recommended_on)
        for verdict, booked_on, recommended_on in found
    ]
