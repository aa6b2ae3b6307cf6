"""The headline of a patient: the answer in a few short sentences, before any field.

In this order: open alerts, the status with the lack of a benefit, measures that disagree, what worsened, how
likely half of the benefit is lost, the days since the last infusion against the plan, the booking, and the
PHQ-9 total against the one before treatment. Every number and day is stated once, by the same rules as in
`clinical.attention`: what the booking's sentence says is left out of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from clinical.attention import AttentionCode, AttentionFacts, attention, half_lost
from clinical.induction_pace import InductionPace, InductionProgress
from clinical.outlook.formatting import count, on
from clinical.outlook.result import Status
from clinical.outlook.status import P_POSSIBLY_LOST
from clinical.protocol import Protocol
from clinical.treatment_course import EndReason, ProposedCourse, TreatmentCourse

TOTAL_WITHOUT_DAY_DAYS: Final = 28
"""Days for which a PHQ-9 total is stated without its day. Source: a proposal: a monthly questionnaire."""

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
    Status.NOT_STARTED: "Treatment has not begun.",
    Status.NOT_DUE: "Not due.",
    Status.APPROACHING: "Due soon.",
    Status.DUE: "Due.",
    Status.OVERDUE: "Overdue.",
    Status.PAUSED: "Treatment is paused.",
    Status.COMPLETED: "The course has ended.",
    Status.NO_BENEFIT: "No measurable benefit.",
    Status.WORSE: "Worse than before treatment.",
    Status.INSUFFICIENT_DATA: "The data do not suffice for a forecast.",
}
_FIRST: Final = (AttentionCode.OPEN_ALERT,)
_AFTER_STATUS: Final = (
    AttentionCode.MOOD_DROP,
    AttentionCode.RELIABLE_WORSENING,
    AttentionCode.REVIEW_DUE,
    AttentionCode.SILENT,
)
_LAST: Final = (AttentionCode.BOOKING_CONFLICT, AttentionCode.HOLD)
_ENDED_BY: Final = {
    EndReason.NO_BENEFIT: "no benefit",
    EndReason.SIDE_EFFECTS: "side effects",
    EndReason.PATIENT_DECISION: "the patient's decision",
    EndReason.DROPPED_OUT: "dropped out",
    EndReason.TRANSFERRED_OUT: "transferred to another clinic",
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


def headline(facts: HeadlineFacts) -> str:
    """Return the headline of a patient on the day of the facts."""
    sentences = [*_sentences(facts)]
    # Every number is stated once, and a sentence may have named the total already.
    if facts.phq_9 is not None and not any("PHQ-9" in sentence for sentence in sentences):
        was = "." if facts.phq_9_before is None else f", was {facts.phq_9_before}."
        sentences.append(f"PHQ-9 {facts.phq_9}{_old_day(facts)}{was}")
    return " ".join(sentences)


def _old_day(facts: HeadlineFacts) -> str:
    day, today = facts.phq_9_on, facts.attention.today
    return "" if day is None or (today - day).days <= TOTAL_WITHOUT_DAY_DAYS else f" on {on(day, today)}"


def _sentences(facts: HeadlineFacts) -> Iterator[str]:
    known = facts.attention
    found: dict[AttentionCode, str] = {}
    for finding in attention(known).findings:
        found[finding.code] = " ".join(filter(None, (found.get(finding.code), finding.text)))
    named = f"{known.no_benefit} {known.disagreement}"
    if all(each.name in named for each in known.worsenings):
        found.pop(AttentionCode.RELIABLE_WORSENING, None)
    if AttentionCode.HOLD in found and known.status in _MAINTENANCE and facts.last_infusion_on is not None:
        # The days since the last infusion name it already.
        last = f"treated since, last on {on(facts.last_infusion_on, known.today)}."
        found[AttentionCode.HOLD] = found[AttentionCode.HOLD].replace(last, "treated since.")
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
        yield f"Booked for {on(known.booked_on, known.today)}."
    # Without a booking ahead, the conflict is about one that is past.
    before = _LAST if known.booked_on is not None else (AttentionCode.BOOKING_CONFLICT,)
    yield from (found[code] for code in before if code in found)
    if known.booked_on is None and known.status in _BOOKABLE:
        yield "Nothing else booked." if AttentionCode.BOOKING_CONFLICT in found else "Nothing booked."
        yield from (found[code] for code in _LAST if code in found and code not in before)
    if facts.proposed_course is not None:
        days = count(facts.proposed_course.after_days, "day")
        yield f"A new course is proposed, after {days} without an infusion."


def _status(facts: HeadlineFacts) -> Iterator[str]:
    known = facts.attention
    if known.status is Status.INDUCTION and known.induction is not None:
        number = 1 if facts.course is None else facts.course.number
        course = "" if number == 1 else f" of course {number}"
        yield _induction(known.induction, course, known.today)
    elif known.no_benefit is not None:
        yield known.no_benefit[1]
    elif known.status is Status.PAUSED:
        yield from _paused(facts)
    elif known.status is Status.COMPLETED:
        yield from _ended(facts)
    elif known.status is Status.DUE and known.planned_on is not None and known.planned_on < known.today:
        yield f"Due since {on(known.planned_on, known.today)}."
    else:
        yield _STATUS.get(known.status, "Induction.")


def _paused(facts: HeadlineFacts) -> Iterator[str]:
    today, plan = facts.attention.today, facts.protocol
    if _conflict_names(facts, "paused"):
        return
    if plan is None or plan.paused_on is None:
        yield _STATUS[Status.PAUSED]
        return
    until = "" if plan.resumes_on is None else f", until {on(plan.resumes_on, today)}"
    yield f"Treatment has been paused since {on(plan.paused_on, today)}{until}."


def _ended(facts: HeadlineFacts) -> Iterator[str]:
    today, plan = facts.attention.today, facts.protocol
    if _conflict_names(facts, "ended"):
        return
    if plan is None or plan.ended_on is None:
        yield _STATUS[Status.COMPLETED]
        return
    reason = None if facts.course is None else facts.course.end_reason
    verb = "was completed" if reason is EndReason.COMPLETED else "ended"
    why = f": {_ENDED_BY[reason]}" if reason in _ENDED_BY else ""
    yield f"The course {verb} on {on(plan.ended_on, today)}{why}."


def _conflict_names(facts: HeadlineFacts, words: str) -> bool:
    """Return whether the sentence about the booking, which is in the headline too, says these words."""
    conflict = facts.attention.booking_conflict
    return conflict is not None and words in conflict[1]


def _induction(found: InductionProgress, course: str, today: date) -> str:
    given = f"Induction{course}: {found.given_count} of {found.planned_count} infusions given"
    if found.pace is InductionPace.LAPSED:
        last = count((today - found.last_on).days, "day")
        given = f"{found.given_count} of {found.planned_count} infusions given"
        return f"Induction{course} lapsed: {given}, {last} since the last."
    if found.pace is InductionPace.BEHIND:
        return f"{given}, {count(found.days_behind, 'day')} behind the plan."
    return f"{given}, on pace; the next is expected on {on(found.next_expected_on, today)}."


def _days_since(facts: HeadlineFacts) -> Iterator[str]:
    known, last = facts.attention, facts.last_infusion_on
    if last is None:
        return
    text = f"{count((known.today - last).days, 'day')} since the last infusion"
    latest = known.plan_latest_on
    if latest is not None and not _conflict_names(facts, "the plan's latest day"):
        verb = "was" if latest < known.today else "is"
        text += f"; the plan's latest day {verb} {on(latest, known.today)}"
    yield f"{text}."
