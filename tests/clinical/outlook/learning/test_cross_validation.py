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
    """Patients whose benefit halves around `median` days, and what their finished cycles showed."""
    halves = (median * np.exp(0.3 * np.random.default_rng(5).normal(size=patients))).tolist()
    found = []
    for seed, half in enumerate(halves):
        history = course(seed=seed, intervals=(interval,) * 2, until=10, half=half)
        today = running_day(history)
        likelihood = patient_likelihood(history, today)
        if likelihood is not None:
            found.append(TrainingPatient(history, likelihood, retrospective_cycles(history, today)))
    return found


def test_where_patients_differ_from_the_published_ones_learning_helps_with_patients_it_has_not_seen():
    result = cross_validate(training_patients(14.0, 35))
    assert result is not None
    assert result.verdict is Verdict.HELPED
    assert result.log_score_gain > 0.1
    before, after = result.before[0].mean_error, result.after[0].mean_error
    assert before is not None
    assert after is not None
    assert after < before - 0.5


def test_where_they_do_not_differ_it_hardly_changes_anything():
    result = cross_validate(training_patients(28.0, 56))
    assert result is not None
    before, after = result.before[1].mean_error, result.after[1].mean_error
    assert before is not None
    assert after is not None
    assert abs(after - before) < 0.75


def test_a_longer_benefit_is_estimated_though_the_next_infusion_hides_it():
    result = cross_validate(training_patients(45.0, 28))
    assert result is not None
    assert result.after[1].censored > result.after[1].cycles
    assert result.verdict is Verdict.HELPED


@pytest.mark.parametrize(
    ("explained", "error", "verdict"),
    [
        (0.04, 0.02, Verdict.NO_CLEAR_DIFFERENCE),
        (0.05, 0.02, Verdict.HELPED),
        (-0.05, 0.02, Verdict.HARMED),
    ],
)
def test_a_difference_is_clear_beyond_twice_its_standard_error(explained, error, verdict):
    assert CrossValidation(30, explained, error, (), ()).verdict is verdict


def test_each_patient_is_held_out_once():
    steps = []
    known = training_patients(14.0, 35, 30)
    result = cross_validate(known, lambda: steps.append(1))
    assert result is not None
    assert len(steps) == result.patients == len(known)


def test_too_few_patients_cannot_be_held_out():
    assert cross_validate(training_patients(14.0, 35, MIN_PATIENTS)) is None
