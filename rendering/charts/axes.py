"""Axes: gridlines with their values, dates, and the days without an answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from clinical.sentences import Sentence
from rendering.charts.canvas import Canvas
from rendering.charts.chart_data import TrendChart, unanswered
from rendering.charts.scales import LEFT, Frame, Plot

MONTHS: Final = (
    Sentence("Jan"), Sentence("Feb"), Sentence("Mar"), Sentence("Apr"), Sentence("May"), Sentence("Jun"),
    Sentence("Jul"), Sentence("Aug"), Sentence("Sep"), Sentence("Oct"), Sentence("Nov"), Sentence("Dec"),
)  # fmt: skip
DATE_WIDTH: Final = 52
"""Least pixels from one date to the next, so that their texts never touch."""


def define_hatching(canvas: Canvas) -> None:
    """Define the hatching of days without an answer: lines, unlike any colour, also in print."""
    pattern = canvas.draw("pattern", canvas.defs, id=canvas.id("missing"), width=5, height=5)
    pattern.set("patternUnits", "userSpaceOnUse")
    pattern.set("patternTransform", "rotate(45)")
    canvas.draw("line", pattern, stroke="missing", x1=1, y1=0, x2=1, y2=5, stroke_width=0.7)


def gridline(canvas: Canvas, y: float, right: float, label: str = "") -> None:
    """Draw a horizontal line from the canvas's left edge, with its value before it."""
    canvas.draw("line", stroke="grid", x1=canvas.left, x2=right, y1=y, y2=y)
    if label:
        canvas.write(label, canvas.left - 6, y + 4, anchor="end")


def days_since(canvas: Canvas, plot: Plot, days: Iterable[int]) -> None:
    """Write numbers of days since the event below the plot."""
    for day in days:
        canvas.write(
            Sentence("day {day}", day=day) if day else "0", plot.x(day), plot.bottom + 16, anchor="middle"
        )


def percent(canvas: Canvas, plot: Plot, values: Iterable[int]) -> None:
    """Write percentages below the plot, whose horizontal axis they are."""
    for value in values:
        canvas.write(f"{value}%", plot.x(value), plot.bottom + 16, anchor="middle")


def panel(canvas: Canvas, frame: Frame, chart: TrendChart, index: int) -> None:
    """Draw a panel's background: missing days hatched, gridlines at 0, half and all of the scale."""
    data, top = chart.panels[index], frame.panel_top(index)
    for first, last in unanswered(chart, data, frame.span):
        box = {"x": frame.day_start(first), "width": frame.day_end(last) - frame.day_start(first)}
        box |= {"y": top, "height": frame.panel_height}
        canvas.draw("rect", fill=f"url(#{canvas.id('missing')})", **box)
    for value in (0.0, data.highest / 2, data.highest):
        gridline(canvas, frame.y(index, value, data.highest), frame.right, f"{value:g}")


def dates(canvas: Canvas, frame: Frame) -> None:
    """Write as many dates as fit below the last panel, with a tick in every panel."""
    ticks = _ticks(frame)
    of_months = all(day.day == 1 for day in ticks)
    for day in ticks:
        x = frame.x(day)
        for index in range(frame.panels):
            foot = frame.panel_top(index) + frame.panel_height
            canvas.draw("line", stroke="quiet", x1=x, x2=x, y1=foot - 4, y2=foot)
        # Half of a date is about as wide as the margin: moved inwards, none is cut by the paper's edge.
        x = min(max(x, LEFT - 4), frame.right - 16)
        canvas.write(_date_label(canvas, day, of_months), x, frame.bottom + 15, anchor="middle")


def _ticks(frame: Frame) -> list[date]:
    count = (frame.span.last - frame.span.first).days + 1
    max_ticks = max(int((frame.right - LEFT) / DATE_WIDTH), 2)
    days = [frame.span.first + timedelta(days=number) for number in range(count)]
    for step in (1, 2, 7, 14):
        if count / step <= max_ticks:
            # An ordinal of 1 is a Monday: weeks begin there.
            return [day for day in days if (day.toordinal() - 1) % step == 0]
    for months in (1, 2, 3, 6):
        if count / (30.4 * months) <= max_ticks:
            return [day for day in days if day.day == 1 and (day.month - 1) % months == 0]
    return [day for day in days if (day.day, day.month) == (1, 1)]


def _date_label(canvas: Canvas, day: date, of_months: bool) -> str:
    month = canvas.words(MONTHS[day.month - 1])
    if not of_months:
        return f"{day.day} {month}"
    return f"{month} {day.year % 100:02}" if day.month == 1 else month
