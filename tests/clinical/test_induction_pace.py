from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.induction_pace import InductionPace, induction_progress

FIRST = date(2026, 10, 1)


def progress(given: list[int], day: int, planned: int = 6, over: int = 21):
    days = [FIRST + timedelta(days=each) for each in given]
    return induction_progress(days, planned, over, FIRST + timedelta(days=day))


@pytest.mark.parametrize(("day", "expected"), [(0, 1), (3, 1), (4, 2), (12, 4), (20, 6), (208, 6)])
def test_infusions_are_expected_evenly_over_the_planned_days(day, expected):
    found = progress([0], day)
    assert found is not None
    assert found.expected_count == expected


@pytest.mark.parametrize(
    ("given", "day", "pace", "behind"),
    [
        ([0, 4, 8], 11, InductionPace.ON_PACE, 0),
        ([0, 4, 8], 12, InductionPace.ON_PACE, 0),
        ([0, 4, 8], 13, InductionPace.BEHIND, 1),
        ([0, 4, 8], 20, InductionPace.BEHIND, 8),
        ([0, 4, 8], 29, InductionPace.BEHIND, 17),
        ([0, 4, 8], 30, InductionPace.LAPSED, 18),
        ([0, 4, 8], 216, InductionPace.LAPSED, 204),
        ([0, 1, 2], 12, InductionPace.ON_PACE, 0),
    ],
)
def test_the_pace_is_that_of_the_next_infusion(given, day, pace, behind):
    found = progress(given, day)
    assert found is not None
    assert (found.pace, found.days_behind) == (pace, behind)


def test_there_is_no_pace_before_the_first_and_after_the_last_infusion():
    assert progress([], 3) is None
    assert progress([5], 3) is None
    assert progress([0, 4, 8, 12, 16, 20], 20) is None
    assert progress([0], 3, planned=1, over=1) is None


def test_the_next_infusion_is_expected_on_a_day_of_the_plan():
    found = progress([0, 6], 7, planned=3, over=15)
    assert found is not None
    assert (found.next_expected_on - FIRST).days == 14
    assert (found.given_count, found.planned_count, (found.last_on - FIRST).days) == (2, 3, 6)
