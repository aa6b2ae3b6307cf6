from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from clinical.trend import Rating, trend
from rendering import charts
from rendering.charts.chart_data import MAX_DAYS, USUAL_DAYS, period, unanswered, window
from tests.clinical.courses import course, running_day
from tests.rendering.charts.scenes import responder, scene

TODAY = date(2026, 6, 30)


def answered(*back: int) -> charts.Picture:
    points = [Rating(TODAY - timedelta(days=days), 5) for days in back]
    return charts.Picture(TODAY, charts.strips({"mood": trend(points)}), ())


def test_days_without_an_answer_are_told_and_today_may_yet_be_answered():
    picture = answered(9, 8, 5, 2)
    runs = unanswered(picture, picture.strips[0], period(picture))
    assert [((TODAY - first).days, (TODAY - last).days) for first, last in runs] == [(7, 6), (4, 3), (1, 1)]


def test_the_days_around_an_infusion_were_answered_though_the_outlook_leaves_them_out():
    picture = responder()
    span = period(picture)
    result = [unanswered(picture, strip, span) for strip in picture.strips[:2]]
    assert result[0] == result[1]


def test_of_many_days_the_last_half_year_is_drawn_and_of_those_asked_for_three():
    picture = answered(*range(0, 4000, 10))
    for asked, days in ((picture, USUAL_DAYS), (replace(picture, first=date(2000, 1, 1)), MAX_DAYS)):
        span = period(asked)
        assert (span.lived - span.first).days + 1 == days
        assert span.cut


def test_nothing_known_is_a_picture_of_today():
    empty = charts.Picture(TODAY, charts.strips({"mood": trend(()), "anxiety": trend(())}), ())
    assert (period(empty).first, period(empty).last) == (TODAY, TODAY)
    assert "No answers" in charts.svg(empty, 360)


def test_the_axis_reaches_the_end_of_the_due_window_unless_the_period_ends_before():
    picture = responder()
    said = picture.outlook
    assert said is not None
    assert said.due_hi80_on is not None
    assert period(picture).last == said.due_hi80_on
    assert period(replace(picture, last=said.due_hi80_on - timedelta(days=1))).last < said.due_hi80_on


def test_an_end_beyond_eight_weeks_is_left_open():
    picture = responder()
    assert picture.outlook is not None
    far = replace(picture.outlook, due_hi80_on=date(2027, 1, 1), due_hi80_beyond_horizon=True)
    assert window(far).last is None
    last_infusion = far.last_infusion_on
    assert last_infusion is not None
    assert period(replace(picture, outlook=far)).last == last_infusion + timedelta(days=56)
    assert "more than 8 weeks after the last infusion" in charts.svg(replace(picture, outlook=far), 720)


def test_enjoyment_is_left_out_while_nobody_was_asked_for_it():
    history = course()
    names = [strip.measure for strip in scene(history, running_day(history)).strips]
    assert names == ["wellbeing", "mood", "anxiety"]


def test_side_effects_have_a_scale_that_holds_them():
    (strip,) = charts.strips({"side_effect_burden": trend([Rating(TODAY, 14)], highest=100.0)})
    assert strip.highest >= 14
