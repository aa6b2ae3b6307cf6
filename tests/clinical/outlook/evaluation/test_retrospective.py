"""When half was gone, looking back on a finished cycle."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.outlook.evaluation.retrospective import Finding, retrospective_cycles
from clinical.outlook.model.wear_off_curve import MAX_CYCLE_DAYS
from clinical.protocol import Protocol
from tests.clinical.courses import FIRST_INFUSION, INDUCTION, course, day, histories, running_day, todays


def lived(levels: list[float], *, before: int = 10, interval: int | None = None) -> History:
    """A cycle whose wellbeing on its days 0, 1, ... is as given, mood and calm alike; then an infusion."""
    readings = [Reading(FIRST_INFUSION - timedelta(days=back), 3, 7) for back in range(before, 0, -1)]
    readings += [Reading(day(number), level, 10 - level) for number, level in enumerate(levels)]
    infusions = (*INDUCTION, day(interval or len(levels)))
    return History(tuple(readings), tuple(map(GivenInfusion, infusions)), Protocol())


def found(history: History):
    (cycle,) = retrospective_cycles(history, day(400))
    return cycle


GOOD, HALF_WAY, LOW = 8.0, 6.0, 4.0  # the line is half-way between 3 and 8


def test_half_is_gone_from_the_day_on_which_the_level_stays_under_the_line():
    cycle = found(lived([GOOD] * 15 + [LOW] * 10))
    assert (cycle.finding, cycle.number, cycle.interval, cycle.length) == (Finding.SEEN, 1, 25, 25)
    assert cycle.half_gone == pytest.approx(15, abs=1)
    assert cycle.gain == pytest.approx(5, abs=0.3)


def test_a_third_is_gone_no_later_than_a_half():
    cycle = found(lived([GOOD] * 10 + [HALF_WAY] * 10 + [LOW] * 10))
    assert cycle.third_gone == pytest.approx(10, abs=1)
    assert cycle.half_gone == pytest.approx(20, abs=1)


def test_a_dip_that_passes_is_not_the_end():
    cycle = found(lived([GOOD] * 10 + [2.0] * 4 + [GOOD] * 10))
    assert (cycle.finding, cycle.half_gone) == (Finding.CENSORED, None)


def test_two_low_days_before_the_infusion_are_too_few_for_a_loss():
    assert found(lived([GOOD] * 20 + [2.0, 2.0])).half_gone is None
    assert found(lived([GOOD] * 20 + [2.0, 2.0, 2.0])).half_gone is not None


def answered_on(numbers: list[int], levels: list[float]) -> History:
    """A cycle of 30 days answered on those days only."""
    by_day = {day(number): level for number, level in zip(numbers, levels, strict=True)}
    whole = lived([GOOD] * 30)
    return replace(
        whole,
        readings=tuple(
            replace(r, mood=by_day.get(r.day, r.mood), anxiety=10 - by_day.get(r.day, r.mood))
            for r in whole.readings
            if r.day < day(0) or r.day in by_day
        ),
    )


def test_days_that_nobody_answered_are_not_days_under_the_line():
    first_week = list(range(2, 9))
    assert found(answered_on([*first_week, 20], [*[GOOD] * 7, 2.0])).finding is Finding.CENSORED
    three = found(answered_on([*first_week, 11, 13, 15], [*[GOOD] * 7, 2.0, 2.0, 2.0]))
    assert three.finding is Finding.SEEN


def test_a_fall_in_a_long_silence_has_no_day():
    first_week = list(range(2, 9))
    late = found(answered_on([*first_week, 18, 19, 20, 21], [*[GOOD] * 7, *[2.0] * 4]))
    assert (late.finding, late.half_gone) == (Finding.CENSORED, None)


def test_the_gain_is_that_of_the_second_to_the_eighth_day():
    eighth = found(lived([GOOD] * 9 + [LOW] * 12))
    seventh = found(lived([GOOD] * 8 + [LOW] * 12))
    assert eighth.gain is not None
    assert seventh.gain is not None
    assert eighth.gain > seventh.gain


def test_a_very_long_cycle_is_scored_up_to_the_models_last_day():
    cycle = found(lived([GOOD] * 60 + [LOW] * 140 + [GOOD] * 100))
    assert (cycle.interval, cycle.length) == (300, MAX_CYCLE_DAYS)


def test_a_cycle_without_an_observed_loss_is_censored_at_its_last_answer():
    cycle = found(lived([GOOD] * 15, interval=30))
    assert (cycle.finding, cycle.half_gone) == (Finding.CENSORED, None)
    assert (cycle.interval, cycle.length) == (30, 15)
    assert cycle.can_be_scored


@pytest.mark.parametrize(
    ("history", "finding"),
    [
        (lived([3.9] * 20), Finding.NO_BENEFIT),
        (lived([GOOD] * 8), Finding.TOO_FEW_ANSWERS),
        (lived([GOOD] * 20, before=2), Finding.NO_BASELINE),
    ],
)
def test_a_cycle_without_a_reference_is_counted_and_not_scored(history, finding):
    cycle = found(history)
    assert cycle.finding is finding
    assert not cycle.can_be_scored
    assert (cycle.half_gone, cycle.third_gone) == (None, None)


def test_a_cycle_without_an_answer_in_its_first_week_has_no_reference():
    whole = lived([GOOD] * 25)
    late = tuple(reading for reading in whole.readings if not day(0) <= reading.day <= day(8))
    assert found(replace(whole, readings=late)).finding is Finding.TOO_FEW_ANSWERS


def test_a_rated_baseline_replaces_missing_answers():
    too_late = AssessedBaseline(FIRST_INFUSION + timedelta(days=1), 3, 7)
    history = replace(lived([GOOD] * 20, before=0), baseline=too_late)
    assert found(history).finding is Finding.NO_BASELINE
    rated_baseline = AssessedBaseline(FIRST_INFUSION - timedelta(days=3), 3, 7)
    assert found(replace(history, baseline=rated_baseline)).gain == pytest.approx(5, abs=0.1)


def test_external_anchors_change_no_reference():
    plain = lived([GOOD] * 15 + [LOW] * 10)
    shares = {9: 80, 16: 50, 23: 20}
    readings = tuple(
        replace(reading, benefit_left=shares.get((reading.day - day(0)).days)) for reading in plain.readings
    )
    asked_for = (*plain.infusions[:-1], GivenInfusion(day(25), InfusionReason.SYMPTOMS_RETURNED))
    cycle = found(replace(plain, readings=readings, infusions=asked_for))
    assert (cycle.patient_reported_half_loss, cycle.for_symptoms) == (16, True)
    assert replace(cycle, patient_reported_half_loss=None, for_symptoms=False) == found(plain)


def test_a_report_on_the_day_of_the_next_infusion_is_of_the_next_cycle():
    plain = lived([GOOD] * 26, interval=25)
    readings = (*plain.readings[:-1], replace(plain.readings[-1], benefit_left=0))
    assert found(replace(plain, readings=readings)).patient_reported_half_loss is None


def test_the_running_cycle_is_not_over_and_later_days_are_not_known():
    history = course(intervals=(24, 26), until=12)
    assert [
        (cycle.number, cycle.interval) for cycle in retrospective_cycles(history, running_day(history))
    ] == [
        (1, 24),
        (2, 26),
    ]
    assert [cycle.number for cycle in retrospective_cycles(history, day(24))] == [1]
    assert retrospective_cycles(history, day(23)) == ()
    assert retrospective_cycles(History((), (), Protocol()), day(0)) == ()


def test_a_known_wear_off_is_found_within_a_few_days():
    history = course(intervals=(32, 32, 32, 32), until=5, half=16.0)
    days = [cycle.half_gone for cycle in retrospective_cycles(history, running_day(history))]
    assert None not in days
    assert all(abs(day - 16) <= 5 for day in days if day is not None)


@given(history=histories(), today=todays())
@settings(max_examples=100)
def test_the_reference_of_any_history_lies_inside_its_cycle(history, today):
    for cycle in retrospective_cycles(history, today):
        assert 0 <= cycle.length <= cycle.interval
        if cycle.half_gone is not None and cycle.third_gone is not None:
            assert 2 <= cycle.third_gone <= cycle.half_gone < cycle.interval
        assert (cycle.half_gone is not None) == (cycle.finding is Finding.SEEN)
