"""The headline of a patient: the answer in a few short sentences, before any field.

In this order: open alerts, the status with the lack of a benefit, measures that disagree, what worsened, how
likely half of the benefit is lost, the days since the last infusion against the plan, the booking, and the
PHQ-9 total against the one before treatment. Every number is stated once, by the same rules as in
`clinical.attention`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from clinical.attention import AttentionCode, AttentionFacts, attention
from clinical.induction_pace import InductionPace, InductionProgress
from clinical.outlook.formatting import count, in_a_hundred, on
from clinical.outlook.result import Status
from clinical.outlook.status import P_POSSIBLY_LOST, P_PROBABLY_LOST
from clinical.treatment_course import ProposedCourse

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
_STATUS: Final = {
    Status.NOT_STARTED: "Treatment has not begun.",
    Status.NOT_DUE: "Not due.",
    Status.APPROACHING: "Due soon.",
    Status.DUE: "Due.",
    Status.OVERDUE: "Overdue.",
    Status.PAUSED: "Treatment is paused.",
    Status.COMPLETED: "The course is completed.",
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


@dataclass(frozen=True, slots=True)
class HeadlineFacts:
    """What a headline is written from: the facts of attention, the last infusion and the PHQ-9 totals.

    `phq_9` and `phq_9_before` are the newest total since treatment began and the one before it; None where
    there is none. `course_number` is that of the current treatment course; `proposed_course` is one that
    a long interval suggests.
    """

    attention: AttentionFacts
    last_infusion_on: date | None = None
    phq_9: int | None = None
    phq_9_before: int | None = None
    course_number: int = 1
    proposed_course: ProposedCourse | None = None


def headline(facts: HeadlineFacts) -> str:
    """Return the headline of a patient on the day of the facts."""
    sentences = [*_sentences(facts)]
    # Every number is stated once, and a sentence may have named the total already.
    if facts.phq_9 is not None and not any("PHQ-9" in sentence for sentence in sentences):
        was = f", was {facts.phq_9_before}." if facts.phq_9_before else "."
        sentences.append(f"PHQ-9 {facts.phq_9}{was}")
    return " ".join(sentences)


def _sentences(facts: HeadlineFacts) -> Iterator[str]:
    known = facts.attention
    found: dict[AttentionCode, str] = {}
    for finding in attention(known).findings:
        found[finding.code] = " ".join(filter(None, (found.get(finding.code), finding.text)))
    named = f"{known.no_benefit} {known.disagreement}"
    if all(each.instrument.upper() in named for each in known.worsenings):
        found.pop(AttentionCode.RELIABLE_WORSENING, None)
    yield from (found[code] for code in _FIRST if code in found)
    yield _status(known, facts.course_number)
    if known.disagreement is not None:
        yield known.disagreement
    yield from (found[code] for code in _AFTER_STATUS if code in found)
    if known.status in _MAINTENANCE:
        yield from _half_lost(known.p_half_lost)
        yield from _days_since(facts)
        if known.booked_on is None:
            yield "Nothing booked."
    if known.booked_on is not None and not set(_LAST) & set(found):
        yield f"Booked for {on(known.booked_on, known.today)}."
    yield from (found[code] for code in _LAST if code in found)
    if facts.proposed_course is not None:
        days = count(facts.proposed_course.after_days, "day")
        yield f"A new course is proposed, after {days} without an infusion."


def _status(known: AttentionFacts, course_number: int) -> str:
    if known.status is Status.INDUCTION and known.induction is not None:
        course = "" if course_number == 1 else f" of course {course_number}"
        return _induction(known.induction, course, known.today)
    if known.no_benefit is not None:
        return known.no_benefit[1]
    if known.status is Status.DUE and known.planned_on is not None and known.planned_on < known.today:
        return f"Due since {on(known.planned_on, known.today)}."
    return _STATUS.get(known.status, "Induction.")


def _induction(found: InductionProgress, course: str, today: date) -> str:
    given = f"Induction{course}: {found.given_count} of {found.planned_count} infusions given"
    if found.pace is InductionPace.LAPSED:
        return f"{given}, lapsed: {count((today - found.last_on).days, 'day')} since the last."
    if found.pace is InductionPace.BEHIND:
        return f"{given}, {count(found.days_behind, 'day')} behind the plan."
    return f"{given}, on pace; the next is expected on {on(found.next_expected_on, today)}."


def _half_lost(probability: float | None) -> Iterator[str]:
    if probability is None or probability < P_POSSIBLY_LOST:
        return
    likely = "probably" if probability >= P_PROBABLY_LOST else "possibly"
    yield f"Half of the benefit has {likely} gone ({in_a_hundred(probability)})."


def _days_since(facts: HeadlineFacts) -> Iterator[str]:
    known, last = facts.attention, facts.last_infusion_on
    if last is None:
        return
    text = f"{count((known.today - last).days, 'day')} since the last infusion"
    latest = known.plan_latest_on
    if latest is not None:
        verb = "was" if latest < known.today else "is"
        text += f"; the plan's latest day {verb} {on(latest, known.today)}"
    yield f"{text}."
