"""Whether an answer of an infusion's own day was given before that infusion began or after it.

A check-in has a calendar day, and an infusion begins within one: an answer of 06:11 says nothing about an
infusion at 11:00 of the same day. What cannot be known (a day filled in later, an import without a time, a
phone with a wrong clock, an infusion without its start) is unknown, never assumed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from clinical.check_in import Reading
from clinical.infusion import GivenInfusion
from clinical.score import Score

UNTIMED: Final = time(12)
"""Hour under which an import stores a line without a time. Source: a definition: any fixed hour
will do, so that reading a file twice gives the same."""


class AnswerTiming(StrEnum):
    """When an answer of an infusion's day was given, against the start of the day's first infusion."""

    BEFORE = "before"
    AFTER = "after"
    UNKNOWN = "unknown"


def first_starts(infusions: Iterable[GivenInfusion]) -> dict[date, datetime | None]:
    """Return when the first infusion of each day began; None where the start of one is not known."""
    found: dict[date, datetime | None] = {}
    for infusion in infusions:
        known = found.get(infusion.day, infusion.started_at)
        start = infusion.started_at
        found[infusion.day] = None if known is None or start is None else min(known, start)
    return found


def answer_timing(
    day: date, answered_at: datetime | None, starts: Mapping[date, datetime | None]
) -> AnswerTiming | None:
    """Return when an answer of a day was given; None on a day without an infusion.

    `answered_at` is None where it is not known, `starts` are those of `first_starts`.
    """
    if day not in starts:
        return None
    start = starts[day]
    if answered_at is None or start is None:
        return AnswerTiming.UNKNOWN
    return AnswerTiming.BEFORE if answered_at < start else AnswerTiming.AFTER


def answer_timings(
    answers: Iterable[Reading | Score], infusions: Iterable[GivenInfusion]
) -> dict[date, AnswerTiming]:
    """Return the timing of each answer of an infusion's day, by its day; one answer a day."""
    starts = first_starts(infusions)
    found = ((each.day, answer_timing(each.day, each.answered_at, starts)) for each in answers)
    return {day: timing for day, timing in found if timing is not None}


def days_before_infusion(
    answers: Iterable[Reading | Score], infusions: Iterable[GivenInfusion]
) -> frozenset[date]:
    """Return the days whose answer was given before the infusion of the same day began.

    Such an answer belongs to the time before that infusion: to the baseline, or to the cycle before.
    """
    found = answer_timings(answers, infusions)
    return frozenset(day for day, timing in found.items() if timing is AnswerTiming.BEFORE)


def scores_before_treatment(
    scores: Sequence[Score], first_days: Container[date | None], infusions: Iterable[GivenInfusion]
) -> list[Score]:
    """Return the scores that may be a total before treatment.

    Left out are those of the first infusion's day of a course that were answered after it began; one whose
    time is not known stays, as questionnaires are usually filled in before an infusion.
    """
    starts = first_starts(infusions)
    return [
        score
        for score in scores
        if score.day not in first_days
        or answer_timing(score.day, score.answered_at, starts) is not AnswerTiming.AFTER
    ]


def total_timing(
    scores: Iterable[Score], instrument: str, day: date | None, infusions: Iterable[GivenInfusion]
) -> AnswerTiming | None:
    """Return when the total of an instrument and day was answered; None unless it is of an infusion's day."""
    for score in scores:
        if score.day == day and str(score.instrument) == instrument:
            return answer_timing(score.day, score.answered_at, first_starts(infusions))
    return None
