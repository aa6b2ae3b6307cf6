from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bench.simulation.cohort import EVERYTHING, asked_only, patient
from bench.simulation.cohort import history as known
from bench.simulation.worlds import USUAL, World
from clinical.outlook.learning.silence_slope import SLOPES, estimate_slope
from clinical.outlook.model.segments import ModelInput, build_model_input, up_to

PATIENTS = 12


def model_inputs(world: World) -> list[ModelInput]:
    found = []
    for number in range(PATIENTS):
        someone = asked_only(patient(number, 3, 0.3, world), EVERYTHING)
        day = someone.cycles[-1].end - 1
        history, today = known(someone, day), someone.day(day)
        if someone.responds and (made := build_model_input(history, up_to(history.readings, today), today)):
            found.append(made)
    return found


def test_the_slope_is_larger_where_patients_are_silent_on_low_days():
    usual = estimate_slope(model_inputs(replace(USUAL, low_mood=0.0)))
    silent = estimate_slope(model_inputs(replace(USUAL, low_mood=1.5)))
    assert silent.slope > usual.slope + 0.3
    assert silent.log_likelihood_gain > max(usual.log_likelihood_gain, 2.0)
    assert silent.cycles == usual.cycles > PATIENTS


def test_without_cycles_silence_says_nothing():
    nobody = estimate_slope([])
    assert nobody.cycles == 0
    assert nobody.slope == pytest.approx(SLOPES[0])


def test_the_running_cycle_is_observed_up_to_yesterday():
    (made, *_) = model_inputs(USUAL)
    assert made.running_cycle.observed_to == made.elapsed - 1
    lengths = [(after - before).days for before, after in pairwise(made.opened)]
    assert [cycle.observed_to + 1 for cycle in made.finished_cycles] == lengths
    assert made.baseline.observed_to == 0
