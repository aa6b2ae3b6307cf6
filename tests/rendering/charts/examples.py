"""Charts to draw: of the core's example courses, and of any history that can be stored."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from clinical.daily_ratings import answers
from clinical.history import History
from clinical.outlook import outlook
from clinical.outlook.model.segments import up_to
from clinical.outlook.wellbeing_series import daily
from clinical.target_measure import is_rating
from clinical.trend import Measure, ratings, trend
from rendering import charts
from tests.clinical.courses import course, running_day

WIDE = charts.Appearance(charts.WIDTH)
SVG = "{http://www.w3.org/2000/svg}"


def chart_of(history: History, today: date, *, staff: bool = True, **period: Any) -> charts.TrendChart:
    """Return what the server draws of a history on a day, for staff or for the patient."""
    readings = up_to(history.readings, today)
    panels = charts.panels({measure.value: trend(ratings(readings, measure)) for measure in Measure})
    given = tuple(infusion for infusion in history.infusions if infusion.day <= today)
    if not staff:
        return charts.TrendChart(today, panels, given, **period)
    points = daily(history, today)
    if points:
        panels = (charts.Panel(charts.WELLBEING, trend(points)), *panels)
    found = outlook(history, today)
    if is_rating(found.target_measure):
        rated = trend(answers(readings, found.target_measure))
        panels = (charts.Panel(found.target_measure, rated, is_target=True), *panels)
    return charts.TrendChart(today, panels, given, found, **period)


def responder() -> charts.TrendChart:
    """Return the chart of a patient with three finished cycles and a forecast."""
    history = course(intervals=(22, 24, 21), until=17, half=15.0)
    return chart_of(history, running_day(history))


def parsed(drawn: str) -> ET.Element:
    """Return a chart as a tree; anything but well-formed XML fails."""
    return ET.fromstring(drawn)  # noqa: S314  ours, and drawn a moment ago
