"""Survival chart: the share of a clinic's responders who still respond, by days since response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rendering.charts import axes
from rendering.charts.canvas import Canvas
from rendering.charts.palette import Theme
from rendering.charts.scales import Plot
from rendering.charts.series import band, line
from rendering.charts.svg import markers

LEFT: Final = 44
HEIGHT: Final = 220
"""Of the panel, in pixels."""

MARGIN: Final = 8
"""Pixels to the right of the panel."""

MIN_DAYS: Final = 56
"""Least length of the axis of days, so that figures published up to week 8 have their place."""

DAY_LABEL_WIDTH: Final = 60

TOO_FEW: Final = "Too few responded, or were asked again, to be shown."
CAUTION: Final = "Shaded: the range of chance, 95 %. Maintenance goes on; what was published is without it."


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """The share still responding after a day, 0 to 1, with its 95 % band."""

    day: int
    surviving: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Curve of one questionnaire, without points where suppressed; `published` holds day and share."""

    instrument: str
    people: int
    points: Sequence[SurvivalPoint]
    published: Sequence[tuple[float, float]] = ()
    study: str = ""


def survival_svg(curve: SurvivalCurve, width: int, theme: Theme = Theme.AUTO) -> str:
    """Draw the curve `width` pixels wide; the same values give the same text."""
    canvas = Canvas("afterglow-survival", width, theme, LEFT)
    title = f"How long responses lasted, by {curve.instrument.upper()}"
    y = canvas.write_paragraph(headline(curve), canvas.write_title(title, description(curve)))
    if curve.points:
        _draw(canvas, curve, y + 12)
        y = canvas.write_paragraph(_caution(curve), y + HEIGHT + 36)
    return canvas.to_svg(y + 12)


def headline(curve: SurvivalCurve) -> str:
    """Return the last share in one sentence."""
    if not curve.points:
        return TOO_FEW
    last = curve.points[-1]
    return (
        f"Of {curve.people} who responded, {last.surviving:.0%} still did after {last.day} days "
        f"({last.lo95:.0%} to {last.hi95:.0%})."
    )


def description(curve: SurvivalCurve) -> str:
    """Return the chart in words: the share every four weeks, and the published ones."""
    shares = [f"day {point.day}: {point.surviving:.0%}" for point in curve.points if point.day % 28 == 0]
    if not shares:
        return headline(curve)
    text = f"{headline(curve)} Still responding: {', '.join(shares)}."
    if curve.published:
        published = ", ".join(f"day {day:g}: {share:.0%}" for day, share in curve.published)
        text += f" {curve.study}, without maintenance: {published}."
    return text


def _caution(curve: SurvivalCurve) -> str:
    return f"{CAUTION} Diamonds: {curve.study}." if curve.published else CAUTION


def _draw(canvas: Canvas, curve: SurvivalCurve, top: float) -> None:
    last_day = max(MIN_DAYS, curve.points[-1].day)
    width = canvas.right - LEFT - MARGIN
    plot = Plot(LEFT, top, (width, HEIGHT), (0, last_day), 1)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        axes.gridline(canvas, plot.y(share), plot.right, f"{share:.0%}")
    step = 28 * max(1, -(-last_day // 28 * DAY_LABEL_WIDTH // int(width)))
    axes.days_since(canvas, plot, range(0, last_day + 1, step))

    def steps(name: str) -> list[tuple[float, float]]:
        return _steps([plot.point(point.day, getattr(point, name)) for point in curve.points])

    band(canvas, steps("lo95"), steps("hi95"), "wellbeing")
    line(canvas, steps("surviving"), "wellbeing")
    published = [plot.point(day, share) for day, share in curve.published if day <= last_day]
    if published:
        canvas.draw("path", fill="infusion", d=markers("diamond", published, 5))


def _steps(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of the step function through points: a share holds until the next one."""
    corners = [(after[0], before[1]) for before, after in pairwise(points)]
    return [corner for pair in zip(points, corners, strict=False) for corner in pair] + [points[-1]]
