from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bench.simulation.traits import Way, drawn_person
from bench.simulation.treatment_course import MAX_CYCLE, Course, drawn_course
from bench.simulation.wear_off_shapes import remaining
from clinical.infusion import InfusionReason

RESPONDER = replace(drawn_person(np.random.default_rng(3), 0.3), responds=True, half_days=24.0)


def courses(**changes: Any) -> list[Course]:
    person = replace(RESPONDER, **changes)
    return [drawn_course(np.random.default_rng(seed), person) for seed in range(40)]


def test_the_truth_is_where_the_true_curve_crosses():
    for course in courses():
        for cycle in course.cycles:
            days = np.array([cycle.third_gone, cycle.half_gone])
            assert remaining(RESPONDER.shape, cycle.half_gone, days) == pytest.approx([2 / 3, 0.5])


def test_cycles_follow_one_another_from_the_last_induction_infusion():
    for course in courses():
        assert course.cycles[0].start == course.induction[-1]
        assert [cycle.start for cycle in course.cycles[1:]] == [cycle.end for cycle in course.cycles[:-1]]
        assert len(course.infusions) == len(course.reasons) == 6 + len(course.cycles) - 1


def test_infusions_on_request_follow_a_loss_of_more_than_a_third():
    found = [
        (cycle, reason)
        for course in courses(way=Way.ASKS)
        for cycle, reason in zip(course.cycles, course.reasons[6:], strict=False)
    ]
    asked = [cycle for cycle, reason in found if reason is InfusionReason.SYMPTOMS_RETURNED]
    assert len(asked) > 0.8 * len(found)
    assert all(cycle.end - cycle.start > cycle.third_gone for cycle in asked)


def test_by_the_calendar_most_infusions_are_on_their_day():
    found = courses(way=Way.CALENDAR, interval=28, half_days=80.0)
    lengths = [cycle.end - cycle.start for course in found for cycle in course.cycles]
    assert np.mean([abs(length - 28) <= 3 for length in lengths]) > 0.7
    reasons = {reason for course in found for reason in course.reasons}
    assert InfusionReason.CONVENIENCE in reasons
    assert InfusionReason.SYMPTOMS_RETURNED not in reasons


def test_cycles_have_a_longest_length():
    found = courses(way=Way.ASKS, half_days=200.0)
    assert {cycle.end - cycle.start for course in found for cycle in course.cycles} == {MAX_CYCLE}


def test_without_a_benefit_the_course_is_short():
    assert {len(course.cycles) for course in courses(responds=False)} == {3}
