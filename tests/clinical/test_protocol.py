from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from clinical.infusion import GivenInfusion
from clinical.protocol import (
    Phase,
    PhaseKind,
    Protocol,
    ProtocolWindow,
    cycle_starts,
    days_after,
    last_infusion,
    phase,
    protocol_window,
    violations,
)
from tests.clinical.courses import INDUCTION, day, infusions, protocols, todays

COURSE = tuple(GivenInfusion(given) for given in INDUCTION)


def test_a_course_without_infusions_has_not_started():
    assert phase(Protocol(), (), day(0)) == Phase(PhaseKind.NOT_STARTED)


def test_an_infusion_after_today_is_not_given_yet():
    assert phase(Protocol(), COURSE, INDUCTION[0] - timedelta(days=1)).kind is PhaseKind.NOT_STARTED


def test_induction_counts_the_infusions_given():
    found = phase(Protocol(), COURSE, INDUCTION[2])
    assert (found.kind, found.infusions_given_count, found.infusions_planned_count) == (
        PhaseKind.INDUCTION,
        3,
        6,
    )


def test_the_last_induction_infusion_begins_maintenance():
    assert phase(Protocol(), COURSE, day(0)) == Phase(PhaseKind.MAINTENANCE)


def test_two_infusions_on_one_day_count_once():
    doubled = (*COURSE[:5], GivenInfusion(INDUCTION[4]))
    found = phase(Protocol(), doubled, day(0))
    assert (found.kind, found.infusions_given_count) == (PhaseKind.INDUCTION, 5)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (-1, PhaseKind.INDUCTION),
        (4, PhaseKind.MAINTENANCE),
        (5, PhaseKind.PAUSED),
        (9, PhaseKind.MAINTENANCE),
    ],
)
def test_a_pause_runs_from_its_first_day_until_the_day_it_ends(today, expected):
    paused = Protocol(paused_on=day(5), resumes_on=day(9))
    assert phase(paused, COURSE, day(today)).kind is expected


def test_an_open_pause_lasts():
    assert phase(Protocol(paused_on=day(5)), COURSE, day(500)).kind is PhaseKind.PAUSED


def test_a_course_is_completed_from_the_day_it_ended_even_in_a_pause():
    ended = Protocol(paused_on=day(1), ended_on=day(5))
    assert phase(ended, COURSE, day(4)).kind is PhaseKind.PAUSED
    assert phase(ended, COURSE, day(5)).kind is PhaseKind.COMPLETED


def test_cycles_open_on_the_last_induction_infusion_and_on_each_one_after():
    later = (*COURSE, GivenInfusion(day(20)), GivenInfusion(day(20)), GivenInfusion(day(45)))
    assert cycle_starts(Protocol(), later, day(30)) == (day(0), day(20))


def test_no_cycle_opens_during_induction():
    assert cycle_starts(Protocol(), COURSE, day(-1)) == ()


def test_the_last_infusion_is_the_latest_up_to_today():
    assert last_infusion(COURSE, day(-1)) == INDUCTION[4]
    assert last_infusion((), day(0)) is None


def test_the_window_runs_from_the_shortest_to_the_longest_interval():
    assert protocol_window(Protocol(), COURSE, day(3)) == ProtocolWindow(day(14), day(28))


def test_there_is_no_window_outside_maintenance():
    assert protocol_window(Protocol(), COURSE, day(-1)) is None


def test_the_window_stops_at_the_end_of_the_calendar():
    assert days_after(date.max, 28) == date.max
    assert days_after(date.min, -28) == date.min


def test_the_default_plan_can_hold():
    assert violations(Protocol()) == ()


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Protocol(induction_infusion_count=0), "induction_infusion_count"),
        (Protocol(induction_infusion_count=13), "induction_infusion_count"),
        (Protocol(induction_days=0), "induction_days"),
        (Protocol(induction_days=5), "induction_days"),
        (Protocol(min_interval_days=6), "min_interval_days"),
        (Protocol(max_interval_days=85), "max_interval_days"),
        (Protocol(min_interval_days=29), "min_interval_days"),
        (Protocol(resumes_on=day(3)), "resumes_on"),
        (Protocol(paused_on=day(3), resumes_on=day(3)), "resumes_on"),
    ],
)
def test_a_plan_that_cannot_hold_names_the_field(plan, field):
    assert [found.field for found in violations(plan)] == [field]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(plan=protocols(), course=infusions(), today=todays())
def test_every_plan_has_a_phase_and_a_cycle_exactly_in_maintenance(plan, course, today):
    found = phase(plan, course, today).kind
    if found is PhaseKind.MAINTENANCE:
        assert cycle_starts(plan, course, today)[-1] == last_infusion(course, today)
    if found in {PhaseKind.NOT_STARTED, PhaseKind.INDUCTION}:
        assert cycle_starts(plan, course, today) == ()
    violations(plan)
