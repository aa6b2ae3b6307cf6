from __future__ import annotations

from dataclasses import replace

import pytest

from bench.simulation.cohort import (
    EVERYTHING,
    Question,
    asked_only,
    history,
    patient,
    patients,
)
from clinical.infusion import InfusionReason


def test_the_same_seed_gives_the_same_patients():
    assert patients(5, seed=3, missing=0.3) == patients(5, seed=3, missing=0.3)
    assert patients(5, seed=3, missing=0.3) != patients(5, seed=4, missing=0.3)


def test_a_patient_is_the_same_however_many_others_there_are():
    assert patients(5, seed=3, missing=0.3)[4] == patient(4, seed=3, missing=0.3)


def test_how_much_is_missing_changes_no_infusion_and_no_truth():
    few, many = (patient(1, seed=3, missing=missing) for missing in (0.1, 0.5))
    assert (few.infusions, few.cycles, few.dips, few.scores) == (
        many.infusions,
        many.cycles,
        many.dips,
        many.scores,
    )


def test_a_day_knows_only_what_had_been_entered():
    someone = patient(1, seed=3, missing=0.3)
    late = next(one for one in someone.answers if one.entered > (one.reading.day - someone.first).days)
    before, after = (history(someone, day) for day in (late.entered - 1, late.entered))
    assert late.reading.day not in {reading.day for reading in before.readings}
    assert late.reading.day in {reading.day for reading in after.readings}
    for day in range(0, someone.cycles[-1].end, 17):
        known = history(someone, day)
        dated = [one.day for several in (known.readings, known.infusions, known.scores) for one in several]
        assert all(on <= someone.day(day) for on in dated)


def test_a_correction_replaces_what_it_corrects_once_it_is_entered():
    someone = patient(1, seed=3, missing=0.3)
    first = someone.answers[0]
    day = (first.reading.day - someone.first).days
    right = replace(first, entered=day + 9, reading=replace(first.reading, mood=9.0))
    someone = replace(someone, answers=(replace(first, entered=day), right, *someone.answers[2:]))
    assert history(someone, day + 8).readings[0] == first.reading
    assert history(someone, day + 9).readings[0].mood == pytest.approx(9.0)


def test_days_are_in_order_and_each_once():
    someone = patient(2, seed=3, missing=0.3)
    days = [reading.day for reading in history(someone, someone.cycles[-1].end).readings]
    assert days == sorted(set(days))


def test_optional_questions_that_are_off_have_no_answers():
    someone = patient(1, seed=3, missing=0.3)
    plain = history(asked_only(someone, ()), someone.cycles[-1].end)
    assert {reading.enjoyment for reading in plain.readings} == {None}
    assert {reading.benefit_left for reading in plain.readings} == {None}
    assert {given.reason for given in plain.infusions} == {InfusionReason.OTHER}
    assert plain.scores == ()
    assert asked_only(someone, EVERYTHING) == someone


def test_one_question_adds_its_own_answers_only():
    someone = patient(1, seed=3, missing=0.3)
    asked = history(asked_only(someone, {Question.BENEFIT_LEFT}), someone.cycles[-1].end)
    assert any(reading.benefit_left is not None for reading in asked.readings)
    assert {reading.enjoyment for reading in asked.readings} == {None}
    assert asked.scores == ()
