from __future__ import annotations

import numpy as np
import pytest

from clinical.outlook.model.silence import log_likelihood
from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS


def likeliest_half_day(answered: list[int], observed_to: int, slope: float = 2.0) -> float:
    by_half_day = log_likelihood(answered, observed_to, slope).reshape(GRID).max(axis=1)
    return float(HALF_DAYS[int(np.argmax(by_half_day))])


def test_a_slope_of_zero_says_nothing_of_the_benefit():
    found = log_likelihood([2, 3, 4, 9], 28, 0.0)
    assert found == pytest.approx(np.full(found.size, found[0]))


def test_a_patient_who_fell_silent_lost_half_about_then():
    assert likeliest_half_day(list(range(2, 13)), 28) == pytest.approx(13, abs=3)
    assert likeliest_half_day(list(range(2, 21)), 28) == pytest.approx(21, abs=3)


def test_how_often_somebody_answers_says_nothing_where_it_is_evenly():
    every_third = log_likelihood(list(range(2, 29, 3)), 28, 2.0)
    fell_silent = log_likelihood(list(range(2, 11)), 28, 2.0)
    assert np.ptp(every_third) < 0.5 * np.ptp(fell_silent)


def test_before_the_first_day_there_is_nothing_to_observe():
    assert log_likelihood([], 1, 2.0) == pytest.approx(np.zeros(GRID[0] * GRID[1]))
