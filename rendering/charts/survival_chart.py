"""Survival chart: the share of a clinic's responders who still respond, by days since response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from clinical.sentences import Sentence, listed, sentences
from rendering.charts import axes
from rendering.charts.canvas import Appearance, Canvas
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

AFTER: Final = 0.04
"""Part of the axis of days after the last one, so that a drop on that day is no border of the panel."""

DAY_LABEL_WIDTH: Final = 60

TOO_FEW: Final = Sentence("Too few responded, or were asked again, to be shown.")
CAUTION: Final = Sentence(
    "Shaded: the range of chance, 95 %. Maintenance goes on; what was published is without it."
)


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


def survival_svg(curve: SurvivalCurve, appearance: Appearance) -> str:
    """Draw the curve; the same values give the same text."""
    canvas = Canvas("afterglow-survival", appearance, LEFT)
    title = Sentence("How long responses lasted, by {instrument}", instrument=curve.instrument.upper())
    y = canvas.write_paragraph(headline(curve), canvas.write_title(title, description(curve)))
    if curve.points:
        _draw(canvas, curve, y + 12)
        y = canvas.write_paragraph(_caution(curve), y + HEIGHT + 36)
    return canvas.to_svg(y + 12)


def headline(curve: SurvivalCurve) -> Sentence:
    """Return the last share in one sentence."""
    if not curve.points:
        return TOO_FEW
    last = curve.points[-1]
    return Sentence(
        "Of {number} who responded, {share:.0%} still did after {days} days ({low:.0%} to {high:.0%}).",
        number=curve.people,
        share=last.surviving,
        days=last.day,
        low=last.lo95,
        high=last.hi95,
    )


def description(curve: SurvivalCurve) -> Sentence:
    """Return the chart in words: the share every four weeks, and the published ones."""
    shares = [_share(point.day, point.surviving) for point in curve.points if point.day % 28 == 0]
    if not shares:
        return headline(curve)
    texts = [headline(curve), Sentence("Still responding: {shares}.", shares=listed(shares))]
    if curve.published:
        published = listed([_share(*each) for each in curve.published])
        texts.append(Sentence("{study}, without maintenance: {shares}.", study=curve.study, shares=published))
    return sentences(texts)


def _share(day: float, share: float) -> Sentence:
    return Sentence("day {day:g}: {share:.0%}", day=day, share=share)


def _caution(curve: SurvivalCurve) -> Sentence:
    if not curve.published:
        return CAUTION
    return sentences((CAUTION, Sentence("Diamonds: {study}.", study=curve.study)))


def _draw(canvas: Canvas, curve: SurvivalCurve, top: float) -> None:
    last_day = max(MIN_DAYS, curve.points[-1].day)
    width = canvas.right - LEFT - MARGIN
    plot = Plot(LEFT, top, (width, HEIGHT), (0, last_day * (1 + AFTER)), 1)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        axes.gridline(canvas, plot.y(share), plot.right, f"{share:.0%}")
    step = 28 * max(1, -(-last_day // 28 * DAY_LABEL_WIDTH // int(width)))
    axes.days_since(canvas, plot, range(0, last_day + 1, step))

    def steps(name: str) -> list[tuple[float, float]]:
        return _steps([plot.point(point.day, getattr(point, name)) for point in curve.points])

    band(canvas, steps("lo95"), steps("hi95"), "wellbeing")
    line(canvas, steps("surviving"), "wellbeing")
    canvas.draw("path", fill="wellbeing", d=markers("circle", steps("surviving")[-1:], 3))
    published = [plot.point(day, share) for day, share in curve.published if day <= last_day]
    if published:
        canvas.draw("path", fill="infusion", d=markers("diamond", published, 5))


def _steps(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of the step function through points: a share holds until the next one."""
    corners = [(after[0], before[1]) for before, after in pairwise(points)]
    return [corner for pair in zip(points, corners, strict=False) for corner in pair] + [points[-1]]
