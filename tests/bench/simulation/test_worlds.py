from __future__ import annotations

from statistics import fmean

import numpy as np

from bench.simulation.cohort import Patient, patient
from bench.simulation.worlds import OTHERS, USUAL, World
from clinical.infusion import InfusionReason

BY_NAME = {world.name: world for world in OTHERS}


def of_world(world: World, how_many: int = 60) -> list[Patient]:
    return [patient(number, 3, 0.3, world) for number in range(how_many)]


def test_a_shortening_benefit_is_shorter_in_the_last_cycle_than_in_the_first():
    shortening = of_world(BY_NAME["a benefit that shortens"])
    ratios = [one.cycles[-1].half_gone / one.cycles[0].half_gone for one in shortening if one.responds]
    assert np.exp(np.mean(np.log(ratios))) < 0.75


def test_an_echoing_item_follows_mood_and_not_the_benefit():
    def correlation(world: World) -> float:
        pairs = [
            (answer.reading.mood, answer.reading.benefit_left)
            for one in of_world(world)
            if one.responds
            for answer in one.answers
            if answer.reading.benefit_left is not None
        ]
        return float(np.corrcoef(np.array(pairs).T)[0, 1])

    assert correlation(BY_NAME["a weekly item that repeats mood"]) > correlation(USUAL) + 0.1


def test_gaps_lie_on_low_days():
    def mean_answer(world: World) -> float:
        return fmean(answer.reading.mood for one in of_world(world) for answer in one.answers)

    assert mean_answer(BY_NAME["no answers on low days"]) > mean_answer(USUAL) + 0.2


def test_who_is_still_well_is_recorded_of_half_of_the_infusions_on_schedule():
    well = InfusionReason.SYMPTOMS_NOT_RETURNED
    still_well: list[bool] = []
    recorded_of_lost: list[bool] = []
    for one in of_world(USUAL, 120):
        given = {infusion.day: infusion.reason for infusion in one.infusions}
        for cycle in one.cycles[:-1]:
            reason = given[one.day(cycle.end)]
            if one.responds and reason in {well, InfusionReason.SCHEDULED}:
                of_them = still_well if cycle.half_gone > cycle.end - cycle.start else recorded_of_lost
                of_them.append(reason is well)
    assert 0.3 < fmean(still_well) < 0.6
    assert fmean(recorded_of_lost) < 0.15


def test_every_other_world_departs_in_one_thing():
    for world in OTHERS:
        differing = {name for name in World.__slots__ if getattr(world, name) != getattr(USUAL, name)}
        assert len(differing - {"name", "tails"}) == 1, world.name
