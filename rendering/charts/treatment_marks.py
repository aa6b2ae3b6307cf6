"""Marks across the panels of a trend chart: infusions, today and, for staff, the forecast."""

from __future__ import annotations

from datetime import date
from typing import Final

from clinical.outlook import Outlook
from rendering.charts.canvas import Canvas
from rendering.charts.chart_data import TrendChart
from rendering.charts.chart_data import due_window as window_of
from rendering.charts.scales import MARK_ROW, Frame
from rendering.charts.svg import markers

HALF_BENEFIT_DASHES: Final = "8 4"
MIDDLE_DASHES: Final = "7 3 1.5 3"


def due_window(canvas: Canvas, frame: Frame, forecast: Outlook) -> None:
    """Shade the days on which half of the benefit is probably lost, with a line at each end.

    An end more than eight weeks after the infusion has no line. To be drawn first, below all other marks.
    """
    window, span = window_of(forecast), frame.span
    if window.first is None or window.first > span.last:
        return
    left = frame.day_start(max(window.first, span.first))
    right = frame.right if window.last is None else frame.day_end(min(window.last, span.last))
    if right <= left:
        return
    top = frame.top + 2
    canvas.draw("rect", fill="window", x=left, y=top, width=right - left, height=frame.bottom - top)
    for x in [left] if window.last is None else [left, right]:
        _vertical(canvas, frame, x, stroke="forecast", stroke_width=1)
    if window.middle is not None and span.first <= window.middle <= span.last:
        dashed: dict[str, str | float] = {"stroke_width": 1.6, "stroke_dasharray": MIDDLE_DASHES}
        _vertical(canvas, frame, frame.x(window.middle), stroke="forecast", **dashed)


def infusions(canvas: Canvas, frame: Frame, chart: TrendChart) -> None:
    """Mark the infusions given: a triangle above the panels, a dotted line through them."""
    size = min(max(frame.day_width * 0.8, 3), 5)
    for day in sorted({given.day for given in chart.infusions}):
        if frame.span.first <= day <= frame.span.last_past:
            x, y = frame.x(day), frame.top + MARK_ROW - 3
            dotted: dict[str, str | float] = {"stroke_width": 1.2, "stroke_dasharray": "1.5 3"}
            canvas.draw("path", fill="none", d=frame.vertical(x), stroke="infusion", **dotted)
            triangle = f"M{x - size:.1f} {y - 2 * size:.1f}h{2 * size:.1f}l-{size:.1f} {2 * size:.1f}z"
            canvas.draw("path", fill="infusion", d=triangle)


def today(canvas: Canvas, frame: Frame, day: date) -> None:
    """Draw the end of today, if future days are drawn as well."""
    if frame.span.has_future:
        _vertical(canvas, frame, frame.day_end(day), stroke="quiet", stroke_width=1)


def half_benefit(canvas: Canvas, frame: Frame, chart: TrendChart, forecast: Outlook) -> None:
    """Draw the level of the target measure at which half is lost, from the last infusion on."""
    for index, panel in enumerate(chart.panels):
        if panel.measure == forecast.target_measure and forecast.half_benefit_line is not None:
            y = frame.y(index, min(max(forecast.half_benefit_line, 0), panel.highest), panel.highest)
            left = frame.day_start(max(window_of(forecast).since, frame.span.first))
            line = {"x1": left, "x2": frame.right, "y1": y, "y2": y}
            canvas.draw(
                "line", stroke="forecast", stroke_width=2, stroke_dasharray=HALF_BENEFIT_DASHES, **line
            )


def recommended(canvas: Canvas, frame: Frame, forecast: Outlook) -> None:
    """Mark the day to consider with a hollow diamond above the panels."""
    day = forecast.recommended_on
    if day is None or not frame.span.first <= day <= frame.span.last:
        return
    diamond = markers("diamond", [(frame.x(day), frame.top + MARK_ROW - 9)], 6)
    canvas.draw("path", fill="paper", stroke="forecast", d=diamond, stroke_width=2)


def _vertical(canvas: Canvas, frame: Frame, x: float, **style: str | float) -> None:
    canvas.draw("path", fill="none", d=frame.vertical(x, through_marks=True), **style)
