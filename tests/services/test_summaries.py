from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.check_in import Reading, Severity, SideEffect
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.protocol import Protocol
from services.summaries import Summary, SummaryFacts, summarize
from tests.clinical import courses

TODAY = date(2026, 11, 21)
ID = uuid4()


def back(days: int) -> date:
    return TODAY - timedelta(days=days)


def summary(readings: tuple[Reading, ...] = (), infused: tuple[int, ...] = (), **given: object) -> Summary:
    history = History(readings, tuple(GivenInfusion(back(days)) for days in infused), Protocol())
    return summarize(ID, history, TODAY, SummaryFacts(**given))  # type: ignore[arg-type]


def test_a_week_is_the_last_seven_days_today_included():
    result = summary(tuple(Reading(back(days), float(days)) for days in (14, 13, 7, 6, 0)))
    assert (result.mood_averages.last_7_days.answered, result.mood_averages.last_7_days.mean) == (2, 3)
    assert (result.mood_averages.previous_7_days.answered, result.mood_averages.previous_7_days.mean) == (
        2,
        10,
    )
    assert (result.answered_last_7_days_count, result.answered_last_14_days_count) == (2, 4)


def test_the_baseline_is_what_was_answered_in_the_28_days_before_the_first_infusion():
    result = summary(
        tuple(Reading(back(days), float(days)) for days in (59, 58, 31, 30, 29)), infused=(30, 20)
    )
    assert result.mood_averages.baseline_period
    assert (result.mood_averages.baseline_period.answered, result.mood_averages.baseline_period.of) == (2, 28)
    assert result.mood_averages.baseline_period.mean == pytest.approx(44.5)


def test_later_days_are_ignored_and_the_next_booking_is_reported():
    result = summary((Reading(back(-1), 9.0),), infused=(-1,), booked=(back(4), back(0), back(-6)))
    assert (result.last_infusion_on, result.infusions_given_count, result.last_check_in_on) == (None, 0, None)
    assert result.next_booked_infusion_on == TODAY


def test_the_burden_averages_the_days_on_which_it_was_asked_for():
    nausea = (SideEffect("nausea", Severity.SEVERE),)
    result = summary(effects=((back(2), nausea), (back(1), ()), (back(-1), nausea)))
    assert (
        result.side_effect_burden_averages.last_7_days.mean,
        result.side_effect_burden_averages.last_7_days.answered,
    ) == (
        1.5,
        2,
    )


@settings(deadline=None)
@given(courses.readings(), st.dates(date(2025, 12, 1), date(2026, 10, 1)))
def test_no_figure_is_beyond_its_scale_whatever_was_answered(readings, today):
    result = summarize(ID, History(readings, (), Protocol()), today)
    for comparison in (result.mood_averages, result.enjoyment_averages, result.anxiety_averages):
        for average in (comparison.last_7_days, comparison.previous_7_days):
            assert 0 <= average.answered <= average.of == 7
            assert (average.mean is None) == (average.answered == 0)
            assert average.mean is None or 0 <= average.mean <= 10
    assert result.answered_last_7_days_count <= result.answered_last_14_days_count <= 14
