from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from clinical.history import History
from clinical.outlook.learning.prior_estimation import (
    MIN_PATIENTS,
    PatientParameterLikelihood,
    log_marginal_likelihood,
    patient_likelihood,
    propose,
)
from clinical.outlook.model.patient_state import (
    DRIFT_SD,
    P_TREND,
    TRENDS,
    WITHIN_DF,
    WITHIN_SCALE,
    fit_cycle,
    patient_parameter_likelihood,
    state_after,
)
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.model.segments import build_model_input
from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS
from tests.clinical.courses import course, running_day


def clinic(median: float, interval: int, patients: int = 40) -> list[tuple[History, date]]:
    """Patients whose benefit halves around `median` days, with an infusion every `interval` days."""
    draw = np.random.default_rng(3)
    halves = (median * np.exp(0.4 * draw.normal(size=patients))).tolist()
    found = []
    for seed, half in enumerate(halves):
        history = course(seed=seed, intervals=(interval,) * 4, until=10, half=half)
        found.append((history, running_day(history)))
    return found


def likelihoods_of(patients: list[tuple[History, date]]) -> list[PatientParameterLikelihood]:
    return [found for history, today in patients if (found := patient_likelihood(history, today)) is not None]


@pytest.mark.parametrize(("median", "interval"), [(17.0, 28), (42.0, 56)])
def test_the_median_of_a_clinic_that_differs_is_estimated(median, interval):
    proposal = propose(likelihoods_of(clinic(median, interval)))
    assert proposal is not None
    assert abs(np.log(proposal.median_days / median)) < abs(np.log(28.0 / median)) / 2
    assert proposal.cycles == 4 * proposal.patients


def test_censored_cycles_do_not_pass_for_short_benefit():
    proposal = propose(likelihoods_of(clinic(42.0, 21)))
    assert proposal is not None
    assert proposal.median_days > 28


def test_few_patients_propose_nothing():
    assert propose(likelihoods_of(clinic(17.0, 28, MIN_PATIENTS - 1))) is None


def test_a_patient_without_a_finished_cycle_or_a_benefit_is_left_out():
    first = course(until=15)
    assert patient_likelihood(first, running_day(first)) is None
    flat = course(intervals=(28, 28), until=20, gain=0.0)
    assert patient_likelihood(flat, running_day(flat)) is None
    assert patient_likelihood(first, first.readings[0].day - timedelta(days=1)) is None


def test_patients_who_stopped_answering_count_with_their_past():
    history = course(intervals=(28, 28, 28), until=10, half=20.0)
    today = running_day(history)
    now, later = patient_likelihood(history, today), patient_likelihood(history, today + timedelta(days=400))
    assert now is not None
    assert later is not None
    np.testing.assert_allclose(later.values, now.values)
    assert later.cycles == now.cycles == 3


def test_the_patient_parameter_likelihood_of_two_cycles_is_the_sum_over_medians():
    history = course(intervals=(28, 24), until=0, half=20.0)
    model_input = build_model_input(history, history.readings, running_day(history))
    assert model_input is not None
    patient = state_after(model_input.baseline, ())
    first = fit_cycle(patient, model_input.finished_cycles[0]).likelihood.reshape(GRID)
    second = fit_cycle(
        state_after(model_input.baseline, model_input.finished_cycles[:1]), model_input.finished_cycles[1]
    ).likelihood.reshape(GRID)
    apart = np.subtract.outer(np.log(HALF_DAYS), np.log(HALF_DAYS))
    within = (1 + (apart / WITHIN_SCALE) ** 2 / WITHIN_DF) ** (-(WITHIN_DF + 1) / 2)
    within /= within.sum(axis=1, keepdims=True)
    drift = np.zeros(apart.shape)
    for trend, probability in zip(TRENDS, P_TREND, strict=True):
        moved = np.exp(-0.5 * ((apart - trend) / DRIFT_SD) ** 2)
        drift += probability * moved / moved.sum(axis=0, keepdims=True)
    expected = np.array(
        [
            [
                (within[at] @ first[:, shape])
                * sum(drift[to, at] * (within[to] @ second[:, shape]) for to in range(GRID[0]))
                for shape in range(GRID[1])
            ]
            for at in range(GRID[0])
        ]
    )
    found = patient_parameter_likelihood(model_input.baseline, model_input.finished_cycles)
    np.testing.assert_allclose(found, expected / expected.max(), rtol=1e-9)


def test_a_clinics_own_median_is_shrunk_towards_the_published_one():
    likelihoods = likelihoods_of(clinic(17.0, 28, MIN_PATIENTS + 2))
    few, many = propose(likelihoods), propose(likelihoods * 5)
    assert few is not None
    assert many is not None
    assert PUBLISHED.median_days - few.median_days < PUBLISHED.median_days - many.median_days


def test_a_prior_near_the_truth_gives_patients_a_higher_likelihood():
    likelihoods = likelihoods_of(clinic(17.0, 28))
    near, far = PopulationPrior("near", 17.0, 0.4), PopulationPrior("far", 45.0, 0.4)
    sums = [
        sum(log_marginal_likelihood(one, prior) for one in likelihoods) for prior in (near, PUBLISHED, far)
    ]
    assert sums == sorted(sums, reverse=True)
