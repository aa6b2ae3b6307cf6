"""Title, headline and description of a chart."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from clinical.trend import Measure, Rating, trend
from rendering import charts
from rendering.charts.alt_text import description, headline
from rendering.charts.chart_data import period
from tests.clinical.courses import OPENED, course, running_day
from tests.rendering.charts.examples import WIDE, chart_of, responder


@pytest.mark.parametrize(
    ("days", "away"),
    [(-5, "5 days ago"), (-1, "1 day ago"), (0, "today"), (1, "in 1 day"), (3, "in 3 days")],
)
def test_the_day_to_consider_is_stated_with_its_distance_and_commands_nothing(days, away):
    chart = responder()
    assert chart.outlook is not None
    moved = replace(chart.outlook, recommended_on=chart.today + timedelta(days=days))
    text = headline(replace(chart, outlook=moved))
    assert re.search(rf"; recommended day: \d+ \w+ \({away}\)\.$", text)
    assert "plan for" not in text


def test_the_range_is_stated_as_chances_and_not_as_certain():
    assert re.match(
        r"Half of the benefit is probably gone between \d+ \w+ and \d+ \w+ \(8 chances in 10\)",
        headline(responder()),
    )


def test_the_legend_calls_it_the_day_to_consider():
    assert ">recommended day</text>" in charts.trend_svg(responder(), WIDE)


def test_the_legend_explains_a_line_without_marks_where_days_were_answered():
    unused = ">no mark: not used for the forecast</text>"
    assert unused in charts.trend_svg(responder(), WIDE)
    history = course(intervals=(22, 24, 21), until=17, half=15.0)
    assert unused not in charts.trend_svg(chart_of(history, running_day(history), staff=False), WIDE)


def test_no_day_counts_as_missed_when_every_day_was_answered():
    days = [OPENED + timedelta(days=number) for number in range(10)]
    whole = trend([Rating(day, 5) for day in days])
    used = trend([Rating(day, 5) for day in days if day != days[4]])
    panels = (charts.Panel(charts.WELLBEING, used), charts.Panel(Measure.MOOD.value, whole))
    chart = charts.TrendChart(days[-1], panels, ())
    text = description(chart, period(chart))
    assert "Wellbeing: 9 days used, none of an induction, of an infusion's day or the next; level" in text
    assert "Mood: 10 of 10 days; level" in text
