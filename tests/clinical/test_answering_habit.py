from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.answering_habit import silence, usual_gap
from clinical.check_in import Reading

TODAY = date(2026, 11, 27)


def readings(*days_ago: int) -> list[Reading]:
    return [Reading(TODAY - timedelta(days=ago), 5, 4, None, None) for ago in sorted(days_ago, reverse=True)]


DAILY = range(40)
EVERY_TEN_DAYS = range(0, 60, 10)


@pytest.mark.parametrize(
    ("habit", "silent", "unusual"),
    [(DAILY, 6, False), (DAILY, 7, True), (EVERY_TEN_DAYS, 19, False), (EVERY_TEN_DAYS, 20, True)],
)
def test_silence_is_judged_by_the_patients_own_gap(habit, silent, unusual):
    found = silence(readings(*(silent + ago for ago in habit)), TODAY, None)
    assert found is not None
    assert (found.days, found.unusual) == (silent, unusual)
    assert found.since == TODAY - timedelta(days=silent)


def test_an_answer_today_is_no_silence():
    assert silence(readings(0, 1, 2, 3), TODAY, None) is None


def test_few_answers_tell_no_usual_gap_and_two_weeks_are_the_limit():
    early = silence(readings(13, 14, 20), TODAY, None)
    assert early is not None
    assert early.unusual is False
    found = silence(readings(14, 15, 21), TODAY, None)
    assert found is not None
    assert (found.unusual, found.usual_gap_days) == (True, None)


def test_one_long_holiday_does_not_make_a_sparse_habit():
    assert usual_gap([TODAY - timedelta(days=ago) for ago in reversed([*range(10), *range(24, 40)])]) == 1


def test_who_never_answered_is_silent_since_treatment_began():
    assert silence([], TODAY, None) is None
    found = silence([], TODAY, TODAY - timedelta(days=14))
    assert found is not None
    assert (found.days, found.answered_before, found.unusual) == (14, False, True)
