from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from clinical.outlook.model.cycle_fit import TEMPER, WEEKDAY, WEEKEND, Levels, Segment, fit_segment
from clinical.outlook.model.half_benefit_time import interval
from clinical.outlook.model.options import ModelOptions
from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS, REMAINING, SHAPES

LEVELS = Levels(np.array([3.5, 0.25, 2.6]), np.diag(np.square([2.4, 0.25, 1.6])))
UNIFORM = np.full(HALF_DAYS.size * SHAPES.size, 1 / (HALF_DAYS.size * SHAPES.size))
DAYS = (2, 3, 4, 6, 7, 9, 10, 13, 14, 15, 18, 20)


def segment(values) -> Segment:
    return Segment(DAYS, tuple(values), tuple(WEEKEND if number % 7 > 4 else WEEKDAY for number in DAYS))


def curve(half: float, shape: float) -> np.ndarray:
    return 2 ** -((np.array(DAYS) / half) ** shape)


def test_without_slow_noise_the_interval_is_narrower():
    quiet = segment(3.4 + 2.5 * curve(16, 2.1))

    def widest(*, slow_noise: bool) -> float:
        options = ModelOptions(slow_noise=slow_noise)
        found = fit_segment(quiet, REMAINING[list(DAYS)], (UNIFORM, LEVELS), 1.44, options)
        return interval(found.posterior).hi80 - interval(found.posterior).lo80

    assert widest(slow_noise=False) < widest(slow_noise=True)


def test_all_of_the_gain_is_there_at_first_and_half_of_it_after_its_half_days():
    benefit_left = REMAINING.reshape(-1, *GRID)
    assert_allclose(benefit_left[0], 1.0)
    at = int(np.argmin(np.abs(HALF_DAYS - 20)))
    assert_allclose(benefit_left[round(HALF_DAYS[at]), at], 0.5, atol=0.06)


def test_every_curve_falls_from_day_to_day():
    assert (np.diff(REMAINING, axis=0) <= 0).all()


def test_likelihood_and_levels_are_those_of_the_gaussian_written_out_in_full():
    quiet = segment(3.4 + 2.5 * curve(16, 2.1))
    gain_regressor = REMAINING[list(DAYS)]
    found = fit_segment(quiet, gain_regressor, (UNIFORM, LEVELS), variance=1.44)
    assert not found.inflation.any()
    days = np.array(DAYS, dtype=float)
    apart = np.abs(np.subtract.outer(days, days))
    noise = 1.44 * (0.4 * np.eye(days.size) + 0.6 * 0.5**apart) + 0.4**2 * np.exp(-apart / 30)
    values, weekend = np.array(quiet.values), np.array(quiet.weekend)
    evidence, gains = [], []
    for cell in range(gain_regressor.shape[1]):
        design = np.column_stack((np.ones(days.size), weekend, gain_regressor[:, cell]))
        spread = noise + design @ LEVELS.covariance @ design.T
        away = values - design @ LEVELS.mean
        solved = np.linalg.solve(spread, away)
        evidence.append(-0.5 * (away @ solved + np.linalg.slogdet(spread)[1]))
        gains.append((LEVELS.mean + LEVELS.covariance @ design.T @ solved)[2])
    expected = np.exp(TEMPER * (np.array(evidence) - max(evidence)))
    assert_allclose(found.likelihood, expected, rtol=1e-8)
    assert_allclose(found.gains, gains, rtol=1e-8)
    assert_allclose(found.levels.mean[2], found.posterior @ np.array(gains), rtol=1e-8)


def test_a_day_far_off_the_curve_weighs_less_and_the_others_as_before():
    values = 3.4 + 2.5 * curve(30, 2.1)
    values[4] -= 5
    found = fit_segment(segment(values), REMAINING[list(DAYS)], (UNIFORM, LEVELS), variance=1.44)
    assert int(np.argmax(found.inflation)) == 4
    assert found.inflation[4] > 1.5
    assert np.delete(found.inflation, 4).max() < 0.3


@pytest.mark.parametrize("half", [8.0, 25.0])
def test_the_posterior_moves_towards_the_curve_that_made_the_days(half):
    found = fit_segment(
        segment(3.5 + 4 * curve(half, 2.1)), REMAINING[list(DAYS)], (UNIFORM, LEVELS), variance=0.2
    )
    by_half = found.posterior.reshape(GRID).sum(axis=1)
    assert float(by_half @ np.log(HALF_DAYS)) == pytest.approx(np.log(half), abs=0.25)
