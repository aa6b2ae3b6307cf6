from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from clinical.check_in import Reading
from clinical.mood_drop import mood_drop

TODAY = date(2026, 11, 27)


def readings(moods: Sequence[float | None]) -> list[Reading]:
    """One mood a day, the last of them today's; None where the day was not answered."""
    first = TODAY - timedelta(days=len(moods) - 1)
    return [
        Reading(first + timedelta(days=place), mood, 4, None, None)
        for place, mood in enumerate(moods)
        if mood is not None
    ]


def test_five_low_days_after_good_weeks_are_a_drop():
    found = mood_drop(readings([7] * 20 + [2] * 5), TODAY)
    assert found is not None
    assert (found.since, found.answered_count) == (TODAY - timedelta(days=4), 5)
    assert (found.mean, found.earlier_mean) == pytest.approx((2, 7))


@pytest.mark.parametrize(
    "moods",
    [
        [7] * 20 + [5] * 5,  # two points are not three
        [7] * 20 + [2] * 2 + [7] * 3,  # a short dip that is over
        [7] * 20 + [None, None, None, 2, 2],  # two answers tell little
        [7] + [2] * 4,  # nor does one answer before
        [7 - day / 6 for day in range(25)],  # a benefit that wears off over weeks
        [3] * 20 + [2] * 5,  # low before as well
        [],
    ],
)
def test_less_is_no_drop(moods):
    assert mood_drop(readings(moods), TODAY) is None


def test_it_is_found_while_mood_stays_low_for_two_weeks():
    assert mood_drop(readings([7] * 20 + [2] * 14), TODAY) is not None
    assert mood_drop(readings([7] * 20 + [2] * 22), TODAY) is None


def test_later_answers_are_ignored():
    assert mood_drop(readings([7] * 20 + [2] * 5), TODAY - timedelta(days=5)) is None
