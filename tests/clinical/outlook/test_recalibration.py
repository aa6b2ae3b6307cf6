from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.outlook import ENGINE_VERSION, PUBLISHED, PopulationPrior
from clinical.outlook.recalibration import Recalibration, normal_cumulative, normal_deviate


def recalibration(location: float = 0.0, scale: float = 1.0, **given) -> Recalibration:
    usual = {"engine_version": ENGINE_VERSION, "prior_version": PUBLISHED.version}
    return Recalibration("recalibration-1", location, scale, **usual | given)


MAPS = st.builds(recalibration, st.floats(-2, 2), st.floats(0.3, 3))


def test_the_identity_changes_no_probability():
    for share in (0.0, 1e-9, 0.1, 0.5, 0.97, 1.0):
        assert recalibration().probability(share) == pytest.approx(share, abs=1e-12)


def test_a_later_location_lowers_and_a_smaller_scale_sharpens_a_probability():
    assert recalibration(location=0.5).probability(0.5) == pytest.approx(0.3085, abs=1e-4)
    assert recalibration(scale=0.5).probability(0.9) > 0.99
    assert recalibration(scale=0.5).probability(0.1) < 0.01


@given(MAPS, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_never_becomes_the_lower_one(made, one, other):
    low, high = sorted((one, other))
    assert 0 <= made.probability(low) <= made.probability(high) <= 1
    assert (made.probability(0), made.probability(1)) == (0, 1)


@given(MAPS, st.floats(-1.5, 1.5))
def test_the_deviate_before_is_the_inverse(made, deviate):
    after = made.probability(normal_cumulative(made.deviate_before(deviate)))
    assert normal_deviate(after) == pytest.approx(deviate, abs=1e-4)


def test_it_corrects_the_running_engine_with_its_prior_alone():
    assert recalibration().corrects(PUBLISHED)
    assert not recalibration().corrects(PopulationPrior("clinic-1", 33.0, 0.4))
    assert not recalibration(engine_version="wear-off-0").corrects(PUBLISHED)
