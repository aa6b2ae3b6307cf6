from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from clinical.outlook.wellbeing_series import daily
from tests.clinical.courses import FIRST_INFUSION, OPENED, course, histories, running_day, todays


def test_before_any_cycle_opened_there_is_none():
    history = course()
    assert daily(history, FIRST_INFUSION - timedelta(days=1)) == ()
    assert daily(replace(history, infusions=()), running_day(history)) == ()


def test_the_days_around_an_infusion_are_not_among_them():
    history = course(intervals=(20,), until=10)
    days = {rating.day for rating in daily(history, running_day(history))}
    opened = {OPENED, OPENED + timedelta(days=20)}
    assert not days & (opened | {day + timedelta(days=1) for day in opened})
    assert OPENED + timedelta(days=2) in days


def test_it_is_three_parts_mood_and_one_part_calm():
    history = course()
    by_day = {reading.day: reading for reading in history.readings}
    for rating in daily(history, running_day(history)):
        reading = by_day[rating.day]
        assert rating.value == pytest.approx(0.75 * reading.mood + 0.25 * (10 - (reading.anxiety or 0)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(history=histories(), today=todays())
def test_any_history_has_at_most_one_a_day_in_order(history, today):
    days = [rating.day for rating in daily(history, today)]
    assert days == sorted(set(days))
    assert all(day <= today for day in days)
