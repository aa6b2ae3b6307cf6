from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.outlook.model.half_benefit_time import days_at, probability_by, recalibrated
from clinical.outlook.model.patient_state import prior_of_patient_parameters
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.outlook.recalibration import Recalibration

POSTERIOR = prior_of_patient_parameters(PUBLISHED).ravel()
MAPS = st.builds(Recalibration, st.just("recalibration-1"), st.floats(-1.5, 1.5), st.floats(0.5, 2.0))


def test_none_leaves_the_posterior_as_it_is():
    assert recalibrated(POSTERIOR, None) is POSTERIOR


def test_the_identity_changes_nothing():
    same = recalibrated(POSTERIOR, Recalibration("recalibration-1", 0.0, 1.0))
    assert same == pytest.approx(POSTERIOR, abs=1e-12)


@given(MAPS)
def test_probabilities_and_quantiles_follow_the_map_and_never_fall_with_the_days(by):
    mapped = recalibrated(POSTERIOR, by)
    assert mapped.sum() == pytest.approx(1)
    assert np.isfinite(mapped).all()
    assert (mapped >= 0).all()
    by_day = [probability_by(mapped, day) for day in range(120)]
    assert by_day == sorted(by_day)
    for day in (10, 21, 40):
        assert probability_by(mapped, day) == pytest.approx(
            by.probability(probability_by(POSTERIOR, day)), abs=0.02
        )
    low, median, high = days_at(mapped, 0.1, 0.5, 0.9)
    assert low <= median <= high


@given(MAPS, st.floats(0.001, 0.999))
def test_the_two_directions_of_the_map_are_inverse(by, p):
    assert by.probability(by.forecast_probability(p)) == pytest.approx(p, abs=1e-6)


def test_a_location_above_zero_is_later_and_a_scale_above_one_wider():
    later = days_at(recalibrated(POSTERIOR, Recalibration("r", 0.5, 1.0)), 0.5)
    assert later > days_at(POSTERIOR, 0.5)
    low, high = days_at(recalibrated(POSTERIOR, Recalibration("r", 0.0, 1.5)), 0.1, 0.9)
    before = days_at(POSTERIOR, 0.1, 0.9)
    assert low < before[0]
    assert high > before[1]
