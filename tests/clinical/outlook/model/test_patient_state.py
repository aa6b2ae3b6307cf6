from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from clinical.outlook.model.cycle_fit import WEEKDAY, Segment
from clinical.outlook.model.half_benefit_time import interval
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.patient_state import (
    NOISE_SD,
    CourseSegments,
    PatientState,
    before_cycle,
    fit_cycle,
    state_after,
)

BASELINE = Segment(tuple(range(14, 28)), (3.0, 3.5, 2.5, 3.0, 4.0, 2.0, 3.0) * 2, (WEEKDAY,) * 14)


def cycle(half: float, days: int, noise_sd: float = 0.5, seed: int = 1) -> Segment:
    numbers = np.arange(2, days)
    noise = np.random.default_rng(seed).normal(0, noise_sd, numbers.size)
    values = 3.0 + 3.5 * 2 ** -((numbers / half) ** 2) + noise
    return Segment(tuple(numbers.tolist()), tuple(values.tolist()), (WEEKDAY,) * numbers.size)


@pytest.mark.parametrize("half", [12.0, 40.0])
def test_finished_cycles_update_the_patients_own_interval(half):
    cycles = [cycle(half, int(2 * half), seed=seed) for seed in range(5)]
    found = interval(state_after(BASELINE, cycles).next_cycle_prior())
    assert found.median == pytest.approx(half, rel=0.2)
    assert found.lo80 < half < found.hi80


def test_each_cycle_narrows_the_range():
    cycles = [cycle(20, 40, seed=seed) for seed in range(4)]
    widths = []
    for finished in range(5):
        found = interval(state_after(BASELINE, cycles[:finished]).next_cycle_prior())
        widths.append(found.hi80 - found.lo80)
    assert widths == sorted(widths, reverse=True)


def test_a_censored_cycle_shows_only_that_the_benefit_outlasted_it():
    cut = state_after(BASELINE, [cycle(40, 15, seed=seed) for seed in range(3)])
    assert (
        interval(cut.next_cycle_prior()).median
        > interval(state_after(BASELINE, ()).next_cycle_prior()).median
    )


def test_an_unanswered_cycle_does_not_update_the_interval():
    silent = state_after(BASELINE, [Segment((), (), ())])
    before = interval(state_after(BASELINE, ()).next_cycle_prior())
    assert interval(silent.next_cycle_prior()).median == pytest.approx(before.median, rel=0.02)


def test_the_noise_is_estimated_from_finished_cycles():
    steady = state_after(BASELINE, [cycle(20, 40, 0.3, seed) for seed in range(4)]).variance
    restless = state_after(BASELINE, [cycle(20, 40, 2.0, seed) for seed in range(4)]).variance
    assert steady < NOISE_SD**2 < restless


def test_the_baseline_sets_the_level_without_benefit():
    seen = fit_cycle(state_after(BASELINE, ()), cycle(20, 15))
    assert seen.levels.mean[0] == pytest.approx(3.0, abs=0.5)
    assert_allclose(seen.levels.covariance, seen.levels.covariance.T)
    assert (np.linalg.eigvalsh(seen.levels.covariance) > 0).all()


def test_a_benefit_that_shortens_is_followed_further_where_the_interval_may_change():
    halves = (34.0, 31.0, 28.0, 25.0, 22.5, 20.0)
    shortening = [cycle(half, int(1.6 * half), seed=seed) for seed, half in enumerate(halves)]

    def next_median(options: ModelOptions) -> float:
        patient = state_after(BASELINE, shortening, options=options)
        return interval(patient.next_cycle_prior()).median

    assert next_median(IN_USE) < next_median(replace(IN_USE, changing_interval=False))


def test_a_change_of_treatment_makes_earlier_cycles_count_less():
    patient = state_after(BASELINE, [cycle(14, 30, seed=seed) for seed in range(5)])
    running = cycle(20, 3)

    def before(options: ModelOptions, *, changed: bool) -> PatientState:
        state = replace(patient, options=options)
        return before_cycle(state, replace(running, treatment_changed=changed))

    usual, changed = (before(IN_USE, changed=each) for each in (False, True))
    narrow, wide = (interval(each.next_cycle_prior()) for each in (usual, changed))
    assert narrow.lo80 > wide.lo80
    assert narrow.hi80 < wide.hi80
    assert np.diag(changed.levels.covariance)[[0, 2]] == pytest.approx(
        np.diag(usual.levels.covariance)[[0, 2]] + np.square((0.50, 0.35 * usual.levels.mean[2]))
    )
    assert changed.parameters.sum() == pytest.approx(1.0)
    unused = before(replace(IN_USE, treatment_changes=False), changed=True)
    assert_allclose(unused.parameters, patient.parameters)


def test_a_patient_who_changes_after_many_cycles_is_still_followed():
    cycles = [cycle(60, 90, 0.05, seed) for seed in range(40)] + [
        cycle(6, 30, 0.05, seed) for seed in range(6)
    ]
    found = interval(state_after(BASELINE, cycles).next_cycle_prior())
    assert found.median == pytest.approx(6, rel=0.3)


def earlier(*halves: float) -> tuple[CourseSegments, ...]:
    cycles = tuple(cycle(half, int(2 * half), seed=seed) for seed, half in enumerate(halves))
    return (CourseSegments(BASELINE, cycles),)


def test_an_earlier_course_moves_the_start_of_the_next_and_leaves_more_doubt():
    halves = (40.0, 40.0, 40.0, 40.0)
    alone = interval(state_after(BASELINE, ()).next_cycle_prior())
    again = interval(state_after(BASELINE, (), earlier=earlier(*halves)).next_cycle_prior())
    in_course = interval(state_after(BASELINE, earlier(*halves)[0].cycles).next_cycle_prior())
    assert alone.median < again.median <= in_course.median * 1.02
    widths = [found.hi80 / found.lo80 for found in (in_course, again, alone)]
    assert widths == sorted(widths)


def test_each_further_course_in_between_leaves_less_of_an_earlier_one():
    long, short = earlier(50.0, 50.0, 50.0), earlier(15.0, 15.0, 15.0)
    medians = [
        interval(state_after(BASELINE, (), earlier=courses).next_cycle_prior()).median
        for courses in ((*short, *long), (*long, *short))
    ]
    assert medians[0] > medians[1]


def test_an_earlier_course_changes_neither_levels_nor_noise():
    alone, again = state_after(BASELINE, ()), state_after(BASELINE, (), earlier=earlier(40.0, 40.0))
    assert_allclose(again.levels.mean, alone.levels.mean, atol=0.2)
    assert again.variance == pytest.approx(alone.variance)
