"""Pace of an induction against its plan.

With n infusions planned over d days, the first one on day 0 and the last one on day d - 1, infusion k is
expected on day

    e(k) = ceil((k - 1) (d - 1) / (n - 1))

so that six infusions over 21 days are expected on days 0, 4, 8, 12, 16 and 20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clinical.formatting import count
from clinical.sentences import Sentence


class InductionPace(StrEnum):
    """Whether an induction follows its plan; lapsed: no infusion for longer than the whole was planned."""

    ON_PACE = "on_pace"
    BEHIND = "behind"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class InductionProgress:
    """An induction on one day: infusions given, expected by then and planned, and days behind the plan.

    `days_behind` counts from the day on which the next infusion was expected, 0 when that is still ahead.
    """

    pace: InductionPace
    given_count: int
    expected_count: int
    planned_count: int
    days_behind: int
    next_expected_on: date
    last_on: date


def induction_progress(
    days: Sequence[date], planned_count: int, induction_days: int, today: date
) -> InductionProgress | None:
    """Return the progress of an induction; None before its first infusion and after its last one.

    `days` are the distinct days on which an infusion was given, in order.
    """
    given = [day for day in days if day <= today]
    if not given or len(given) >= planned_count:
        return None
    expected = [
        given[0] + timedelta(days=_expected_day(number, planned_count, induction_days))
        for number in range(1, planned_count + 1)
    ]
    upcoming = expected[len(given)]
    behind = max((today - upcoming).days, 0)
    lapsed = (today - given[-1]).days > induction_days
    return InductionProgress(
        pace=InductionPace.LAPSED if lapsed else InductionPace.BEHIND if behind else InductionPace.ON_PACE,
        given_count=len(given),
        expected_count=sum(day <= today for day in expected),
        planned_count=planned_count,
        days_behind=behind,
        next_expected_on=upcoming,
        last_on=given[-1],
    )


def _expected_day(number: int, planned_count: int, induction_days: int) -> int:
    # Ceiling division in whole numbers: a float could round a whole day up.
    return -(-(number - 1) * (induction_days - 1) // max(planned_count - 1, 1))


def infusions_given(found: InductionProgress) -> Sentence:
    """Return how many of the planned infusions were given, as a part of a sentence."""
    return Sentence(
        "{given} of {planned} infusions given", given=found.given_count, planned=found.planned_count
    )


def pace_sentence(found: InductionProgress, today: date) -> Sentence:
    """Return how an induction that is not on pace compares with its plan."""
    given = infusions_given(found)
    if found.pace is InductionPace.LAPSED:
        days = count((today - found.last_on).days, "day")
        return Sentence("Induction lapsed: {given}, {days} since the last.", given=given, days=days)
    return Sentence(
        "Induction {days} behind: {given}, {number} expected.",
        days=count(found.days_behind, "day"),
        given=given,
        number=found.expected_count,
    )
