"""Series of a chart: answers as marks, the level as a line, its band as an area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from clinical.sentences import Sentence
from rendering.charts.canvas import Canvas
from rendering.charts.chart_data import ENDS, Panel, shown
from rendering.charts.palette import BAND_OPACITY
from rendering.charts.scales import LEFT, Frame
from rendering.charts.svg import markers, path

Points = Sequence[tuple[float, float]]

SHAPES: Final = {
    "wellbeing": "diamond",
    "mood": "circle",
    "enjoyment": "triangle",
    "anxiety": "square",
    "side_effect_burden": "diamond",
}


def band(canvas: Canvas, lower: Points, upper: Points, colour: str) -> None:
    """Shade the area between two lines."""
    outline = path([*upper, *reversed(lower)])
    canvas.draw("path", fill=colour, d=f"{outline}Z", fill_opacity=f"{BAND_OPACITY}")


def line(canvas: Canvas, points: Iterable[tuple[float, float]], colour: str, width: float = 2) -> None:
    """Draw a line through points."""
    canvas.draw(
        "path", fill="none", stroke=colour, d=path(points), stroke_width=width, stroke_linejoin="round"
    )


def caption(canvas: Canvas, frame: Frame, panel: Panel, index: int) -> None:
    """Write above a panel what it shows, after the mark of its answers."""
    y = frame.panel_top(index) - 6
    canvas.draw("path", fill=panel.colour, d=markers(SHAPES[panel.colour], [(LEFT + 4, y - 4)], 4))
    text = canvas.write_bold(f"{canvas.words(panel.name)} ", LEFT + 13, y)
    ends = canvas.words(ENDS[panel.measure])
    canvas.draw("tspan", text, fill="quiet", font_weight="400").text = f"({ends})"


def series(canvas: Canvas, frame: Frame, panel: Panel, index: int) -> None:
    """Draw the band, the level and the answers of one measure."""
    days = shown(panel.trend.days, frame.span)
    if not days:
        middle = frame.panel_top(index) + frame.panel_height / 2
        canvas.write(Sentence("No answers"), (LEFT + frame.right) / 2, middle, anchor="middle")
        return

    def points(name: str) -> list[tuple[float, float]]:
        values = [(day.day, getattr(day, name)) for day in days]
        return [
            (frame.x(day), frame.y(index, value, panel.highest)) for day, value in values if value is not None
        ]

    band(canvas, points("lo80"), points("hi80"), panel.colour)
    line(canvas, points("level"), panel.colour)
    marks = markers(SHAPES[panel.colour], points("rating"), frame.mark_size)
    canvas.draw("path", fill=panel.colour, stroke="paper", d=marks, stroke_width=0.6)
