from __future__ import annotations

import warnings
from datetime import date, timedelta
from importlib import import_module
from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clinical.check_in import Reading
from clinical.statistics import Z80
from clinical.trend import (
    RATIO_SPREAD,
    TYPICAL_NOISE_SD,
    TYPICAL_STEP_SD,
    Average,
    Gap,
    Measure,
    Rating,
    average,
    gaps,
    ratings,
    trend,
    weeks,
)

MONDAY = date(2026, 3, 2)


def series(*values: float | None) -> tuple[Rating, ...]:
    return tuple(
        Rating(MONDAY + timedelta(days=number), value)
        for number, value in enumerate(values)
        if value is not None
    )


def random_walk(days: int, missing: float, seed: int) -> list[float | None]:
    noise = np.random.default_rng(seed)
    values = 5 + np.cumsum(noise.normal(0, 0.25, days)) + noise.normal(0, 1, days)
    absent = noise.random(days) < missing
    absent[[0, -1]] = False
    return [None if gone else float(value) for value, gone in zip(values, absent, strict=True)]


WALKS = pytest.mark.parametrize(("days", "missing", "seed"), [(40, 0.0, 1), (180, 0.2, 2), (120, 0.5, 5)])


def independent(values: list[float | None]):
    """The same model in another implementation, its variances not yet chosen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        structural = import_module("statsmodels.tsa.statespace.structural")
        return structural.UnobservedComponents(np.array(values, dtype=float), "local level")


@WALKS
def test_the_level_and_band_are_those_of_an_independent_implementation(days, missing, seed):
    values = random_walk(days, missing, seed)
    ours = trend(series(*values), lowest=-100, highest=100)
    oracle = independent(values).smooth([ours.noise_sd**2, ours.step_sd**2])
    assert_allclose([each.level for each in ours.days], oracle.smoothed_state[0], atol=5e-3)
    widths = [(each.hi80 - each.level) / Z80 for each in ours.days]
    assert_allclose(widths, np.sqrt(oracle.smoothed_state_cov[0, 0]), rtol=2e-2)


@WALKS
def test_no_other_variances_make_the_ratings_and_a_likely_step_likelier(days, missing, seed):
    values = random_walk(days, missing, seed)
    ours = trend(series(*values), lowest=-100, highest=100)
    model = independent(values)

    def likelihood(noise: float, step: float) -> float:
        deviation = (np.log(step / noise) - 2 * np.log(TYPICAL_STEP_SD / TYPICAL_NOISE_SD)) / RATIO_SPREAD
        return float(model.loglike([noise, step]) - deviation**2 / 2)

    noise, step = ours.noise_sd**2, ours.step_sd**2
    best = likelihood(noise, step)
    for of_noise, of_step in [(1.05, 1), (0.95, 1), (1, 1.2), (1, 0.8), (1.05, 1.2), (0.95, 0.8), (1, 1e-4)]:
        assert likelihood(noise * of_noise, step * of_step) < best


def test_the_step_variance_of_a_constant_level_with_noise_is_positive():
    noise = np.random.default_rng(4)
    found = trend(series(*np.clip(np.round(5 + noise.normal(0, 1, 120)), 0, 10).tolist()))
    assert found.step_sd > 0
    assert found.days[60].hi80 - found.days[60].lo80 > 2 * Z80 * found.noise_sd / np.sqrt(120)


def test_nothing_answered_is_an_empty_trend():
    assert trend(()).days == ()


def test_one_rating_is_its_own_level_with_a_typical_band():
    (only,) = trend(series(6)).days
    assert only.level == pytest.approx(6)
    assert only.hi80 - only.lo80 == pytest.approx(2 * Z80 * TYPICAL_NOISE_SD, abs=1e-3)


def test_two_ratings_give_a_level_between_them_with_typical_variances():
    found = trend(series(4, 6))
    assert not found.estimated
    assert 4 < found.days[0].level < found.days[1].level < 6


def test_equal_ratings_are_a_flat_level_known_as_well_as_whole_points_allow():
    found = trend(series(*[5.0] * 30))
    assert [each.level for each in found.days] == pytest.approx([5.0] * 30)
    assert all(each.lo95 < each.lo80 < 5 < each.hi80 < each.hi95 for each in found.days)


def test_a_missing_day_is_neither_zero_nor_the_day_before():
    found = trend(series(8, 8, 7, 8, None, None, None, 4, 4, 5, 4))
    middle = found.days[5]
    assert not middle.answered
    assert middle.rating is None
    assert 4 < middle.level < 8
    assert middle.hi80 - middle.lo80 > found.days[0].hi80 - found.days[0].lo80


def test_gaps_are_named_by_first_and_last_day():
    assert gaps(series(5, None, None, 6, 5, None, 4)) == (
        Gap(MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), 2),
        Gap(MONDAY + timedelta(days=5), MONDAY + timedelta(days=5), 1),
    )


def test_the_band_stays_on_the_scale():
    found = trend(series(*[10.0, 9.0, 10.0] * 5))
    assert max(each.hi95 for each in found.days) <= 10


def test_the_average_counts_the_answered_days_of_the_seven():
    found = average(series(0, 0, 8, None, 6, None, None, None, 7), MONDAY + timedelta(days=8))
    assert found == Average(MONDAY + timedelta(days=2), MONDAY + timedelta(days=8), 7.0, 3, 7)


def test_the_average_of_no_answers_is_none():
    assert average(series(5), MONDAY + timedelta(days=7)).mean is None


def test_weeks_run_from_monday_and_an_empty_one_is_shown_empty():
    found = weeks(
        (Rating(MONDAY, 4), Rating(MONDAY + timedelta(days=6), 6), Rating(MONDAY + timedelta(days=14), 3))
    )
    assert [(week.first, week.mean, week.answered) for week in found] == [
        (MONDAY, 5.0, 2),
        (MONDAY + timedelta(days=7), None, 0),
        (MONDAY + timedelta(days=14), 3.0, 1),
    ]


def test_a_measure_leaves_out_the_days_on_which_it_was_not_answered():
    found = ratings([Reading(MONDAY, 5, None), Reading(MONDAY + timedelta(days=1), 4, 3)], Measure.ANXIETY)
    assert found == (Rating(MONDAY + timedelta(days=1), 3),)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(values=st.lists(st.none() | st.floats(0, 10), max_size=60), seed=st.integers(0, 9))
def test_any_series_has_a_finite_band_around_its_level_in_any_order(values, seed):
    given_ratings = series(*values)
    arrival = np.random.default_rng(seed).permutation(len(given_ratings))
    found = trend(given_ratings[at] for at in arrival)
    assert found == trend(given_ratings)
    for each in found.days:
        bounds = (0, each.lo95, each.lo80, each.level, each.hi80, each.hi95, 10)
        assert all(isfinite(bound) for bound in bounds)
        assert list(bounds) == sorted(bounds)
