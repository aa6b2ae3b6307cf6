"""Decisions on outlooks before maintenance infusions, each on the outlook of the day before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.infusion import GIVEN
from clinical.outlook import ENGINE_VERSION, Outlook, outlook
from clinical.outlook_decision import ClinicianDecision
from demo.ids import uuid_from
from demo.records import at
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.infusions import Infusion
from models.outlooks import OutlookDecision
from models.patients import Patient
from services.histories import histories
from services.outlooks.current import outlook_id_of
from services.outlooks.history import ComputedForecast, last_change_number, record_changes
from services.revisions import AsOf, in_force

DECIDED_PATIENTS: Final = 14
"""Number of patients with decisions: before each maintenance infusion of the one with a login, and before
the last one of the others."""

DIFFERS_EVERY: Final = 3
"""The clinician differs on one outlook in so many."""

DECISION_HOUR: Final = 11.0
REASON: Final = "Travels the week after, and comes when it can be."


def decide(session: Session, clinician_id: UUID) -> None:
    """Add the forecasts before these infusions to the history, and the decisions on them.

    The rows of the session's clinic must have been flushed.
    """
    rng = Random("outlooks")  # noqa: S311  simulated data
    clinic = session.scalars(select(Clinic).where(Clinic.id == session.info["clinic_id"])).one()
    for number, (patient, day) in enumerate(_infusions(session, clinic)):
        when = at(day - timedelta(days=1), DECISION_HOUR, patient.time_zone)
        history = histories(session, clinic, [patient.id], AsOf(when))[patient.id]
        today = local_day.today(when, patient.time_zone, patient.day_start_hour)
        forecast = outlook(history, today)
        record_changes(session, [ComputedForecast(patient.id, forecast, shown=True)], when)
        session.flush()
        differs = number % DIFFERS_EVERY == DIFFERS_EVERY - 1
        decision = _decision(session, clinic, patient, forecast, when)
        decision.id, decision.decided_by, decision.booked_on = uuid_from(rng), clinician_id, day
        decision.decision = str(ClinicianDecision.DIFFER if differs else ClinicianDecision.AGREE)
        decision.reason = REASON if differs else None
        session.add(decision)
    session.flush()


def _infusions(session: Session, clinic: Clinic) -> Iterator[tuple[Patient, date]]:
    """Yield the maintenance infusions that were decided on, with their patients."""
    given = defaultdict(list)
    query = select(Infusion.patient_id, Infusion.local_date).where(
        in_force(Infusion), Infusion.status.in_([str(status) for status in GIVEN])
    )
    for patient_id, day in session.execute(query.order_by(Infusion.local_date)):
        given[patient_id].append(day)
    patients = session.scalars(select(Patient).order_by(Patient.record_number))
    in_cycles = [each for each in patients if len(given[each.id]) > clinic.induction_infusion_count]
    for place, patient in enumerate(in_cycles[:DECIDED_PATIENTS]):
        days = given[patient.id][clinic.induction_infusion_count :]
        for day in days[-1:] if place else days:
            yield patient, day


def _decision(
    session: Session, clinic: Clinic, patient: Patient, forecast: Outlook, when: datetime
) -> OutlookDecision:
    """Return a row that refers to the outlook, without the decision itself."""
    known = select(func.max(CheckIn.change_seq)).where(
        CheckIn.patient_id == patient.id, CheckIn.known_from <= when
    )
    return OutlookDecision(
        patient_id=patient.id,
        outlook_id=outlook_id_of(session.scalar(known) or 0, clinic.version, ENGINE_VERSION, forecast.today),
        change_number=last_change_number(session, patient.id),
        today=forecast.today,
        status=str(forecast.status),
        recommended_on=forecast.recommended_on,
        decided_at=when,
    )
