from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.simulation.daily_states import benefit, drawn_days
from bench.simulation.traits import drawn_person
from bench.simulation.treatment_course import drawn_course

PERSON = replace(
    drawn_person(np.random.default_rng(3), 0.3), responds=True, half_days=24.0, gains=(3.0, 3.0, 2.0)
)
COURSE = drawn_course(np.random.default_rng(1), PERSON)


def test_the_benefit_of_each_day_falls_below_half_on_the_true_day():
    left = benefit(PERSON, COURSE)
    for cycle in COURSE.cycles:
        whole = left[cycle.start + 1 : cycle.end]
        day = np.arange(1, cycle.end - cycle.start)
        assert ((whole < 0.5) == (day > cycle.half_gone)).all()


def test_before_the_first_infusion_there_is_no_benefit():
    assert (benefit(PERSON, COURSE)[: COURSE.induction[0]] == 0).all()


def test_what_is_felt_is_the_level_and_the_benefit_on_average():
    many = [drawn_days(np.random.default_rng(seed), PERSON, COURSE, 0) for seed in range(150)]
    felt = np.mean([days.felt[:, 0] for days in many], axis=0)
    before = felt[: COURSE.induction[0]].mean() - PERSON.levels[0]
    assert before == pytest.approx(0, abs=0.25)
    best = COURSE.cycles[0].start + 2
    gain = 3.0 * COURSE.cycles[0].gain * many[0].left[best : best + 5].mean()
    assert felt[best : best + 5].mean() - PERSON.levels[0] == pytest.approx(gain, abs=0.3)


def test_dips_are_short_and_low():
    days = drawn_days(np.random.default_rng(5), replace(PERSON, noise_sd=0.0), COURSE, 0)
    assert days.dips
    for first, length in days.dips:
        assert 2 <= length <= 5
        if 0 < first < COURSE.length and first not in COURSE.infusions:
            away = days.felt[first, 0] - days.felt[first - 1, 0]
            assert away < -0.5


def test_noise_of_neighbouring_days_is_correlated():
    noise = drawn_days(np.random.default_rng(5), replace(PERSON, gains=(0.0, 0.0, 0.0)), COURSE, 0).felt[:, 1]
    alike = np.corrcoef(noise[1:], noise[:-1])[0, 1]
    assert 0 < alike < 0.5
