from __future__ import annotations

from datetime import date

import pytest

from clinical.outlook.evaluation.retrospective import (
    Finding,
    RetrospectiveCycle,
    first_cycle_spans,
)
from clinical.outlook.learning.prior_bias import (
    MIN_LOSSES,
    ObservedMedian,
    PriorBias,
    observed_median,
)


def first_cycle(half_gone: int | None, length: int = 40) -> RetrospectiveCycle:
    finding = Finding.CENSORED if half_gone is None else Finding.SEEN
    return RetrospectiveCycle(date(2026, 6, 1), 1, length, length, finding, 4.0, half_gone)


def observed(patients: list[list[RetrospectiveCycle]]) -> ObservedMedian:
    return observed_median(first_cycle_spans(patients))


PATIENTS = [[first_cycle(day)] for day in range(12, 34)]


@pytest.mark.parametrize(
    ("median", "bias"), [(8, PriorBias.TOO_EARLY), (22, PriorBias.NONE_SEEN), (40, PriorBias.TOO_LATE)]
)
def test_a_prior_outside_what_was_observed_is_biased(median, bias):
    found = observed(PATIENTS)
    assert found.median_days == pytest.approx(22)
    assert found.bias_of(median) is bias


def test_cycles_that_ended_before_the_loss_count_as_longer():
    censored = [[first_cycle(None, 20)] for _ in range(12)]
    with_them, without = observed([*PATIENTS, *censored]), observed(PATIENTS)
    assert with_them.median_days is not None
    assert without.median_days is not None
    assert with_them.median_days > without.median_days


def test_only_a_first_cycle_that_can_be_scored_counts():
    unscored = RetrospectiveCycle(date(2026, 6, 1), 1, 28, 28, Finding.NO_BASELINE)
    found = observed([[unscored, first_cycle(15), first_cycle(30)]])
    assert found.median_days == pytest.approx(15)
    assert found.losses == 1


def test_with_few_losses_it_is_not_checked():
    few = observed(PATIENTS[: MIN_LOSSES - 1])
    assert few.bias_of(22) is PriorBias.NOT_CHECKED
    assert observed([]).bias_of(22) is PriorBias.NOT_CHECKED
