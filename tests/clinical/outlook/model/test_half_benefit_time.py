from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.outlook.model.cycle_fit import Segment
from clinical.outlook.model.half_benefit_time import benefit_left, days_at, interval, probability_by
from clinical.outlook.model.patient_state import state_after
from clinical.outlook.model.wear_off_curve import GRID

POPULATION = state_after(Segment((), (), ()), ()).next_cycle_prior()


def weights():
    return st.lists(st.floats(0, 1), min_size=GRID[0], max_size=GRID[0]).filter(
        lambda parts: sum(parts) > 0.1
    )


def posterior(parts) -> np.ndarray:
    spread = np.outer(parts, np.ones(GRID[1]))
    return np.asarray(spread / spread.sum()).ravel()


def test_a_new_patient_has_an_interval_of_about_four_weeks_with_a_wide_range():
    found = interval(POPULATION)
    assert 26 < found.median < 30
    assert found.lo80 < 16
    assert found.hi80 > 48


def test_the_probability_of_half_lost_is_exactly_0_at_the_infusion_and_1_after_half_a_year():
    assert probability_by(POPULATION, 0) == pytest.approx(0)
    assert probability_by(POPULATION, 200) == pytest.approx(1)
    assert benefit_left(POPULATION, 0).lo80 == 1
    assert benefit_left(POPULATION, 4_000).hi80 < 0.5


@settings(max_examples=60, deadline=None, derandomize=True)
@given(parts=weights(), rounding=st.floats(1 - 1e-12, 1 + 1e-12))
def test_probabilities_that_sum_to_1_but_for_rounding_errors_give_the_same_figures(parts, rounding):
    exact, other = posterior(parts), posterior(parts) * rounding
    assert probability_by(other, 200) == pytest.approx(1)
    assert probability_by(other, 30) == pytest.approx(probability_by(exact, 30), abs=1e-9)
    assert interval(other).median == pytest.approx(interval(exact).median, abs=1e-6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(parts=weights(), chance=st.floats(0.05, 0.95))
def test_quantiles_invert_the_distribution(parts, chance):
    distribution = posterior(parts)
    (day,) = days_at(distribution, chance)
    assert probability_by(distribution, int(np.floor(day))) <= chance + 1e-9
    assert probability_by(distribution, int(np.ceil(day))) >= chance - 1e-9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(parts=weights(), day=st.integers(0, 200))
def test_the_benefit_left_never_grows_with_the_days(parts, day):
    now, later = benefit_left(posterior(parts), day), benefit_left(posterior(parts), day + 1)
    assert 0 <= later.lo80 <= later.median <= later.hi80 <= 1
    assert later.median <= now.median + 1e-9
