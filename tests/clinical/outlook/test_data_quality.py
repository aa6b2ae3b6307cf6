from __future__ import annotations

from datetime import date, timedelta

from clinical.check_in import Reading
from clinical.outlook.data_quality import data_quality

TODAY = date(2026, 5, 20)


def ago(*days: int, anxiety: float | None = 3) -> list[Reading]:
    return [Reading(TODAY - timedelta(days=number), 5, anxiety) for number in sorted(days, reverse=True)]


def test_nothing_answered_has_no_last_day_and_no_shares():
    found = data_quality([], TODAY)
    assert (found.last_check_in_on, found.silent_days, found.stale, found.anxiety_share) == (
        None,
        None,
        False,
        None,
    )


def test_the_last_seven_and_fourteen_days_include_today():
    found = data_quality(ago(0, 6, 7, 13, 14), TODAY)
    assert (found.answered_last_7_days_count, found.answered_last_14_days_count, found.silent_days) == (
        2,
        4,
        0,
    )


def test_seven_silent_days_are_stale():
    assert not data_quality(ago(6), TODAY).stale
    assert data_quality(ago(7), TODAY).stale


def test_the_shares_are_of_the_days_answered_lately():
    found = data_quality([*ago(3, 2, anxiety=None), *ago(1, 0)], TODAY)
    assert (found.anxiety_share, found.enjoyment_share) == (0.5, 0.0)
