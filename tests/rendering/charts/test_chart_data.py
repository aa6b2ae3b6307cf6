from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from clinical.trend import Rating, trend
from rendering import charts
from rendering.charts.chart_data import DEFAULT_DAYS, MAX_DAYS, due_window, period, unanswered
from tests.clinical.courses import course, running_day
from tests.rendering.charts.examples import WIDE, chart_of, responder

TODAY = date(2026, 6, 30)


def answered(*back: int) -> charts.TrendChart:
    points = [Rating(TODAY - timedelta(days=days), 5) for days in back]
    return charts.TrendChart(TODAY, charts.panels({"mood": trend(points)}), ())


def test_days_without_an_answer_exclude_today_which_may_yet_be_answered():
    chart = answered(9, 8, 5, 2)
    runs = unanswered(chart, chart.panels[0], period(chart))
    assert [((TODAY - first).days, (TODAY - last).days) for first, last in runs] == [(7, 6), (4, 3), (1, 1)]


def test_the_days_around_an_infusion_were_answered_though_the_outlook_leaves_them_out():
    chart = responder()
    span = period(chart)
    result = [unanswered(chart, panel, span) for panel in chart.panels[:2]]
    assert result[0] == result[1]


def test_of_many_days_the_last_half_year_is_drawn_and_of_those_asked_for_three():
    chart = answered(*range(0, 4000, 10))
    for asked, days in ((chart, DEFAULT_DAYS), (replace(chart, first=date(2000, 1, 1)), MAX_DAYS)):
        span = period(asked)
        assert (span.last_past - span.first).days + 1 == days
        assert span.truncated


def test_without_data_only_today_is_drawn():
    empty = charts.TrendChart(TODAY, charts.panels({"mood": trend(()), "anxiety": trend(())}), ())
    assert (period(empty).first, period(empty).last) == (TODAY, TODAY)
    assert "No answers" in charts.trend_svg(empty, charts.Appearance(360))


def test_the_axis_reaches_the_end_of_the_due_window_unless_the_period_ends_before():
    chart = responder()
    outlook = chart.outlook
    assert outlook is not None
    assert outlook.due_hi80_on is not None
    assert period(chart).last == outlook.due_hi80_on
    assert period(replace(chart, last=outlook.due_hi80_on - timedelta(days=1))).last < outlook.due_hi80_on


def test_an_end_beyond_eight_weeks_is_left_open():
    chart = responder()
    assert chart.outlook is not None
    far = replace(chart.outlook, due_hi80_on=date(2027, 1, 1), due_hi80_beyond_horizon=True)
    assert due_window(far).last is None
    last_infusion = far.last_infusion_on
    assert last_infusion is not None
    assert period(replace(chart, outlook=far)).last == last_infusion + timedelta(days=56)
    assert "more than 8 weeks after the last infusion" in charts.trend_svg(replace(chart, outlook=far), WIDE)


def test_enjoyment_is_left_out_while_it_was_not_asked():
    history = course()
    names = [panel.measure for panel in chart_of(history, running_day(history)).panels]
    assert names == ["wellbeing", "mood", "anxiety"]


def test_side_effects_have_a_scale_that_holds_them():
    (panel,) = charts.panels({"side_effect_burden": trend([Rating(TODAY, 14)], highest=100.0)})
    assert panel.highest >= 14
