"""The headline of a patient: the answer in a few short sentences, before any field.

In this order: open alerts, the status with the lack of a benefit, measures that disagree, what worsened, how
likely half of the benefit is lost, the days since the last infusion against the plan, the booking, and the
PHQ-9 total against the one before treatment. Every number and day is stated once, by the same rules as in
`clinical.attention`: what the booking's sentence says is left out of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from clinical.attention import AttentionCode, AttentionFacts, attention, half_lost
from clinical.booking import BookingCode
from clinical.formatting import count, on
from clinical.induction_pace import InductionPace, InductionProgress, infusions_given
from clinical.outlook.result import Status
from clinical.outlook.status import P_POSSIBLY_LOST
from clinical.protocol import Protocol
from clinical.sentences import NOTHING, Sentence, sentences
from clinical.treatment_course import EndReason, ProposedCourse, TreatmentCourse

TOTAL_WITHOUT_DAY_DAYS: Final = 28
"""Days for which a PHQ-9 total is stated without its day, if it is of after the last infusion. Source: a
proposal: a monthly questionnaire."""

_MAINTENANCE: Final = frozenset(
    {
        Status.NOT_DUE,
        Status.APPROACHING,
        Status.DUE,
        Status.OVERDUE,
        Status.NO_BENEFIT,
        Status.WORSE,
        Status.INSUFFICIENT_DATA,
    }
)
_BOOKABLE: Final = _MAINTENANCE | {Status.NOT_STARTED, Status.INDUCTION}
_STATUS: Final = {
    Status.NOT_STARTED: Sentence("Treatment has not begun."),
    Status.NOT_DUE: Sentence("Not due."),
    Status.APPROACHING: Sentence("Due soon."),
    Status.DUE: Sentence("Due."),
    Status.OVERDUE: Sentence("Overdue."),
    Status.PAUSED: Sentence("Treatment is paused."),
    Status.COMPLETED: Sentence("The course has ended."),
    Status.NO_BENEFIT: Sentence("No measurable benefit."),
    Status.WORSE: Sentence("Worse than before treatment."),
    Status.INSUFFICIENT_DATA: Sentence("The data do not suffice for a forecast."),
}
_FIRST: Final = (AttentionCode.OPEN_ALERT,)
_AFTER_STATUS: Final = (
    AttentionCode.MOOD_DROP,
    AttentionCode.RELIABLE_WORSENING,
    AttentionCode.REVIEW_DUE,
    AttentionCode.STOP_DECIDED,
    AttentionCode.SILENT,
)
_LAST: Final = (AttentionCode.BOOKING_CONFLICT, AttentionCode.HOLD)
_ENDED_BY: Final = {
    EndReason.NO_BENEFIT: Sentence("no benefit"),
    EndReason.SIDE_EFFECTS: Sentence("side effects"),
    EndReason.PATIENT_DECISION: Sentence("the patient's decision"),
    EndReason.DROPPED_OUT: Sentence("dropped out"),
    EndReason.TRANSFERRED_OUT: Sentence("transferred to another clinic"),
}


@dataclass(frozen=True, slots=True)
class HeadlineFacts:
    """What a headline is written from: the facts of attention, the last infusion and the PHQ-9 totals.

    `phq_9`, of the day `phq_9_on`, and `phq_9_before` are the newest total since treatment began and the one
    before it; None where there is none. `course` is the current treatment course, None before the first, and
    `protocol` its plan; `proposed_course` is one that a long interval suggests.
    """

    attention: AttentionFacts
    last_infusion_on: date | None = None
    phq_9: int | None = None
    phq_9_before: int | None = None
    phq_9_on: date | None = None
    course: TreatmentCourse | None = None
    protocol: Protocol | None = None
    proposed_course: ProposedCourse | None = None


def headline(facts: HeadlineFacts) -> Sentence:
    """Return the headline of a patient on the day of the facts."""
    found = [*_sentences(facts)]
    # Every number is stated once, and a sentence may have named the total already.
    if facts.phq_9 is not None and not any("PHQ-9" in sentence for sentence in found):
        found.append(_phq_9(facts, facts.phq_9))
    return sentences(found)


def _phq_9(facts: HeadlineFacts, total: int) -> Sentence:
    day, today, before = facts.phq_9_on, facts.attention.today, facts.phq_9_before
    on_day = NOTHING
    last = facts.last_infusion_on
    before_infusion = day is not None and last is not None and day <= last
    if day is not None and (before_infusion or (today - day).days > TOTAL_WITHOUT_DAY_DAYS):
        on_day = Sentence(" on {day}", day=on(day, today))
    was = NOTHING if before is None else Sentence(", was {total}", total=before)
    return Sentence("PHQ-9 {total}{on_day}{was}.", total=total, on_day=on_day, was=was)


def _sentences(facts: HeadlineFacts) -> Iterator[Sentence]:
    known = _without_last_infusion(facts)
    found: dict[AttentionCode, Sentence] = {}
    for finding in attention(known).findings:
        before = found.get(finding.code)
        found[finding.code] = finding.text if before is None else sentences((before, finding.text))
    named = f"{known.no_benefit} {known.disagreement}"
    if all(each.name in named for each in known.worsenings):
        found.pop(AttentionCode.RELIABLE_WORSENING, None)
    yield from (found[code] for code in _FIRST if code in found)
    yield from _status(facts)
    if known.disagreement is not None:
        yield known.disagreement
    yield from (found[code] for code in _AFTER_STATUS if code in found)
    if known.status in _MAINTENANCE:
        if known.p_half_lost is not None and known.p_half_lost >= P_POSSIBLY_LOST:
            yield half_lost(known)
        yield from _days_since(facts)
    if known.booked_on is not None and not set(_LAST) & set(found):
        yield Sentence("Booked for {day}.", day=on(known.booked_on, known.today))
    # Without a booking ahead, the conflict is about one that is past.
    first = _LAST if known.booked_on is not None else (AttentionCode.BOOKING_CONFLICT,)
    yield from (found[code] for code in first if code in found)
    if known.booked_on is None and known.status in _BOOKABLE:
        conflict = AttentionCode.BOOKING_CONFLICT in found
        yield Sentence("Nothing else booked.") if conflict else Sentence("Nothing booked.")
        yield from (found[code] for code in _LAST if code in found and code not in first)
    if facts.proposed_course is not None and facts.proposed_course.after_end:
        yield Sentence("A new course is proposed: an infusion was given after the end of this one.")
    elif facts.proposed_course is not None:
        days = count(facts.proposed_course.after_days, "day")
        yield Sentence("A new course is proposed, after {days} without an infusion.", days=days)


def _without_last_infusion(facts: HeadlineFacts) -> AttentionFacts:
    """Return the facts of attention; in maintenance the reasons to hold leave out the last infusion's day.

    The days since the last infusion, a sentence of the headline, name it already.
    """
    known = facts.attention
    if known.status not in _MAINTENANCE or facts.last_infusion_on is None:
        return known
    holds = tuple(replace(hold, text=hold.short_text or hold.text) for hold in known.holds)
    return replace(known, holds=holds)


def _status(facts: HeadlineFacts) -> Iterator[Sentence]:
    known = facts.attention
    if known.status is Status.INDUCTION and known.induction is not None:
        number = 1 if facts.course is None else facts.course.number
        course = NOTHING if number == 1 else Sentence(" of course {number}", number=number)
        yield _induction(known.induction, course, known.today)
    elif known.no_benefit is not None:
        yield known.no_benefit[1]
    elif known.status is Status.NOT_STARTED and facts.course is not None and facts.course.number > 1:
        yield Sentence(
            "Course {number} has not begun: no infusion of it was given.", number=facts.course.number
        )
    elif known.status is Status.PAUSED:
        yield from _paused(facts)
    elif known.status is Status.COMPLETED:
        yield from _ended(facts)
    elif known.status is Status.DUE and known.planned_on is not None and known.planned_on < known.today:
        yield Sentence("Due since {day}.", day=on(known.planned_on, known.today))
    else:
        yield _STATUS.get(known.status, Sentence("Induction."))


def _paused(facts: HeadlineFacts) -> Iterator[Sentence]:
    today, plan = facts.attention.today, facts.protocol
    if _conflict_is(facts, BookingCode.DURING_PAUSE):
        return
    if plan is None or plan.paused_on is None:
        yield _STATUS[Status.PAUSED]
        return
    until = NOTHING
    if plan.resumes_on is not None:
        until = Sentence(", until {day}", day=on(plan.resumes_on, today))
    since = on(plan.paused_on, today)
    yield Sentence("Treatment has been paused since {day}{until}.", day=since, until=until)


def _ended(facts: HeadlineFacts) -> Iterator[Sentence]:
    today, plan = facts.attention.today, facts.protocol
    if _conflict_is(facts, BookingCode.AFTER_END):
        return
    if plan is None or plan.ended_on is None:
        yield _STATUS[Status.COMPLETED]
        return
    reason = None if facts.course is None else facts.course.end_reason
    day = on(plan.ended_on, today)
    if reason is EndReason.COMPLETED:
        yield Sentence("The course was completed on {day}.", day=day)
    elif reason in _ENDED_BY:
        yield Sentence("The course ended on {day}: {why}.", day=day, why=_ENDED_BY[reason])
    else:
        yield Sentence("The course ended on {day}.", day=day)


def _conflict_is(facts: HeadlineFacts, *codes: BookingCode) -> bool:
    """Return whether the sentence about the booking, which is in the headline too, is of these findings."""
    conflict = facts.attention.booking_conflict
    return conflict is not None and conflict.code in codes


def _induction(found: InductionProgress, course: Sentence, today: date) -> Sentence:
    given = infusions_given(found)
    if found.pace is InductionPace.LAPSED:
        last = count((today - found.last_on).days, "day")
        return Sentence(
            "Induction{course} lapsed: {given}, {days} since the last.", course=course, given=given, days=last
        )
    if found.pace is InductionPace.BEHIND:
        behind = count(found.days_behind, "day")
        return Sentence(
            "Induction{course}: {given}, {days} behind the plan.", course=course, given=given, days=behind
        )
    return Sentence(
        "Induction{course}: {given}, on pace; the next is expected on {day}.",
        course=course,
        given=given,
        day=on(found.next_expected_on, today),
    )


def _days_since(facts: HeadlineFacts) -> Iterator[Sentence]:
    known, last = facts.attention, facts.last_infusion_on
    if last is None:
        return
    days, latest = count((known.today - last).days, "day"), known.plan_latest_on
    if latest is None or _conflict_is(facts, BookingCode.AFTER_WINDOW):
        yield Sentence("{days} since the last infusion.", days=days)
    elif latest < known.today:
        yield Sentence(
            "{days} since the last infusion; the plan's latest day was {latest}.",
            days=days,
            latest=on(latest, known.today),
        )
    else:
        yield Sentence(
            "{days} since the last infusion; the plan's latest day is {latest}.",
            days=days,
            latest=on(latest, known.today),
        )
