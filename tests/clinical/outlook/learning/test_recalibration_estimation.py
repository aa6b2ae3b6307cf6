from __future__ import annotations

import pytest

from clinical.outlook.learning.recalibration_estimation import (
    MIN_CYCLES,
    MIN_LOSSES,
    MIN_PATIENTS,
    TrainingCounts,
    counts_of,
    outcomes_of,
    propose,
)
from tests.clinical.backtested_cycles import patients


def proposal(**given):
    found = propose([outcomes_of(cycles) for cycles in patients(**given)])
    assert found is not None
    return found


def test_calibrated_forecasts_leave_it_near_the_identity():
    found = proposal()
    assert found.location == pytest.approx(0, abs=2 * found.location_se)
    assert found.scale == pytest.approx(1, abs=2 * found.scale_se)


@pytest.mark.parametrize(("location", "scale"), [(0.6, 1.0), (-0.6, 1.0), (0.0, 0.6), (0.0, 1.6)])
def test_it_moves_to_where_the_losses_were(location, scale):
    found = proposal(location=location, scale=scale)
    assert found.location == pytest.approx(location, abs=0.3)
    assert found.scale == pytest.approx(scale, abs=0.35)


def test_cycles_that_the_next_infusion_ended_do_not_bias_it():
    early = proposal(how_many=150, location=0.3, scale=0.8, lengths=(15, 26))
    assert early.counts.losses < 0.5 * early.counts.cycles
    assert early.location == pytest.approx(0.3, abs=0.12)
    assert early.scale == pytest.approx(0.8, abs=0.12)


def test_few_cycles_change_little():
    few, many = (
        [proposal(how_many=number, location=1.2, seed=seed).location for seed in range(4)]
        for number in (20, 80)
    )
    assert 0 < sum(few) < sum(many) < 4 * 1.2


def test_standard_errors_are_those_of_repeated_samples():
    found = [proposal(seed=seed) for seed in range(8)]
    spread = sum(each.location**2 for each in found) / len(found)
    claimed = sum(each.location_se**2 for each in found) / len(found)
    assert 0.2 < spread / claimed < 2.5


def test_cycles_of_a_patient_that_are_alike_count_as_one_patients():
    independent = [outcomes_of(cycles) for cycles in patients(how_many=60)]
    alike = [outcomes_of(cycles[:1] * 4) for cycles in patients(how_many=60)]
    one, other = propose(independent), propose(alike)
    assert one is not None
    assert other is not None
    assert other.location_se > 1.4 * one.location_se


def test_the_order_of_patients_changes_nothing():
    outcomes = [outcomes_of(cycles) for cycles in patients(location=0.4)]
    assert propose([*outcomes[7:], *reversed(outcomes[:7])]) == propose(outcomes)


def test_a_cycle_has_a_weight_of_one_however_many_landmarks_it_has():
    (cycles, *_) = patients(1)
    outcomes = outcomes_of(cycles)
    assert sum(each.weight for each in outcomes.outcomes) == pytest.approx(outcomes.cycles)


def test_from_few_patients_or_cycles_nothing_is_proposed():
    assert propose([outcomes_of(cycles) for cycles in patients(MIN_PATIENTS - 1)]) is None
    assert propose([]) is None
    counts = counts_of([outcomes_of(cycles) for cycles in patients(3)])
    assert (counts.patients, counts.cycles) == (3, 12)
    assert TrainingCounts(MIN_PATIENTS, MIN_CYCLES, MIN_LOSSES).are_enough
    assert not TrainingCounts(MIN_PATIENTS, MIN_CYCLES, MIN_LOSSES - 1).are_enough
