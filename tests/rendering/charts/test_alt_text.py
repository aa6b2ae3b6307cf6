"""What a picture says in words."""

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
from tests.rendering.charts.scenes import responder, scene


@pytest.mark.parametrize(
    ("days", "away"),
    [(-5, "5 days ago"), (-1, "1 day ago"), (0, "today"), (1, "in 1 day"), (3, "in 3 days")],
)
def test_the_day_to_consider_is_told_with_how_far_it_lies_away_and_commands_nothing(days, away):
    picture = responder()
    assert picture.outlook is not None
    moved = replace(picture.outlook, recommended_on=picture.today + timedelta(days=days))
    said = headline(replace(picture, outlook=moved))
    assert re.search(rf"; day to consider: \d+ \w+ \({away}\)\.$", said)
    assert "plan for" not in said


def test_the_range_is_told_as_chances_and_not_as_certain():
    assert re.match(
        r"Half of the benefit is probably gone between \d+ \w+ and \d+ \w+ \(8 chances in 10\)",
        headline(responder()),
    )


def test_the_legend_calls_it_the_day_to_consider():
    assert ">day to consider</text>" in charts.svg(responder(), charts.WIDTH)


def test_the_legend_explains_a_line_without_marks_where_days_were_answered():
    left_out = ">no mark: not used for the forecast</text>"
    assert left_out in charts.svg(responder(), charts.WIDTH)
    history = course(intervals=(22, 24, 21), until=17, half=15.0)
    assert left_out not in charts.svg(scene(history, running_day(history), staff=False), charts.WIDTH)


def test_a_patient_who_answered_every_day_is_not_said_to_have_missed_some():
    days = [OPENED + timedelta(days=number) for number in range(10)]
    whole = trend([Rating(day, 5) for day in days])
    used = trend([Rating(day, 5) for day in days if day != days[4]])
    strips = (charts.Strip(charts.WELLBEING, used), charts.Strip(Measure.MOOD.value, whole))
    picture = charts.Picture(days[-1], strips, ())
    said = description(picture, period(picture))
    assert "Wellbeing: 9 days used, none of an induction, of an infusion's day or the next; level" in said
    assert "Mood: 10 of 10 days; level" in said
