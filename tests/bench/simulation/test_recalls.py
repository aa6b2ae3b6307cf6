from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from math import log
from statistics import fmean, stdev

import pytest

from bench.simulation.cohort import Patient, Question, asked_only, history, patient
from bench.simulation.worlds import BAD, FAIR, USUAL, Memory

EXACT = Memory(spread=0.0, lean_sd=0.0, unanswered=0.0, random=0.0, denial=0.0)


def asked(memory: Memory, how_many: int = 150) -> list[Patient]:
    return [patient(number, 5, 0.3, replace(USUAL, memory=memory)) for number in range(how_many)]


def answered(patients: list[Patient]) -> list[tuple[float, int, int | None]]:
    """Of each answer of those with a benefit: the true day, the days of the interval, the days recalled."""
    return [
        (cycle.half_gone, cycle.end - cycle.start, recall.days)
        for one in patients
        if one.responds
        for cycle in one.cycles
        for recall in one.recalls
        if recall.asked_on == one.day(cycle.end)
    ]


def test_an_exact_memory_recalls_the_day_to_a_week_and_what_had_not_gone():
    for truth, interval, recalled in answered(asked(EXACT, 40)):
        assert (recalled is None) == (truth >= interval)
        assert recalled is None or abs(recalled - truth) <= 4


def test_a_fair_memory_errs_by_its_spread():
    found = answered(asked(FAIR))
    errors = [log(days) - log(truth) for truth, _, days in found if days is not None and days > 7]
    assert 0.3 < stdev(errors) < 0.7
    assert abs(fmean(errors)) < 0.25
    denied = [days is None for truth, interval, days in found if truth < interval]
    assert 0.1 < fmean(denied) < 0.25


def test_a_quarter_does_not_answer():
    patients = asked(FAIR)
    cycles = sum(len(one.cycles) - 1 for one in patients)
    assert sum(len(one.recalls) for one in patients) / cycles == pytest.approx(0.75, abs=0.05)


def test_a_bad_memory_errs_more():
    fair, bad = (
        fmean(abs(log(days) - log(min(truth, interval))) for truth, interval, days in found if days)
        for found in (answered(asked(FAIR)), answered(asked(BAD)))
    )
    assert bad > 1.3 * fair


def test_an_echo_knows_nothing_of_the_cycle_but_how_the_day_is():
    found = answered(asked(Memory(echo=True)))
    answers = Counter(days is None for _, _, days in found)
    assert min(answers.values()) > 0.1 * sum(answers.values())
    assert all(days is None or days <= interval for _, interval, days in found)


def test_no_more_days_are_recalled_than_there_were():
    for _, interval, days in answered(asked(BAD, 60)):
        assert days is None or 1 <= days <= interval


def test_a_clinic_that_does_not_ask_knows_nothing_of_it():
    one = next(each for each in asked(FAIR, 20) if each.recalls)
    assert not asked_only(one, set(Question) - {Question.RECALL}).recalls
    last = (one.recalls[-1].asked_on - one.first).days
    known = [len(history(one, day).half_benefit_recalls) for day in (last - 1, last)]
    assert known == [len(one.recalls) - 1, len(one.recalls)]
    assert all(before.asked_on < after.asked_on for before, after in pairwise(one.recalls))


def test_people_are_the_same_whatever_they_recall():
    fair, bad = (patient(3, 5, 0.3, replace(USUAL, memory=memory)) for memory in (FAIR, BAD))
    assert (fair.answers, fair.infusions, fair.cycles) == (bad.answers, bad.infusions, bad.cycles)
