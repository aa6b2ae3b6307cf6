from __future__ import annotations

import numpy as np
import pytest

from clinical.outlook.evaluation.retrospective import retrospective_cycles
from clinical.outlook.learning.cross_validation import (
    CrossValidation,
    TrainingPatient,
    Verdict,
    cross_validate,
)
from clinical.outlook.learning.prior_estimation import MIN_PATIENTS, patient_likelihood
from tests.clinical.courses import course, running_day


def training_patients(median: float, interval: int, patients: int = 50) -> list[TrainingPatient]:
    """Patients whose benefit halves around `median` days, and their finished cycles."""
    halves = (median * np.exp(0.3 * np.random.default_rng(5).normal(size=patients))).tolist()
    found = []
    for seed, half in enumerate(halves):
        history = course(seed=seed, intervals=(interval,) * 2, until=10, half=half)
        today = running_day(history)
        likelihood = patient_likelihood(history, today)
        if likelihood is not None:
            found.append(TrainingPatient(history, likelihood, retrospective_cycles(history, today)))
    return found


def test_where_patients_differ_from_the_published_ones_estimation_helps_with_held_out_patients():
    result = cross_validate(training_patients(14.0, 35))
    assert result is not None
    assert result.verdict is Verdict.HELPED
    assert result.log_score_gain > 0.1
    published, fitted = result.published[0].mean_error, result.fitted[0].mean_error
    assert published is not None
    assert fitted is not None
    assert fitted < published - 0.5


def test_where_they_do_not_differ_it_hardly_changes_anything():
    result = cross_validate(training_patients(28.0, 56))
    assert result is not None
    published, fitted = result.published[1].mean_error, result.fitted[1].mean_error
    assert published is not None
    assert fitted is not None
    assert abs(fitted - published) < 0.75


def test_a_longer_benefit_is_estimated_though_the_next_infusion_hides_it():
    result = cross_validate(training_patients(45.0, 28))
    assert result is not None
    assert result.fitted[1].censored > result.fitted[1].cycles
    assert result.verdict is Verdict.HELPED


@pytest.mark.parametrize(
    ("gain", "error", "verdict"),
    [
        (0.04, 0.02, Verdict.NO_CLEAR_DIFFERENCE),
        (0.05, 0.02, Verdict.HELPED),
        (-0.05, 0.02, Verdict.HARMED),
    ],
)
def test_a_difference_is_clear_beyond_twice_its_standard_error(gain, error, verdict):
    assert CrossValidation(30, gain, error, (), ()).verdict is verdict


def test_each_patient_is_held_out_once():
    steps = []
    known = training_patients(14.0, 35, 30)
    result = cross_validate(known, lambda: steps.append(1))
    assert result is not None
    assert len(steps) == result.patients == len(known)


def test_too_few_patients_cannot_be_held_out():
    assert cross_validate(training_patients(14.0, 35, MIN_PATIENTS)) is None
