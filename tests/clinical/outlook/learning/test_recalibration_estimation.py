from __future__ import annotations

from math import exp
from statistics import NormalDist

import numpy as np
import pytest

from clinical.outlook.evaluation import CyclePredictions, Prediction
from clinical.outlook.learning.cross_validation import Verdict
from clinical.outlook.learning.recalibration_estimation import (
    MIN_PATIENTS,
    cross_validate_recalibration,
    estimate_recalibration,
    recalibrated_cycle,
)
from clinical.outlook.recalibration import Recalibration

NORMAL = NormalDist()
MEDIAN, SPREAD = 24.0, 0.35
"""Median and log SD of what is forecast of every cycle."""


def cycle(half_gone: float, length: int) -> CyclePredictions:
    """A cycle of which the same log-normal half-benefit day is forecast on every day."""
    low, high = (MEDIAN * exp(SPREAD * NORMAL.inv_cdf(p)) for p in (0.1, 0.9))
    predictions = tuple(
        Prediction(day, MEDIAN, low, high, NORMAL.cdf(np.log(day / MEDIAN) / SPREAD))
        for day in range(1, length)
    )
    return CyclePredictions(1, length, half_gone if half_gone < length else None, None, predictions)


def clinic(location: float, scale: float, patients: int = 80, seed: int = 1) -> list[list[CyclePredictions]]:
    """Patients whose z is normal with that mean and SD; most cycles end before half was lost."""
    draw = np.random.default_rng(seed)
    return [
        [
            cycle(MEDIAN * exp(SPREAD * (location + scale * draw.normal())), int(draw.integers(14, 36)))
            for _ in range(5)
        ]
        for _ in range(patients)
    ]


@pytest.mark.parametrize(("location", "scale"), [(0.0, 1.0), (0.6, 1.0), (-0.6, 0.8), (0.0, 1.5)])
def test_it_finds_the_map_that_made_the_record_although_most_cycles_are_censored(location, scale):
    patients = clinic(location, scale)
    found = estimate_recalibration(patients)
    assert found is not None
    assert found.losses < found.cycles <= 400
    assert found.location == pytest.approx(location, abs=max(3 * found.location_se, 0.15))
    assert exp(found.log_scale) == pytest.approx(scale, rel=0.15)
    assert 0.01 < found.location_se < 0.2
    assert 0.01 < found.log_scale_se < 0.2


def test_few_cycles_are_less_certain_and_fewer_say_nothing():
    few, many = (estimate_recalibration(clinic(0.8, 1.0, patients)) for patients in (MIN_PATIENTS, 150))
    assert few is not None
    assert many is not None
    assert few.location_se > many.location_se
    assert estimate_recalibration(clinic(0.8, 1.0, MIN_PATIENTS - 1)) is None
    unseen = [[cycle(90, 30)] * 4 for _ in range(MIN_PATIENTS)]
    assert estimate_recalibration(unseen) is None


def test_the_order_of_patients_does_not_matter():
    patients = clinic(0.4, 1.2, 30)
    assert estimate_recalibration(patients) == estimate_recalibration(patients[::-1])


def test_without_a_forecast_a_cycle_does_not_count():
    silent = [CyclePredictions(1, 30, 20, None, tuple(Prediction(day) for day in range(1, 30)))]
    patients = clinic(0.4, 1.0, 30)
    assert estimate_recalibration([*patients, silent]) == estimate_recalibration(patients)


def test_held_out_patients_are_forecast_better_where_the_record_departs_and_not_elsewhere():
    late = cross_validate_recalibration(clinic(0.9, 1.0))
    assert late is not None
    assert late.verdict is Verdict.HELPED
    assert late.calibration_before.calibration_error is not None
    assert late.calibration_after.calibration_error is not None
    assert late.calibration_after.calibration_error < late.calibration_before.calibration_error
    right = cross_validate_recalibration(clinic(0.0, 1.0))
    assert right is not None
    assert right.verdict is Verdict.NO_CLEAR_DIFFERENCE
    narrow = cross_validate_recalibration(clinic(0.0, 1.6))
    assert narrow is not None
    assert narrow.before.coverage is not None
    assert narrow.after.coverage is not None
    assert narrow.after.coverage > narrow.before.coverage


def test_no_cross_validation_with_too_few_patients_in_four_folds():
    assert cross_validate_recalibration(clinic(0.5, 1.0, MIN_PATIENTS)) is None


def test_a_recalibrated_prediction_has_its_quantiles_and_probability_by_one_map():
    by = Recalibration("held-out", 0.5, 1.25)
    (made, *_) = recalibrated_cycle(cycle(20, 30), by).predictions[13:14]
    assert made.median == pytest.approx(MEDIAN * exp(SPREAD * 0.5))
    assert made.hi80 == pytest.approx(MEDIAN * exp(SPREAD * (0.5 + 1.25 * NORMAL.inv_cdf(0.9))))
    assert made.lo80 == pytest.approx(MEDIAN * exp(SPREAD * (0.5 - 1.25 * NORMAL.inv_cdf(0.9))))
    expected = NORMAL.cdf((np.log(14 / MEDIAN) / SPREAD - 0.5) / 1.25)
    assert made.p_half_lost == pytest.approx(expected)
    nothing = CyclePredictions(1, 30, 20, None, (Prediction(7),))
    assert recalibrated_cycle(nothing, by) == nothing
