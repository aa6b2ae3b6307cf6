"""Reliability chart: the probability that was forecast against the share that was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clinical.sentences import Sentence, listed, sentences
from rendering.charts import axes
from rendering.charts.canvas import Appearance, Canvas
from rendering.charts.scales import Plot
from rendering.charts.series import line
from rendering.charts.svg import markers

LEFT: Final = 44
HEIGHT: Final = 260
"""Of the panel, in pixels."""

MARGIN: Final = 8
"""Pixels to the right of the panel."""

TITLE: Final = Sentence("Was the probability right?")
TOO_FEW: Final = Sentence("Insufficient data: fewer than five cycles at every probability.")
CAUTION: Final = Sentence(
    "Across: the probability that was forecast. Up: the share in which half was lost. On the diagonal the "
    "forecasts are right; above it half was lost more often than forecast, below it less often. Bars: the "
    "range of chance, 95 %."
)
AFTER: Final = Sentence(
    "Circles: after a recalibration by the clinic's record, each patient's by that of other patients."
)


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """Mean probability forecast, the share observed with its 95 % interval, all 0 to 1, and the cycles."""

    forecast: float
    observed: float
    lo95: float
    hi95: float
    cycles: int


def reliability_svg(
    points: Sequence[ReliabilityPoint],
    appearance: Appearance,
    recalibrated: Sequence[ReliabilityPoint] = (),
) -> str:
    """Draw the points, and those after a recalibration if any; the same values give the same text."""
    canvas = Canvas("afterglow-reliability", appearance, LEFT)
    y = canvas.write_paragraph(headline(points), canvas.write_title(TITLE, description(points, recalibrated)))
    if points:
        _draw(canvas, points, recalibrated, y + 12)
        y = canvas.write_paragraph(CAUTION, y + HEIGHT + 36)
        if recalibrated:
            y = canvas.write_paragraph(AFTER, y)
    return canvas.to_svg(y + 12)


def headline(points: Sequence[ReliabilityPoint]) -> Sentence:
    """Return the highest probability and what followed it in one sentence."""
    if not points:
        return TOO_FEW
    last = points[-1]
    return Sentence(
        "Where {forecast:.0%} was forecast, half of the benefit was lost in {observed:.0%} of {cycles} "
        "cycles ({low:.0%} to {high:.0%}).",
        forecast=last.forecast,
        observed=last.observed,
        cycles=last.cycles,
        low=last.lo95,
        high=last.hi95,
    )


def description(
    points: Sequence[ReliabilityPoint], recalibrated: Sequence[ReliabilityPoint] = ()
) -> Sentence:
    """Return the chart in words: each probability with what was observed."""
    if not points:
        return TOO_FEW
    before = Sentence(
        "Probability forecast and share in which half was lost by that day. {pairs}.", pairs=_pairs(points)
    )
    if not recalibrated:
        return before
    return sentences([before, Sentence("After a recalibration: {pairs}.", pairs=_pairs(recalibrated))])


def _pairs(points: Sequence[ReliabilityPoint]) -> Sentence:
    pairs = [
        Sentence(
            "{forecast:.0%}: {observed:.0%} of {cycles} cycles",
            forecast=each.forecast,
            observed=each.observed,
            cycles=each.cycles,
        )
        for each in points
    ]
    return listed(pairs)


def _draw(
    canvas: Canvas,
    points: Sequence[ReliabilityPoint],
    recalibrated: Sequence[ReliabilityPoint],
    top: float,
) -> None:
    plot = Plot(LEFT, top, (canvas.right - LEFT - MARGIN, HEIGHT), (0, 100), 1)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        axes.gridline(canvas, plot.y(share), plot.right, f"{share:.0%}")
    axes.percent(canvas, plot, (0, 25, 50, 75, 100))
    line(canvas, [plot.point(0, 0.0), plot.point(100, 1.0)], "quiet", 1)
    for each in points:
        x = 100 * each.forecast
        line(canvas, [plot.point(x, each.lo95), plot.point(x, each.hi95)], "wellbeing")
    marked = [plot.point(100 * each.forecast, each.observed) for each in points]
    canvas.draw("path", fill="wellbeing", d=markers("diamond", marked, 5))
    if recalibrated:
        after = [plot.point(100 * each.forecast, each.observed) for each in recalibrated]
        canvas.draw("path", fill="mood", d=markers("circle", after, 4))
