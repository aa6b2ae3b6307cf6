from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clinical.outlook.model.auxiliary import (
    P_GIVEN_ANYWAY,
    P_NOT_GONE_ANYWAY,
    P_WELL_ANYWAY,
    PHQ_9_SD,
    RECALL_UNRELATED_WEIGHT,
    RETURN_UNRELATED_WEIGHT,
    AuxiliaryObservations,
    log_likelihood,
    rows,
)
from clinical.outlook.model.cycle_fit import Segment
from clinical.outlook.model.half_benefit_time import interval
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.patient_state import fit_cycle, state_after
from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS, REMAINING
from clinical.outlook.model.wellbeing import Floats

NOBODY = state_after(Segment((), (), ()), ())


def likeliest_half_days(result: AuxiliaryObservations) -> float:
    return float(HALF_DAYS[log_likelihood(result).reshape(GRID).max(axis=1).argmax()])


def median(result: AuxiliaryObservations) -> float:
    return interval(fit_cycle(NOBODY, Segment((), (), (), result)).posterior).median


def test_half_left_on_a_day_makes_that_day_the_likeliest():
    assert likeliest_half_days(AuxiliaryObservations(benefit_left=((20, 0.5),))) == pytest.approx(
        20, rel=0.06
    )


def test_much_left_late_means_a_long_benefit_and_little_left_early_a_short_one():
    assert (
        median(AuxiliaryObservations(benefit_left=((21, 0.9),)))
        > median(AuxiliaryObservations())
        > median(AuxiliaryObservations(benefit_left=((7, 0.1),)))
    )


def test_one_absurd_answer_does_not_overrule_the_good_ones():
    good = ((7, 0.95), (14, 0.8), (21, 0.5), (28, 0.2))
    before = interval(
        fit_cycle(NOBODY, Segment((), (), (), AuxiliaryObservations(benefit_left=good))).posterior
    )
    assert before.median < median(AuxiliaryObservations(benefit_left=(*good, (35, 1.0)))) < before.hi80


def of_time(result: AuxiliaryObservations, options: ModelOptions = IN_USE) -> Floats:
    """The likelihood of T, for any shape."""
    return np.exp(log_likelihood(result, options).reshape(GRID)[:, 0])


def test_an_infusion_for_symptoms_dates_the_loss_to_a_week_before():
    found = of_time(AuxiliaryObservations(symptoms_returned_on_day=28))
    assert float(HALF_DAYS[found.argmax()]) == pytest.approx(21, rel=0.06)
    far = found[(HALF_DAYS < 5) | (HALF_DAYS > 90)]
    assert far == pytest.approx(np.full(far.size, RETURN_UNRELATED_WEIGHT), abs=0.01)


def test_without_dated_reasons_it_bounds_the_half_benefit_day_from_above_only():
    undated = ModelOptions(dated_reasons=False)
    likelihood = of_time(AuxiliaryObservations(symptoms_returned_on_day=20), undated)
    assert likelihood[HALF_DAYS < 10].min() > 0.95
    assert likelihood[HALF_DAYS > 40].max() == pytest.approx(P_GIVEN_ANYWAY, abs=0.01)
    assert not log_likelihood(AuxiliaryObservations(still_well_on_day=20), undated).any()


@pytest.mark.parametrize(
    ("reported", "anyway"),
    [
        (AuxiliaryObservations(still_well_on_day=20), P_WELL_ANYWAY),
        (AuxiliaryObservations(recalled_not_gone_by_day=20), P_NOT_GONE_ANYWAY),
    ],
    ids=["symptoms had not returned", "recalled as not gone"],
)
def test_what_was_not_lost_by_a_day_bounds_it_from_below_only(reported, anyway):
    found = of_time(reported)
    assert found[HALF_DAYS > 40].min() > 0.95
    assert found[HALF_DAYS < 8].max() == pytest.approx(anyway, abs=0.02)
    assert (np.diff(found) >= 0).all()


def test_recalled_days_make_that_day_the_likeliest_and_rule_out_none():
    found = of_time(AuxiliaryObservations(recalled_days=20))
    assert float(HALF_DAYS[found.argmax()]) == pytest.approx(20, rel=0.06)
    assert found.min() >= RECALL_UNRELATED_WEIGHT
    assert found.max() == pytest.approx(1 + RECALL_UNRELATED_WEIGHT, abs=0.01)


def test_an_absurd_recall_does_not_overrule_the_days_of_a_cycle():
    days = tuple(range(2, 50))
    fallen = tuple(3.0 + 4 * 0.5 ** ((day / 20) ** 2) for day in days)
    cycle = Segment(days, fallen, (-0.4,) * len(days))
    plain = interval(fit_cycle(NOBODY, cycle).posterior)
    absurd = replace(cycle, auxiliary=AuxiliaryObservations(recalled_days=49))
    assert plain.median < interval(fit_cycle(NOBODY, absurd).posterior).median < plain.hi80


def test_a_fall_of_phq_9_is_an_observation_of_the_gain_over_its_fortnight():
    found = rows(AuxiliaryObservations(phq9_improvement=((20, 4.0),)))
    assert (found.fixed_effects.tolist(), found.y.tolist()) == ([[0.0, 0.0]], [4.0])
    assert found.variances.tolist() == [PHQ_9_SD**2]
    np.testing.assert_allclose(found.gain_regressor[0], REMAINING[7:21].mean(axis=0))


def test_phq_9_still_low_on_a_late_day_lengthens_the_benefit():
    days = tuple(range(2, 16))
    segment = Segment(days, (6.5,) * len(days), (-0.4,) * len(days))
    plain = fit_cycle(NOBODY, segment).posterior
    result = replace(segment, auxiliary=AuxiliaryObservations(phq9_improvement=((30, 4.0),)))
    assert interval(fit_cycle(NOBODY, result).posterior).median > interval(plain).median


def test_a_rated_baseline_replaces_baseline_days():
    rated_baseline = state_after(Segment((), (), (), AuxiliaryObservations(rated_baseline=2.0)), ())
    assert rated_baseline.levels.mean[0] == pytest.approx(2.0, abs=0.4)
    assert rated_baseline.levels.covariance[0, 0] < NOBODY.levels.covariance[0, 0] / 3


def test_a_reported_share_has_an_error_of_about_sixty_points():
    half_reported = log_likelihood(AuxiliaryObservations(benefit_left=((20, 0.5),))).reshape(GRID)
    gone, left = half_reported[0, -1], half_reported[:, -1].max()
    assert gone - left == pytest.approx(-2.5 * np.log1p((0.5 / 0.6) ** 2 / 4), abs=0.03)


def test_without_observations_the_likelihood_is_flat():
    assert not log_likelihood(AuxiliaryObservations()).any()
    assert rows(AuxiliaryObservations()).fixed_effects.shape == (0, 2)
