"""The paper of each panel: scale, dates, and the days that nobody answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from xml.etree import ElementTree as ET

from rendering.charts.chart_data import Picture, unanswered
from rendering.charts.scales import LEFT, Frame
from rendering.charts.svg import Pen

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ROOM_FOR_A_DATE: Final = 52
"""Pixels from one date to the next, so that they never touch."""


def hatching(pen: Pen, where: ET.Element) -> None:
    """Define the hatching of missing days: lines, so that it is told from any colour, and survives print."""
    defined = pen.draw(where, "defs")
    pattern = pen.draw(defined, "pattern", id=pen.id("missing"), width=5, height=5)
    pattern.set("patternUnits", "userSpaceOnUse")
    pattern.set("patternTransform", "rotate(45)")
    pen.draw(pattern, "line", stroke="missing", x1=1, y1=0, x2=1, y2=5, stroke_width=0.7)


def panel(pen: Pen, where: ET.Element, frame: Frame, picture: Picture, index: int) -> None:
    """Draw one panel's paper: days without an answer hatched, lines at none, half and all of the scale."""
    strip = picture.strips[index]
    top = frame.panel_top(index)
    for first, last in unanswered(picture, strip, frame.span):
        box = {"x": frame.edge(first), "width": frame.edge(last) + frame.day_width - frame.edge(first)}
        box |= {"y": top, "height": frame.panel_height}
        pen.draw(where, "rect", fill=f"url(#{pen.id('missing')})", **box)
    for value in (0.0, strip.highest / 2, strip.highest):
        y = frame.y(index, value, strip.highest)
        pen.draw(where, "line", stroke="grid", x1=LEFT, x2=frame.right, y1=y, y2=y)
        pen.write(where, f"{value:g}", LEFT - 6, y + 4, fill="quiet", anchor="end")


def dates(pen: Pen, where: ET.Element, frame: Frame) -> None:
    """Write the dates below the last panel, as many as have room, with a tick in every panel."""
    ticks = _ticks(frame)
    of_months = all(day.day == 1 for day in ticks)
    for day in ticks:
        x = frame.x(day)
        for index in range(frame.panels):
            foot = frame.panel_top(index) + frame.panel_height
            pen.draw(where, "line", stroke="quiet", x1=x, x2=x, y1=foot - 4, y2=foot)
        # Held within the paper: half of a date is about as wide as the margin.
        x = min(max(x, LEFT - 4), frame.right - 16)
        pen.write(where, _named(day, of_months), x, frame.bottom + 15, fill="quiet", anchor="middle")


def _ticks(frame: Frame) -> list[date]:
    days = (frame.span.last - frame.span.first).days + 1
    most = max(int((frame.right - LEFT) / ROOM_FOR_A_DATE), 2)
    lived = [frame.span.first + timedelta(days=number) for number in range(days)]
    for step in (1, 2, 7, 14):
        if days / step <= most:
            # An ordinal of 1 is a Monday: weeks begin there.
            return [day for day in lived if (day.toordinal() - 1) % step == 0]
    for months in (1, 2, 3, 6):
        if days / (30.4 * months) <= most:
            return [day for day in lived if day.day == 1 and (day.month - 1) % months == 0]
    return [day for day in lived if (day.day, day.month) == (1, 1)]


def _named(day: date, of_months: bool) -> str:
    month = MONTHS[day.month - 1]
    if not of_months:
        return f"{day.day} {month}"
    return f"{month} {day.year % 100:02}" if day.month == 1 else month
