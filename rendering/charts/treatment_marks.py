"""What crosses the panels: infusions, today, and for those who may see it the forecast."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

from clinical.outlook import Outlook
from rendering.charts.chart_data import WELLBEING, Picture, window
from rendering.charts.scales import TRACK, Frame
from rendering.charts.svg import Pen, dots, number


def due_window(pen: Pen, where: ET.Element, frame: Frame, said: Outlook) -> None:
    """Shade the days by which half of the benefit is probably gone: under everything else, with edges.

    An end more than eight weeks after the infusion is left without an edge.
    """
    seen = window(said)
    if seen.first is None or seen.first > frame.span.last:
        return
    left = frame.edge(max(seen.first, frame.span.first))
    right = (
        frame.right if seen.last is None else frame.edge(min(seen.last, frame.span.last)) + frame.day_width
    )
    if right <= left:
        return
    top = frame.top + 2
    pen.draw(where, "rect", fill="window", x=left, y=top, width=right - left, height=frame.bottom - top)
    edges = [left] if seen.last is None else [left, right]
    for x in edges:
        _upright(pen, where, frame, x, stroke="forecast", stroke_width=1)
    if seen.middle is not None and frame.span.first <= seen.middle <= frame.span.last:
        x = frame.x(seen.middle)
        _upright(pen, where, frame, x, stroke="forecast", stroke_width=1.6, stroke_dasharray="7 3 1.5 3")


def infusions(pen: Pen, where: ET.Element, frame: Frame, picture: Picture) -> None:
    """Mark the infusions given: a triangle above the panels, a dotted line through them."""
    size = min(max(frame.day_width * 0.8, 3), 5)
    for day in sorted({given.day for given in picture.infusions}):
        if frame.span.first <= day <= frame.span.lived:
            x, y = frame.x(day), frame.top + TRACK - 3
            dotted: dict[str, str | float] = {"stroke_width": 1.2, "stroke_dasharray": "1.5 3"}
            _upright(pen, where, frame, x, above=False, stroke="infusion", **dotted)
            down = f"M{x - size:.1f} {y - 2 * size:.1f}h{2 * size:.1f}l-{size:.1f} {2 * size:.1f}z"
            pen.draw(where, "path", fill="infusion", d=down)


def today(pen: Pen, where: ET.Element, frame: Frame, day: date) -> None:
    """Draw today, if days to come are drawn as well."""
    if frame.span.ahead:
        _upright(pen, where, frame, frame.edge(day) + frame.day_width, stroke="quiet", stroke_width=1)


def half_benefit(pen: Pen, where: ET.Element, frame: Frame, picture: Picture, said: Outlook) -> None:
    """Draw the level at which half of the benefit is gone, from the last infusion on, where wellbeing is."""
    for index, strip in enumerate(picture.strips):
        if strip.measure == WELLBEING and said.half_benefit_line is not None:
            y = frame.y(index, min(max(said.half_benefit_line, 0), strip.highest), strip.highest)
            left = frame.edge(max(window(said).since, frame.span.first))
            line = {"x1": left, "x2": frame.right, "y1": y, "y2": y}
            pen.draw(where, "line", stroke="forecast", stroke_width=2, stroke_dasharray="8 4", **line)


def recommended(pen: Pen, where: ET.Element, frame: Frame, said: Outlook) -> None:
    """Mark the day to consider with a hollow diamond above the panels."""
    day = said.recommended_on
    if day is None or not frame.span.first <= day <= frame.span.last:
        return
    place = [(frame.x(day), frame.top + TRACK - 9)]
    pen.draw(where, "path", fill="paper", stroke="forecast", d=dots("diamond", place, 6), stroke_width=2)


def _upright(  # the row above and every panel, and no caption between them
    pen: Pen, where: ET.Element, frame: Frame, x: float, *, above: bool = True, **look: str | float
) -> None:
    stretches = [(frame.top + 2, frame.top + TRACK)] if above else []
    for index in range(frame.panels):
        top = frame.panel_top(index)
        stretches.append((top, top + frame.panel_height))
    drawn = "".join(f"M{number(x)} {number(top)}V{number(foot)}" for top, foot in stretches)
    pen.draw(where, "path", fill="none", d=drawn, **look)
