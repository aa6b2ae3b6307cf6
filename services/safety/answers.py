"""The daily safety answer: kept and acted on by itself, whatever becomes of the rest of that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.safety import CrisisMessage, of_daily_answer
from models.patients import Patient
from models.safety import SafetyAnswer
from services.access import Actor, load_patient
from services.check_ins import EARLIEST
from services.revisions import in_force, next_revision
from services.safety.alerts import Origin, raise_concerns, unreadable_answer_message
from services.safety.settings import ever_asked

SubmittedAnswer = tuple[date | None, int | None]
"""A local day and the answer given for it, 0 to 3; None where either could not be read."""


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of the safety answers of one request; `message` is what its answer must show first."""

    asked: bool
    message: CrisisMessage | None


def store_answers(
    session: Session, actor: Actor, patient_id: UUID | None, told: Iterable[SubmittedAnswer], now: datetime
) -> IntakeResult:
    """Keep safety answers, and open an alert for each above "not at all"; heard again, nothing changes.

    Where the clinic never asked the question nothing is kept: nobody there was prepared to be told. Where it
    once did, a phone that was away is heard. An answer whose day cannot be read, or lies off the calendar,
    is about the patient's present day. One that cannot be read itself is answered with whom to turn to.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    if not ever_asked(session):
        return IntakeResult(asked=False, message=None)
    shown = None
    for named, answer in told:
        if answer is None:
            shown = shown or unreadable_answer_message(session)
            continue
        day = resolve_day(patient, named, now)
        lowered_at = _keep(session, actor, patient, day, answer, now)
        origin = Origin(str(day), day, lowered_at)
        shown = raise_concerns(session, patient, of_daily_answer(answer), origin, now) or shown
    return IntakeResult(asked=True, message=shown)


def answers(
    session: Session, actor: Actor, patient_id: UUID | None, after: date | None, limit: int
) -> list[SafetyAnswer]:
    """List a patient's safety answers in order of date, each as it was told last."""
    patient = load_patient(session, actor, patient_id)
    query = select(SafetyAnswer).where(SafetyAnswer.patient_id == patient.id, in_force(SafetyAnswer))
    if after is not None:
        query = query.where(SafetyAnswer.local_date > after)
    return list(session.scalars(query.order_by(SafetyAnswer.local_date).limit(limit)))


def resolve_day(patient: Patient, named: date | None, now: datetime) -> date:
    """The local day an answer is about: the one named, or the patient's present day where it cannot be."""
    if named is not None and named >= EARLIEST and local_day.has_begun_somewhere(named, now):
        return named
    return local_day.today(now, patient.time_zone, patient.day_starts_at)


def _keep(
    session: Session, actor: Actor, patient: Patient, day: date, answer: int, now: datetime
) -> datetime | None:
    """Keep a day's answer; gives when the one that stood was told, if that was a lower one."""
    query = select(SafetyAnswer).where(
        SafetyAnswer.patient_id == patient.id, SafetyAnswer.local_date == day, in_force(SafetyAnswer)
    )
    current = session.scalar(query)
    if current is not None and current.answer == answer:
        return None
    following = next_revision(session, current, now)
    answered = {"patient_id": patient.id, "local_date": day, "answer": answer, "recorded_by": actor.id}
    session.add(SafetyAnswer(**answered, **following))
    session.flush()
    return current.known_from if current is not None and current.answer < answer else None
