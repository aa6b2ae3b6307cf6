from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.outlook.model.half_benefit_time import days_at, probability_by
from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS
from clinical.outlook.recalibrated_posterior import recalibrated
from tests.clinical.outlook.test_recalibration import MAPS, recalibration

EDGES = np.sqrt(HALF_DAYS[:-1] * HALF_DAYS[1:])


@st.composite
def posteriors(draw):
    weights = np.array(draw(st.lists(st.floats(0, 1), min_size=GRID[0], max_size=GRID[0])))
    shapes = np.array(draw(st.lists(st.floats(0.01, 1), min_size=GRID[1], max_size=GRID[1])))
    weights[draw(st.integers(0, GRID[0] - 1))] += 0.5
    found = np.outer(weights, shapes).ravel()
    return found / found.sum()


@given(posteriors(), MAPS)
@settings(max_examples=50)
def test_probabilities_never_fall_from_day_to_day_and_add_up_to_one(posterior, made):
    after = recalibrated(posterior, made)
    assert after.sum() == pytest.approx(1)
    assert (after >= 0).all()
    by_day = [probability_by(after, day) for day in range(180)]
    assert by_day == sorted(by_day)


@given(posteriors(), MAPS)
@settings(max_examples=50)
def test_the_distribution_is_the_map_of_the_distribution_at_the_edges_of_the_cells(posterior, made):
    after = recalibrated(posterior, made)
    for day in EDGES.tolist():
        before = probability_by(posterior, day)
        if 1e-6 < before < 1 - 1e-6:
            assert probability_by(after, day) == pytest.approx(made.probability(before), abs=1e-5)


def test_the_shape_given_t_is_as_it_was_learnt():
    posterior = np.random.default_rng(3).dirichlet(np.ones(GRID[0] * GRID[1]))
    after = recalibrated(posterior, recalibration(0.4, 0.7)).reshape(GRID)
    before = posterior.reshape(GRID)
    assert after / after.sum(axis=1, keepdims=True) == pytest.approx(
        before / before.sum(axis=1, keepdims=True)
    )


def test_the_identity_is_the_same_posterior_and_a_later_location_moves_the_window():
    posterior = np.full(GRID[0] * GRID[1], 1 / (GRID[0] * GRID[1]))
    assert recalibrated(posterior, recalibration()) is posterior
    later = recalibrated(posterior, recalibration(location=0.5))
    assert days_at(later, 0.5)[0] > days_at(posterior, 0.5)[0] + 5
