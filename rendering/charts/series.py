"""One measure in its panel: answers as marks of its own shape, the level as a line, the band around it."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from rendering.charts.chart_data import ENDS, Strip, shown
from rendering.charts.palette import BAND_OPACITY
from rendering.charts.scales import LEFT, Frame
from rendering.charts.svg import Pen, dots, path

SHAPES: Final = {
    "wellbeing": "diamond",
    "mood": "circle",
    "enjoyment": "triangle",
    "anxiety": "square",
    "side_effect_burden": "diamond",
}


def caption(pen: Pen, where: ET.Element, frame: Frame, strip: Strip, index: int) -> None:
    """Write above a panel what it shows, with the mark of its answers."""
    y = frame.panel_top(index) - 6
    pen.draw(where, "path", fill=strip.look, d=dots(SHAPES[strip.look], [(LEFT + 4, y - 4)], 4))
    line = pen.write(where, f"{strip.name} ", LEFT + 13, y, weight="600")
    pen.draw(line, "tspan", fill="quiet", font_weight="400").text = f"({ENDS[strip.measure]})"


def series(pen: Pen, where: ET.Element, frame: Frame, strip: Strip, index: int) -> None:
    """Draw the band, the level and the answers of one measure."""
    days = shown(strip.trend.days, frame.span)
    if not days:
        middle = frame.panel_top(index) + frame.panel_height / 2
        pen.write(where, "No answers", (LEFT + frame.right) / 2, middle, fill="quiet", anchor="middle")
        return
    look = strip.look

    def at(value: float) -> float:
        return frame.y(index, value, strip.highest)

    upper = [(frame.x(day.day), at(day.hi80)) for day in days]
    lower = [(frame.x(day.day), at(day.lo80)) for day in reversed(days)]
    pen.draw(where, "path", fill=look, d=f"{path(upper + lower)}Z", fill_opacity=f"{BAND_OPACITY}")
    level = path([(frame.x(day.day), at(day.level)) for day in days])
    pen.draw(where, "path", fill="none", stroke=look, d=level, stroke_width=2, stroke_linejoin="round")
    answers = [(frame.x(day.day), at(day.rating)) for day in days if day.rating is not None]
    marks = dots(SHAPES[look], answers, frame.mark_size)
    pen.draw(where, "path", fill=look, stroke="paper", d=marks, stroke_width=0.6)
