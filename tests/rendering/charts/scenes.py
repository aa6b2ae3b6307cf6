"""Pictures to draw: those of the core's courses, and any that can be stored."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from clinical.history import History
from clinical.outlook import outlook
from clinical.outlook.model.segments import up_to
from clinical.outlook.wellbeing_series import daily
from clinical.trend import Measure, ratings, trend
from rendering import charts
from tests.clinical.courses import course, running_day

SVG = "{http://www.w3.org/2000/svg}"


def scene(history: History, today: date, *, staff: bool = True, **period: Any) -> charts.Picture:
    """What the server would draw of a history on a day, for the clinic's staff or for the patient."""
    readings = up_to(history.readings, today)
    strips = charts.strips({measure.value: trend(ratings(readings, measure)) for measure in Measure})
    given = tuple(infusion for infusion in history.infusions if infusion.day <= today)
    if not staff:
        return charts.Picture(today, strips, given, **period)
    points = daily(history, today)
    if points:
        strips = (charts.Strip(charts.WELLBEING, trend(points)), *strips)
    return charts.Picture(today, strips, given, outlook(history, today), **period)


def responder() -> charts.Picture:
    """Somebody with three finished cycles and a forecast."""
    history = course(intervals=(22, 24, 21), until=17, half=15.0)
    return scene(history, running_day(history))


def parsed(drawn: str) -> ET.Element:
    """A picture as a tree; anything but well-formed XML fails."""
    return ET.fromstring(drawn)  # noqa: S314  ours, and drawn a moment ago
