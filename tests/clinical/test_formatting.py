from __future__ import annotations

from datetime import date

import pytest

from clinical.formatting import count, in_a_hundred, on, runs, span


def test_a_day_is_written_out():
    assert on(date(2026, 5, 12)) == "12 May"


def test_one_is_singular():
    assert (count(1, "day"), count(3, "day"), count(0, "check-in")) == ("1 day", "3 days", "0 check-ins")


def test_a_range_of_one_number_is_that_number():
    assert (span([21, 26, 24]), span([21, 21])) == ("21 to 26", "21")


def test_neighbouring_days_are_joined():
    days = [date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 12), date(2026, 5, 13), date(2026, 5, 20)]
    assert runs(days) == "30 April to 1 May, 12 to 13 May, 20 May"


def test_days_of_another_year_have_their_year():
    days = [date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 4)]
    assert runs(days, date(2026, 1, 5)) == "30 December 2025 to 1 January, 4 January"
    assert runs(days[:2], date(2026, 1, 5)) == "30 to 31 December 2025"


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0, "less than 1 in 100"),
        (0.004, "less than 1 in 100"),
        (0.006, "1 in 100"),
        (0.62, "62 in 100"),
        (0.994, "99 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_no_probability_is_written_as_certain(chance, words):
    assert in_a_hundred(chance) == words
