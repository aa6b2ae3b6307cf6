from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.forecast import forecast

DAYS = np.array([day for day in range(60) if day % 3])
INFUSIONS = np.array([14, 17, 21, 24, 28, 31])


def asked(today: int = 45, **changes: Any) -> dict[str, Any]:
    """A fortnight at 3, induction, then a mood of 8 that falls by a quarter of a point a day."""
    mood = np.where(DAYS < 14, 3.0, np.clip(8.0 - 0.25 * np.maximum(DAYS - 31, 0), 3, 8))
    known = today >= DAYS
    result = {"day": DAYS[known], "mood": mood[known], "anxiety": 10 - mood[known]}
    return {**result, "infusions": INFUSIONS, "today": today, "start_weekday": 2, **changes}


def test_days_are_returned_on_the_axis_of_the_input():
    found = forecast(asked())
    assert found is not None
    median, low, high, chance = found
    assert 31 < low < median < high
    assert 0 <= chance <= 1


def test_the_probability_of_loss_grows_with_days_below_the_line():
    early, late = forecast(asked(35)), forecast(asked(50))
    assert early is not None
    assert late is not None
    assert early[3] < late[3]


def test_a_missing_anxiety_is_no_number():
    result = asked()
    gaps = np.where(np.arange(len(result["anxiety"])) % 2, result["anxiety"], np.nan)
    assert forecast({**result, "anxiety": gaps}) is not None


@pytest.mark.parametrize("infusions", [INFUSIONS[:0], INFUSIONS[:3]])
def test_before_a_cycle_has_opened_there_is_no_forecast(infusions):
    assert forecast(asked(infusions=infusions)) is None
