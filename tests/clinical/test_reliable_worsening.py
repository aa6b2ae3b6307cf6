from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.reliable_worsening import Worsening, reliable_worsenings
from clinical.score import Instrument, Score

TODAY = date(2026, 11, 27)
FIRST = TODAY - timedelta(days=30)


def scores(*pairs: tuple[int, int], instrument: Instrument = Instrument.PHQ_9) -> list[Score]:
    """Totals by days ago, in order of day."""
    return [Score(TODAY - timedelta(days=ago), instrument, total) for ago, total in pairs]


def test_a_total_six_points_above_that_before_treatment_is_reliably_worse():
    found = reliable_worsenings(scores((33, 10), (10, 14), (2, 17)), FIRST, TODAY)
    assert found == (Worsening("phq-9", 10, 17, TODAY - timedelta(days=2), "PHQ-9"),)


@pytest.mark.parametrize(
    "given",
    [
        scores((33, 10), (2, 15)),  # five points are not reliable
        scores((33, 10), (10, 17), (2, 12)),  # better since
        scores((2, 20)),  # nothing to compare with
        scores((33, 10)),  # nothing since
        scores((33, 10), (2, 20), instrument=Instrument.WHO_5),  # no published threshold
    ],
)
def test_less_is_not(given):
    assert reliable_worsenings(given, FIRST, TODAY) == ()


def test_an_old_total_says_nothing_of_today():
    found = scores((100, 10), (60, 20))
    assert reliable_worsenings(found, TODAY - timedelta(days=90), TODAY) == ()
    assert reliable_worsenings(found, None, TODAY) == ()
