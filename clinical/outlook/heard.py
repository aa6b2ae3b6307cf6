"""What was told of the benefit, put to the baseline and the cycles it belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from clinical.baseline import AssessedBaseline
from clinical.check_in import MOST_BENEFIT_LEFT, SCALE_MAX, Reading
from clinical.history import History
from clinical.infusion import InfusionReason
from clinical.outlook.curve import LONGEST_CYCLE_DAYS
from clinical.outlook.told import FIRST_SCORED_DAY, PHQ_9_PER_POINT, Told
from clinical.outlook.wellbeing import ANXIETY_SHARE
from clinical.score import Instrument, Score, totals

FIRST_ASKED_DAY: Final = 2
"""The day of an infusion and the next are acute: what is left of its benefit cannot be told yet."""

BASELINE_SCORE_DAYS: Final = 28
"""A PHQ-9 total counts as the baseline's when it was told in the four weeks up to the first infusion."""


def heard(
    history: History,
    readings: Sequence[Reading],
    first_infusion: date,
    starts: Sequence[date],
    today: date,
    *,
    with_anxiety: bool,
) -> tuple[Told, ...]:
    """What was told up to `today` of the baseline, then of each cycle that `starts` opens, in order.

    `readings` are those up to `today`; `with_anxiety` says whether W takes anxiety in.
    """
    shares = _shares(readings, starts)
    falls = _falls(history.scores, first_infusion, starts, today)
    asked_for = {given.day for given in history.infusions if given.reason is InfusionReason.SYMPTOMS_RETURNED}
    returned = [(end - start).days if end in asked_for else None for start, end in pairwise(starts)]
    judged = _judged(history.baseline, first_infusion, with_anxiety=with_anxiety)
    return (
        Told(judged=judged),
        *(
            Told(tuple(shares[number]), tuple(falls[number]), returned_by=end)
            for number, end in enumerate([*returned, None])
        ),
    )


def judged_in_time(baseline: AssessedBaseline | None, first_infusion: date) -> bool:
    """Whether a clinician judged the level before treatment, and before the treatment began."""
    return baseline is not None and baseline.assessed_on < first_infusion


def baseline_score(scores: Sequence[Score], first_infusion: date) -> Score | None:
    """The last PHQ-9 total of the four weeks up to the first infusion's day, or None."""
    before = [
        score
        for score in totals(scores, Instrument.PHQ_9)
        if 0 <= (first_infusion - score.day).days <= BASELINE_SCORE_DAYS
    ]
    return max(before, default=None)


def _shares(readings: Sequence[Reading], starts: Sequence[date]) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[] for _ in starts]
    for reading in readings:
        if reading.benefit_left is None:
            continue
        cycle, day = _place(reading.day, starts)
        if cycle >= 0 and FIRST_ASKED_DAY <= day <= LONGEST_CYCLE_DAYS:
            found[cycle].append((day, reading.benefit_left / MOST_BENEFIT_LEFT))
    return found


def _falls(
    scores: Sequence[Score], first_infusion: date, starts: Sequence[date], today: date
) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[] for _ in starts]
    before = baseline_score(scores, first_infusion)
    if before is None:
        return found
    for score in totals([score for score in scores if score.day <= today], Instrument.PHQ_9):
        cycle, day = _place(score.day, starts)
        if cycle >= 0 and FIRST_SCORED_DAY <= day <= LONGEST_CYCLE_DAYS:
            found[cycle].append((day, (before.total - score.total) / PHQ_9_PER_POINT))
    return found


def _place(day: date, starts: Sequence[date]) -> tuple[int, int]:
    """The cycle a day lies in, -1 before the first, and the days since its infusion."""
    cycle = bisect_right(starts, day) - 1
    return cycle, (day - starts[max(cycle, 0)]).days


def _judged(baseline: AssessedBaseline | None, first_infusion: date, *, with_anxiety: bool) -> float | None:
    if baseline is None or not judged_in_time(baseline, first_infusion):
        return None
    if baseline.anxiety is None or not with_anxiety:
        return float(baseline.mood)
    return (1 - ANXIETY_SHARE) * baseline.mood + ANXIETY_SHARE * (SCALE_MAX - baseline.anxiety)
