"""The daily safety answer: stored and acted on by itself, whatever happens to the rest of that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinical import local_day
from clinical.safety import CrisisMessage, of_daily_answer
from models.patients import Patient
from models.safety import SafetyAnswer
from services.context import Context
from services.dates import RecordedDay, date_errors, expected_day
from services.revisions import Page, PageRequest, Revisions, WriteOutcome, WriteResult
from services.safety.alerts import Origin, raise_concerns, unreadable_answer_message
from services.safety.settings import ever_asked

Moment = tuple[str, datetime]
"""The time zone in which something was answered, and the instant."""


@dataclass(frozen=True, slots=True)
class SubmittedAnswer:
    """A safety answer, 0 to 3, and the local day it was sent for; None for what could not be parsed.

    `moment` is the time zone and the instant that came with it, None without both.
    """

    local_date: date | None
    answer: int | None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """A day's safety answer, 0 to 3."""

    answer: int


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """Result of storing one request's safety answers: `message` is what its response must show first.

    `asked` says whether the clinic ever asked the question; `outcome` is that of the last answer stored.
    """

    asked: bool
    message: CrisisMessage | None = None
    outcome: WriteOutcome | None = None


class _Answers(Revisions[SafetyAnswer, AnswerDraft]):
    table = SafetyAnswer
    draft = AnswerDraft
    key = ("local_date",)
    increments_change_seq = False
    order = ("local_date",)

    def count(self) -> None:
        """Count nothing: a safety answer is stored whatever was stored before it."""

    def replace(self, answer: int) -> tuple[WriteResult[SafetyAnswer], datetime | None]:
        """Store the answer whatever the version; also return when the one before came, if that was lower."""
        before = self.current
        stored = self.append(AnswerDraft(answer), self.version or None)
        lowered = before is not None and before.answer < answer
        return stored, before.known_from if before and lowered else None


def store_answers(
    ctx: Context, patient_id: UUID | None, submitted: Iterable[SubmittedAnswer]
) -> IntakeResult:
    """Store safety answers, and open an alert for each above "not at all"; sent again, nothing changes.

    Where the clinic never asked the question nothing is stored: nobody there was prepared to receive it.
    Where it once did, the answer of a phone that was away is stored. An answer whose day cannot be parsed, or
    lies off the calendar, is about the patient's current day; see `resolve_day`. One that cannot be parsed
    itself is answered with the crisis message.
    """
    patient = ctx.load_patient(patient_id, lock=True)
    if not ever_asked(ctx.session):
        return IntakeResult(asked=False)
    message, outcome = None, None
    for each in submitted:
        if each.answer is None:
            message = message or unreadable_answer_message(ctx.session)
            continue
        day = resolve_day(ctx, patient, each.local_date, each.moment)
        answers = _Answers(ctx, patient, (day,), _Answers.find(ctx.session, patient.id, day))
        stored, lowered_at = answers.replace(each.answer)
        outcome = stored.outcome
        origin, concerns = Origin(str(day), day, lowered_at), of_daily_answer(each.answer)
        message = raise_concerns(ctx.session, patient, concerns, origin, ctx.now) or message
    return IntakeResult(asked=True, message=message, outcome=outcome)


def read(ctx: Context, patient_id: UUID | None, local_date: date) -> SafetyAnswer:
    """Return the current answer of a day; raises NotFound where there is none."""
    return _Answers.read(ctx, patient_id, local_date)


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[SafetyAnswer]:
    """Return a page of a patient's current safety answers in order of date."""
    return _Answers.page(ctx, patient_id, wanted)


def resolve_day(ctx: Context, patient: Patient, named: date | None, moment: Moment | None = None) -> date:
    """Return the local day an answer is about: the one named, else the patient's current day.

    A named day that had not begun at the moment of the answer becomes the one that it was: the rest of the
    request is refused with that day, and sent again for it.
    """
    if named is None or any(date_errors(named, ctx.now, "")):
        return local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    if moment is None:
        return named
    return expected_day(ctx, patient, RecordedDay(named, *moment)) or named
