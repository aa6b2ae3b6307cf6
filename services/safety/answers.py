"""The daily safety answer: stored and acted on by itself, whatever happens to the rest of that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.local_day import EARLIEST_DATE
from clinical.safety import CrisisMessage, of_daily_answer
from models.patients import Patient
from models.safety import SafetyAnswer
from services.access import Actor, load_patient
from services.errors import NotFound
from services.revisions import WriteOutcome, in_force, next_revision
from services.safety.alerts import Origin, raise_concerns, unreadable_answer_message
from services.safety.settings import ever_asked


@dataclass(frozen=True, slots=True)
class SubmittedAnswer:
    """A safety answer, 0 to 3, and the local day it was sent for; None for what could not be parsed."""

    local_date: date | None
    answer: int | None


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """Result of storing one request's safety answers: `message` is what its response must show first.

    `asked` says whether the clinic ever asked the question; `outcome` is that of the last answer stored.
    """

    asked: bool
    message: CrisisMessage | None = None
    outcome: WriteOutcome | None = None


def store_answers(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    submitted: Iterable[SubmittedAnswer],
    now: datetime,
) -> IntakeResult:
    """Store safety answers, and open an alert for each above "not at all"; sent again, nothing changes.

    Where the clinic never asked the question nothing is stored: nobody there was prepared to receive it.
    Where it once did, the answer of a phone that was away is stored. An answer whose day cannot be parsed, or
    lies off the calendar, is about the patient's current day. One that cannot be parsed itself is answered
    with the crisis message.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    if not ever_asked(session):
        return IntakeResult(asked=False)
    message, outcome = None, None
    for each in submitted:
        if each.answer is None:
            message = message or unreadable_answer_message(session)
            continue
        day = resolve_day(patient, each.local_date, now)
        outcome, lowered_at = _append(session, actor, patient, (day, each.answer), now)
        origin = Origin(str(day), day, lowered_at)
        message = raise_concerns(session, patient, of_daily_answer(each.answer), origin, now) or message
    return IntakeResult(asked=True, message=message, outcome=outcome)


def read(session: Session, actor: Actor, patient_id: UUID | None, local_date: date) -> SafetyAnswer:
    """Return the current answer of a day; raises NotFound where there is none."""
    patient = load_patient(session, actor, patient_id)
    found = _current(session, patient, local_date)
    if found is None:
        raise NotFound
    return found


def page(
    session: Session, actor: Actor, patient_id: UUID | None, after: date | None, limit: int
) -> list[SafetyAnswer]:
    """Return a patient's current safety answers in order of date: those after `after`, at most `limit`."""
    patient = load_patient(session, actor, patient_id)
    query = select(SafetyAnswer).where(SafetyAnswer.patient_id == patient.id, in_force(SafetyAnswer))
    if after is not None:
        query = query.where(SafetyAnswer.local_date > after)
    return list(session.scalars(query.order_by(SafetyAnswer.local_date).limit(limit)))


def resolve_day(patient: Patient, named: date | None, now: datetime) -> date:
    """Return the local day an answer is about: the one named, else the patient's current day."""
    if named is not None and named >= EARLIEST_DATE and local_day.has_begun_somewhere(named, now):
        return named
    return local_day.today(now, patient.time_zone, patient.day_start_hour)


def _current(session: Session, patient: Patient, day: date) -> SafetyAnswer | None:
    row = SafetyAnswer
    return session.scalar(
        select(row).where(row.patient_id == patient.id, row.local_date == day, in_force(row))
    )


def _append(
    session: Session, actor: Actor, patient: Patient, submitted: tuple[date, int], now: datetime
) -> tuple[WriteOutcome, datetime | None]:
    """Store a day's answer; also return when the current one was received, if that was a lower one."""
    day, answer = submitted
    current = _current(session, patient, day)
    if current is not None and current.answer == answer:
        return WriteOutcome.UNCHANGED, None
    following = next_revision(session, current, now)
    answered = {"patient_id": patient.id, "local_date": day, "answer": answer, "recorded_by": actor.id}
    session.add(SafetyAnswer(**answered, **following))
    session.flush()
    if current is None:
        return WriteOutcome.CREATED, None
    return WriteOutcome.UPDATED, current.known_from if current.answer < answer else None
