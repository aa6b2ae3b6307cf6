"""Response-curve chart: wellbeing after each infusion, all curves aligned on day 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from clinical.check_in import SCALE_MAX
from clinical.formatting import count
from clinical.response_curve import ResponseCurve
from clinical.sentences import Sentence, sentences
from rendering.charts import axes
from rendering.charts.canvas import Appearance, Canvas
from rendering.charts.label_placement import Labels
from rendering.charts.scales import Plot
from rendering.charts.series import band, line
from rendering.charts.svg import markers, text_width

LEFT: Final = 44
HEIGHT: Final = 240
"""Of the panel, in pixels."""

MARGIN: Final = 12
"""Pixels to the right of the panel, for the number of a curve that reaches its end."""

WEEKLY_LABELS_FROM: Final = 360
"""Width of the panel in pixels from which on every week is labelled."""

MIN_DAYS: Final = 28
"""Least length of the axis of days, so that curves of an induction and of maintenance share a scale."""

BEFORE: Final = -3
"""Where on that axis the mean of the week before each infusion has its mark."""

MAX_NAMED: Final = 12
"""Latest infusions that are numbered in the chart and described one by one."""

NOTHING: Final = Sentence("No infusion has been followed by an answer yet.")
LEGEND: Final = Sentence(
    "Thick: the last infusion, shaded its 80 % band, its answers as small dots; fine: the earlier ones, the "
    "latest with their numbers. Circle: the week before. Triangle: onset. Diamond: peak. Square: half of "
    "this infusion's own rise over the week before lost."
)
CAUTION: Final = Sentence(
    "It shows what was answered. The outlook is not made of it, and no forecast follows from it. Half of the "
    "benefit, in the outlook, is another level: half of the gain over the baseline before treatment."
)


def response_curves_svg(curves: Sequence[ResponseCurve], appearance: Appearance) -> str:
    """Draw the curves; the same values give the same text."""
    canvas = Canvas("afterglow-response-curves", appearance, LEFT)
    title = Sentence("Response to each infusion, wellbeing from its day on")
    y = canvas.write_paragraph(headline(curves), canvas.write_title(title, description(curves)))
    with_answers = [curve for curve in curves if curve.days]
    if with_answers:
        _draw(canvas, with_answers, y + 12)
        y = canvas.write_paragraph(CAUTION, canvas.write_paragraph(LEGEND, y + HEIGHT + 36))
    return canvas.to_svg(y + 12)


def headline(curves: Sequence[ResponseCurve]) -> Sentence:
    """Return after how many infusions wellbeing rose, and after how many of them half of that was lost."""
    if not any(curve.days for curve in curves):
        return NOTHING
    rose = [curve for curve in curves if curve.peak is not None]
    lost = sum(curve.half_rise_lost is not None for curve in rose)
    return Sentence(
        "After {rose} of {infusions} wellbeing rose a point or more over the week before; after {lost} of "
        "these half of that rise was lost before the next.",
        rose=len(rose),
        infusions=count(len(curves), "infusion"),
        lost=lost,
    )


def description(curves: Sequence[ResponseCurve]) -> Sentence:
    """Return the chart in words: the latest infusions one by one."""
    named = [curve for curve in curves if curve.days][-MAX_NAMED:]
    if not named:
        return headline(curves)
    others = len(curves) - len(named)
    rest = [Sentence("{number} others are in the JSON.", number=others)] if others else []
    return sentences([headline(curves), *(text for curve in named for text in _describe(curve)), *rest])


def _describe(curve: ResponseCurve) -> Iterator[Sentence]:
    about = Sentence("Infusion {number} on {day}", number=curve.label, day=str(curve.day))
    if curve.rise is None:
        yield Sentence("{infusion}: too few answers in the week before.", infusion=about)
        return
    if curve.peak is None:
        yield Sentence("{infusion}: rise {rise:.1f}.", infusion=about, rise=curve.rise)
    else:
        day = curve.half_rise_lost
        yield Sentence(
            "{infusion}: rise {rise:.1f}, onset on day {onset}, peak on day {peak}, {lost}.",
            infusion=about,
            rise=curve.rise,
            onset=curve.onset,
            peak=curve.peak,
            lost=Sentence("half of it not lost")
            if day is None
            else Sentence("half of it lost on day {day}", day=day),
        )
    found = curve.post_infusion
    if found is not None and found.change is not None:
        yield Sentence(
            "Mood changed by {change:+.1f} within {hours:g} hours.", change=found.change, hours=found.hours
        )


def _draw(canvas: Canvas, curves: Sequence[ResponseCurve], top: float) -> None:
    last_day = max(MIN_DAYS, *(curve.days[-1].since for curve in curves))
    size = canvas.right - LEFT - MARGIN, HEIGHT
    plot = Plot(LEFT, top, size, (BEFORE - 1, last_day + 1), SCALE_MAX)
    _axes(canvas, plot, last_day)
    *earlier, last = curves
    lower = [plot.point(day.since, day.lo80) for day in last.days]
    band(canvas, lower, [plot.point(day.since, day.hi80) for day in last.days], "wellbeing")
    for curve in earlier:
        line(canvas, _levels(plot, curve).values(), "missing", 1.2)
    for curve in earlier:
        _marks(canvas, plot, curve, "quiet", 3)
    answers = [plot.point(day.since, day.value) for day in last.days if day.value is not None]
    canvas.draw("path", fill="paper", stroke="wellbeing", stroke_width=1, d=markers("circle", answers, 2))
    line(canvas, _levels(plot, last).values(), "wellbeing", 2.6)
    _marks(canvas, plot, last, "wellbeing", 5)
    labels = Labels(canvas, top, top + HEIGHT)
    for curve in reversed(curves[-MAX_NAMED:]):
        labels.write(curve.label, *plot.point(curve.days[-1].since, curve.days[-1].level))
        if curve.before is not None:
            labels.write(curve.label, *plot.point(BEFORE, curve.before))


def _axes(canvas: Canvas, plot: Plot, last_day: int) -> None:
    for value in (0.0, 2.5, 5.0, 7.5, 10.0):
        axes.gridline(canvas, plot.y(value), plot.right, f"{value:g}" if value % 5 == 0 else "")
    ends = {"x1": plot.x(0), "x2": plot.x(0), "y1": plot.bottom, "y2": plot.top}
    canvas.draw("line", stroke="infusion", stroke_dasharray="2 3", **ends)
    # On a narrow chart moved to the left, so that it does not touch the 0.
    name = canvas.words(Sentence("before"))
    before = min(plot.x(BEFORE), plot.x(0) - 8 - text_width(name) / 2)
    canvas.write(name, before, plot.bottom + 16, anchor="middle")
    axes.days_since(canvas, plot, range(0, last_day + 1, 7 if plot.size[0] > WEEKLY_LABELS_FROM else 14))


def _levels(plot: Plot, curve: ResponseCurve) -> dict[int, tuple[float, float]]:
    return {day.since: plot.point(day.since, day.level) for day in curve.days}


def _marks(canvas: Canvas, plot: Plot, curve: ResponseCurve, colour: str, size: float) -> None:
    if curve.before is not None:
        before = [plot.point(BEFORE, curve.before)]
        canvas.draw("path", fill=colour, d=markers("circle", before, size))
    levels = _levels(plot, curve)
    for shape, since in (
        ("triangle", curve.onset),
        ("diamond", curve.peak),
        ("square", curve.half_rise_lost),
    ):
        if since is not None:
            canvas.draw("path", fill=colour, d=markers(shape, [levels[since]], size))
