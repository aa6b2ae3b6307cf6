from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.answer_timing import AnswerTiming
from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.protocol import Protocol
from clinical.response_curve import (
    MAX_DAYS_LONG,
    PostInfusionMood,
    PostInfusionResponse,
    response_curves,
)
from clinical.treatment_course import CourseKind, TreatmentCourse

FIRST = date(2026, 3, 2)
PLAN = Protocol(induction_infusion_count=1, induction_days=21, min_interval_days=14, max_interval_days=28)


def history(moods: dict[int, float], *infusions: int) -> History:
    """Moods and infusions by days after FIRST."""
    days = sorted(moods)
    return History(
        tuple(Reading(at(day), moods[day], answered_at=instant(day, 20)) for day in days),
        tuple(GivenInfusion(at(day), started_at=instant(day, 11)) for day in infusions),
        PLAN,
    )


def wearing_off(*infusions: int, until: int) -> History:
    """Two before the first infusion; then eight for ten days, and two again."""
    moods = {
        day: 2.0
        if not (since := [day - given for given in infusions if given <= day]) or min(since) > 10
        else 8.0
        for day in range(-7, until)
    }
    return history(moods, *infusions)


def at(day: int) -> date:
    return FIRST + timedelta(days=day)


def instant(day: int, hour: int) -> datetime:
    return datetime.combine(at(day), time(hour), UTC)


def test_a_curve_has_its_onset_its_peak_and_the_day_on_which_half_is_lost():
    (curve,) = response_curves(wearing_off(0, until=21), at(20))
    assert (curve.before, curve.onset) == (2, 0)
    assert curve.peak == 1
    assert curve.rise is not None
    assert 4 < curve.rise <= 6
    assert curve.half_rise_lost == 11


def test_relief_on_the_next_day_is_not_smoothed_into_the_infusions_day():
    answers = {-3: 5.4, -2: 5.5, -1: 5.5, 0: 5.5} | dict.fromkeys(range(1, 8), 8.1)
    (curve,) = response_curves(history(answers, 0), at(7))
    assert (curve.onset, curve.peak) == (1, 1)
    assert (curve.days[0].level, curve.days[0].value) == pytest.approx((5.5, 5.5))
    assert curve.rise is not None
    assert curve.rise > 2.5


def test_one_good_day_is_no_onset_and_one_bad_day_no_loss():
    answers = (
        dict.fromkeys(range(-7, 4), 3.0)
        | dict.fromkeys(range(4, 14), 8.0)
        | dict.fromkeys(range(14, 20), 3.0)
    )
    (curve,) = response_curves(history(answers | {1: 6.0, 9: 2.0}, 0), at(19))
    assert (curve.onset, curve.half_rise_lost) == (4, 14)


def test_a_loss_is_reported_once_two_more_answers_confirm_it():
    answers = (
        dict.fromkeys(range(-7, 0), 3.0) | dict.fromkeys(range(12), 8.0) | dict.fromkeys(range(12, 20), 2.0)
    )
    lost = [response_curves(history(answers, 0), at(today))[0].half_rise_lost for today in (12, 13, 14)]
    assert lost == [None, None, 12]


MOODS = st.dictionaries(st.integers(-10, 40), st.integers(0, 10).map(float), min_size=1)


@given(MOODS, st.integers(-400, 400))
def test_onset_comes_before_peak_and_peak_before_loss_whenever_the_infusion_was(moods, days):
    (curve,) = response_curves(history(moods, 0), at(40))
    order = [day for day in (curve.onset, curve.peak, curve.half_rise_lost) if day is not None]
    assert order == sorted(order)
    assert (curve.onset is None) == (curve.peak is None)
    assert curve.half_rise_lost is None or curve.peak is not None
    assert set(order) <= {day.since for day in curve.days}
    moved = {day + days: mood for day, mood in moods.items()}
    (later,) = response_curves(history(moved, days), at(40 + days))
    assert later == replace(curve, day=later.day)


@given(MOODS)
def test_what_follows_the_infusion_changes_nothing_of_its_own_day(moods):
    (curve,) = response_curves(history({0: 5.0} | moods, 0), at(40))
    (early,) = response_curves(history({0: 5.0} | moods, 0), at(0))
    assert early.days == curve.days[:1]
    assert early.onset is None


def test_all_infusions_are_counted_from_their_own_day_and_end_before_the_next():
    curves = response_curves(wearing_off(0, 20, until=40), at(39))
    assert [(curve.number, curve.until, curve.answered) for curve in curves] == [(1, 19, 20), (2, 19, 20)]
    assert all([day.since for day in curve.days] == list(range(20)) for curve in curves)
    first, second = curves
    assert [day.level for day in first.days] == [day.level for day in second.days]


def test_a_later_infusion_changes_nothing_of_an_earlier_curve():
    before = response_curves(wearing_off(0, until=21), at(19))
    after = response_curves(wearing_off(0, 20, until=40), at(39))
    assert after[0] == before[0]


def test_without_a_gain_of_a_point_only_the_gain_is_reported():
    (curve,) = response_curves(history(dict.fromkeys(range(-7, 20), 4.0), 0), at(19))
    assert (curve.before, curve.rise) == pytest.approx((4, 0))
    assert (curve.onset, curve.peak, curve.half_rise_lost) == (None, None, None)


def test_without_three_answers_in_the_week_before_there_is_nothing_to_measure_from():
    (curve,) = response_curves(history({-2: 3.0, -1: 3.0} | dict.fromkeys(range(20), 7.0), 0), at(19))
    assert (curve.before, curve.rise, curve.peak) == (None, None, None)
    assert curve.answered == 20


def test_what_lies_too_far_from_an_infusion_or_ahead_of_today_belongs_to_none():
    found = wearing_off(0, until=100)
    (curve,) = response_curves(found, at(90))
    assert (curve.until, curve.days[-1].since) == (MAX_DAYS_LONG, MAX_DAYS_LONG)
    (early,) = response_curves(found, at(4))
    assert early.days[-1].since == 4
    assert response_curves(history({0: 5.0}), at(4)) == ()
    assert response_curves(history({}, 0), at(4))[0].days == ()


def test_infusions_are_numbered_within_their_course():
    again = TreatmentCourse(UUID(int=2), 2, CourseKind.RE_INDUCTION, FIRST + timedelta(days=300))
    known = replace(history({}, 0, 3, 30, 300, 303), courses=(again,))
    found = response_curves(known, FIRST + timedelta(days=305))
    assert [curve.label for curve in found] == ["1", "2", "3", "2.1", "2.2"]


def answered_at(found: History, day: int, hour: int | None) -> History:
    """The same with the answer of one day given at another hour, or at one that is not known."""
    when = None if hour is None else instant(day, hour)
    readings = tuple(
        replace(reading, answered_at=when) if reading.day == at(day) else reading
        for reading in found.readings
    )
    return replace(found, readings=readings)


MORNINGS = dict.fromkeys(range(-7, 0), 3.0) | {0: 8.0} | dict.fromkeys(range(1, 10), 8.0)


def test_an_answer_before_the_infusion_is_no_relief_by_it_and_belongs_to_the_week_before():
    evening = history(MORNINGS, 0)
    (curve,) = response_curves(evening, at(9))
    assert (curve.onset, curve.day_0_timing, curve.before) == (0, AnswerTiming.AFTER, 3.0)
    (curve,) = response_curves(answered_at(evening, 0, 6), at(9))
    assert (curve.onset, curve.day_0_timing) == (1, AnswerTiming.BEFORE)
    assert curve.before == pytest.approx((7 * 3.0 + 8.0) / 8)
    assert (curve.days[0].since, curve.answered) == (1, 9)


def test_an_answer_of_which_the_time_is_not_known_is_shown_and_is_no_relief():
    (curve,) = response_curves(answered_at(history(MORNINGS, 0), 0, None), at(9))
    assert (curve.onset, curve.day_0_timing, curve.before) == (1, AnswerTiming.UNKNOWN, 3.0)
    assert (curve.days[0].since, curve.days[0].value) == (0, 8.0)


def test_without_an_answer_of_the_infusions_day_there_is_nothing_to_place():
    (curve,) = response_curves(history({day: 5.0 for day in range(-7, 9) if day != 0}, 0), at(9))
    assert curve.day_0_timing is None


def test_the_morning_of_the_next_infusion_still_belongs_to_the_one_before():
    found = answered_at(wearing_off(0, 20, until=40), 20, 6)
    first, second = response_curves(found, at(39))
    assert (first.until, first.days[-1].since, second.days[0].since) == (20, 20, 1)
    assert second.before == pytest.approx((7 * 2.0 + 8.0) / 8)


def test_the_level_halfway_is_named_and_is_that_of_onset_and_loss():
    (curve,) = response_curves(wearing_off(0, until=21), at(20))
    assert curve.before is not None
    assert curve.rise is not None
    assert curve.half_rise_level == pytest.approx(curve.before + curve.rise / 2)


def test_a_mood_some_hours_after_the_start_is_compared_with_that_of_the_week_before():
    moods = {at(0): PostInfusionMood(7, 4.5)}
    (curve,) = response_curves(history(MORNINGS, 0), at(9), moods)
    assert curve.post_infusion == PostInfusionResponse(7, 4.5, 3.0, 4.0)
    (curve,) = response_curves(history({-1: 3.0} | {1: 5.0}, 0), at(9), moods)
    assert curve.post_infusion == PostInfusionResponse(7, 4.5, None, None)
    (curve,) = response_curves(history(MORNINGS, 0), at(9))
    assert curve.post_infusion is None
