"""What the demo clinic decided on outlooks before maintenance infusions, each as it stood the day before."""

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
from clinical.outlook import ENGINE_VERSION, ClinicianDecision, Outlook, outlook
from demo.records import at, uuid_from
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.infusions import Infusion
from models.outlooks import OutlookDecision
from models.patients import Patient
from services.histories import histories
from services.outlooks.current import tag_of
from services.outlooks.history import Forecasted, last_number, note_changes
from services.revisions import in_force

DECIDED: Final = 14
"""Of so many patients there are decisions: before each maintenance infusion of the one who signs in, and
before the last one of the others."""

DIFFERS: Final = 3
"""On every so many outlooks the clinician differs."""

AT: Final = 11.0
WHY: Final = "Travels the week after, and comes when it can be."


def decide(session: Session, clinician_id: UUID) -> None:
    """Store the forecasts before those infusions in the history, and the decisions on them.

    The session's clinic is there, and flushed.
    """
    chance = Random("outlooks")  # noqa: S311  made-up data, the same every time
    clinic = session.scalars(select(Clinic).where(Clinic.id == session.info["clinic_id"])).one()
    for number, (patient, day) in enumerate(_infusions(session, clinic)):
        when = at(day - timedelta(days=1), AT, patient.time_zone)
        history = histories(session, clinic, [patient.id], when)[patient.id]
        today = local_day.today(when, patient.time_zone, patient.day_start_hour)
        forecast = outlook(history, today)
        note_changes(session, [Forecasted(patient.id, forecast, shown=True)], when)
        session.flush()
        differs = number % DIFFERS == DIFFERS - 1
        decision = _decision(session, clinic, patient, forecast, when)
        decision.id, decision.decided_by, decision.booked_on = uuid_from(chance), clinician_id, day
        decision.decision = str(ClinicianDecision.DIFFER if differs else ClinicianDecision.AGREE)
        decision.reason = WHY if differs else None
        session.add(decision)
    session.flush()


def _infusions(session: Session, clinic: Clinic) -> Iterator[tuple[Patient, date]]:
    """The infusions that were decided on: each opened a cycle after the first, which ends the induction."""
    given = defaultdict(list)
    query = select(Infusion.patient_id, Infusion.local_date).where(
        in_force(Infusion), Infusion.status.in_([str(status) for status in GIVEN])
    )
    for patient_id, day in session.execute(query.order_by(Infusion.local_date)):
        given[patient_id].append(day)
    patients = session.scalars(select(Patient).order_by(Patient.record_number))
    in_cycles = [each for each in patients if len(given[each.id]) > clinic.induction_infusion_count]
    for place, patient in enumerate(in_cycles[:DECIDED]):
        days = given[patient.id][clinic.induction_infusion_count :]
        for day in days[-1:] if place else days:
            yield patient, day


def _decision(
    session: Session, clinic: Clinic, patient: Patient, forecast: Outlook, when: datetime
) -> OutlookDecision:
    """A decision on an outlook, still without what was decided."""
    known = select(func.max(CheckIn.change_seq)).where(
        CheckIn.patient_id == patient.id, CheckIn.known_from <= when
    )
    return OutlookDecision(
        patient_id=patient.id,
        outlook_tag=tag_of(session.scalar(known) or 0, clinic.version, ENGINE_VERSION, forecast.today),
        change_number=last_number(session, patient.id),
        today=forecast.today,
        status=str(forecast.status),
        recommended_on=forecast.recommended_on,
        decided_at=when,
    )
