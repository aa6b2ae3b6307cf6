"""When a patient is asked what is not asked every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinical.infusion import GivenInfusion
from clinical.protocol import Protocol
from clinical.questions import asks_benefit_left, recall_is_about
from clinical.treatment_course import EarlierTreatment

FIRST = date(2026, 9, 1)
PLAN = Protocol(induction_infusion_count=2)


def course(*days: int) -> tuple[GivenInfusion, ...]:
    return tuple(GivenInfusion(FIRST + timedelta(days=number)) for number in days)


def asked(plan: Protocol, infusions: tuple[GivenInfusion, ...], until: int) -> list[int]:
    """The days on which it is asked, counted from the first infusion."""
    return [n for n in range(until) if asks_benefit_left(plan, infusions, FIRST + timedelta(days=n))]


def test_it_is_asked_every_seventh_day_after_the_infusion_that_opened_the_cycle():
    assert asked(PLAN, course(0, 3), 35) == [10, 17, 24, 31]


def test_the_next_infusion_restarts_the_count_and_its_own_day_is_not_asked():
    assert asked(PLAN, course(0, 3, 17, 26), 42) == [10, 24, 33, 40]


def test_benefit_left_is_not_asked_before_maintenance():
    assert asked(PLAN, (), 30) == []
    assert asked(PLAN, course(0), 30) == []
    assert not asks_benefit_left(PLAN, course(0, 3), FIRST - timedelta(days=4))


def test_benefit_left_is_not_asked_while_paused_or_completed():
    paused = replace(PLAN, paused_on=FIRST + timedelta(days=15), resumes_on=FIRST + timedelta(days=20))
    assert asked(paused, course(0, 3), 28) == [10, 24]
    assert asked(replace(PLAN, ended_on=FIRST + timedelta(days=20)), course(0, 3), 40) == [10, 17]


def test_two_infusions_of_one_day_count_as_one():
    assert asked(PLAN, course(0, 0), 30) == []
    assert asked(PLAN, course(0, 3, 3), 20) == [10, 17]


@given(
    st.lists(st.integers(0, 90), max_size=12).map(sorted),
    st.integers(0, 100),
    st.integers(1, 3),
)
def test_an_infusion_that_lies_ahead_changes_nothing(days, today, induction):
    plan = replace(PLAN, induction_infusion_count=induction)
    day = FIRST + timedelta(days=today)
    so_far = course(*(number for number in days if number <= today))
    assert asks_benefit_left(plan, course(*days), day) == asks_benefit_left(plan, so_far, day)


def recalled(plan: Protocol, infusions: tuple[GivenInfusion, ...], number: int) -> int | None:
    """The day that the recall question of an infusion is about, counted from the first infusion."""
    about = recall_is_about(plan, infusions, FIRST + timedelta(days=number))
    return None if about is None else (about - FIRST).days


def test_a_recall_is_about_the_last_infusion_before_that_opened_a_cycle():
    given_on = course(0, 3, 30, 58)
    asked_on = (0, 2, 3, 4, 30, 31, 58, 59, 90)
    assert [recalled(PLAN, given_on, number) for number in asked_on] == [
        None, None, None, 3, 3, 30, 30, 58, 58,
    ]  # fmt: skip


def test_a_recall_is_not_asked_without_infusions_or_within_an_induction():
    assert recalled(PLAN, (), 10) is None
    assert recalled(replace(PLAN, induction_infusion_count=6), course(0, 3, 7), 10) is None


def test_a_recall_may_be_about_the_last_infusion_in_another_clinic():
    earlier = EarlierTreatment(6, last_infusion_on=FIRST - timedelta(days=12))
    assert recalled(replace(PLAN, earlier=earlier), course(0, 20), 0) == -12
    assert recalled(replace(PLAN, earlier=EarlierTreatment(6)), course(0, 20), 0) is None
