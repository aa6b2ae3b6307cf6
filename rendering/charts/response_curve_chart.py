"""Each infusion's response as a line from day 0 on, all of them laid over one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clinical.check_in import SCALE_MAX
from clinical.response_curve import CurveDay, ResponseCurve
from rendering.charts.canvas import TITLE_AT, Sheet, sheet
from rendering.charts.label_placement import Labels
from rendering.charts.palette import BAND_OPACITY, Theme
from rendering.charts.scales import RIGHT
from rendering.charts.svg import Pen, dots, path

LEFT: Final = 44
HEIGHT: Final = 240
"""Of the panel, in pixels."""

ROOM: Final = 12
"""To the right of the panel, for the number of a curve that goes to its end."""

WIDE_ENOUGH: Final = 360
"""Pixels of the axis of days from which on every week is named."""

MIN_DAYS: Final = 28
"""The axis of days is never shorter, so that the curves of an induction lie where later ones would."""

BEFORE: Final = -3
"""Where on that axis the week before each infusion has its mark."""

MAX_NAMED: Final = 12
"""Infusions told one by one to whoever hears the picture, and numbered in it: the latest of them."""

NOTHING: Final = "No infusion has been followed by an answer yet."
LEGEND: Final = (
    "Thick: the last infusion, shaded its 80 % band, its answers as small dots; fine: the earlier ones, the "
    "latest with their numbers. Circle: the week before. Triangle: onset. Diamond: peak. Square: half of the "
    "gain lost."
)
CAUTION: Final = "It shows what was answered. The outlook is not made of it, and no forecast follows from it."


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where days since the infusion and wellbeing lie on the paper."""

    wide: float
    top: float
    longest: int

    def x(self, since: float) -> float:
        return LEFT + (since - BEFORE + 1) / (self.longest - BEFORE + 2) * self.wide

    def y(self, value: float) -> float:
        return self.top + (1 - min(max(value, 0), SCALE_MAX) / SCALE_MAX) * HEIGHT

    def at(self, curve: ResponseCurve, since: int) -> tuple[float, float]:
        """The place of a day of a curve."""
        level = next(day.level for day in curve.days if day.since == since)
        return self.x(since), self.y(level)


def overlaid_svg(curves: Sequence[ResponseCurve], width: int, theme: Theme = Theme.AUTO) -> str:
    """Draw the curves `width` pixels wide; the same values give the same text."""
    pen = Pen(theme, "afterglow-overlaid")
    drawn = [curve for curve in curves if curve.days]
    page = sheet(
        pen, "Response to each infusion, wellbeing from its day on", description(curves), width, LEFT
    )
    y = page.lines(headline(curves), TITLE_AT)
    if drawn:
        _panel(page, drawn, y + 12)
        y = page.lines(CAUTION, page.lines(LEGEND, y + HEIGHT + 36))
    return page.finished(y + 12)


def headline(curves: Sequence[ResponseCurve]) -> str:
    """What the picture says in one sentence or two."""
    told = [curve for curve in curves if curve.peak is not None]
    if not any(curve.days for curve in curves):
        return NOTHING
    lost = sum(curve.half_lost is not None for curve in told)
    return (
        f"Of {_infusions(len(curves))}, {len(told)} gained a point or more over the week before; "
        f"after {lost} of these half of it was lost before the next."
    )


def description(curves: Sequence[ResponseCurve]) -> str:
    """The same for those who hear the picture: the latest infusions one by one."""
    named = [curve for curve in curves if curve.days][-MAX_NAMED:]
    told = " ".join(_told(curve) for curve in named)
    left = len(curves) - len(named)
    rest = f" {left} others are in the JSON." if left else ""
    return f"{headline(curves)} {told}{rest}" if named else headline(curves)


def _infusions(count: int) -> str:
    return "1 infusion" if count == 1 else f"{count} infusions"


def _told(curve: ResponseCurve) -> str:
    about = f"Infusion {curve.number} on {curve.day}:"
    if curve.gain is None:
        return f"{about} too few answers in the week before."
    if curve.peak is None:
        return f"{about} gain {curve.gain:.1f}."
    lost = "not lost" if curve.half_lost is None else f"half lost on day {curve.half_lost}"
    return f"{about} gain {curve.gain:.1f}, onset on day {curve.onset}, peak on day {curve.peak}, {lost}."


def _panel(page: Sheet, curves: Sequence[ResponseCurve], top: float) -> None:
    longest = max(MIN_DAYS, *(curve.days[-1].since for curve in curves))
    plot = _Plot(page.width - LEFT - RIGHT - ROOM, top, longest)
    _axes(page, plot)
    *earlier, last = curves
    band = [(plot.x(day.since), plot.y(day.hi80)) for day in last.days]
    band += [(plot.x(day.since), plot.y(day.lo80)) for day in reversed(last.days)]
    page.pen.draw(page.image, "path", fill="wellbeing", d=f"{path(band)}Z", opacity=f"{BAND_OPACITY}")
    for curve in earlier:
        _line(page, plot, curve.days, "missing", 1.2)
    for curve in earlier:
        _marks(page, plot, curve, "quiet", 3)
    _answers(page, plot, last.days)
    _line(page, plot, last.days, "wellbeing", 2.6)
    _marks(page, plot, last, "wellbeing", 5)
    labels = Labels(page, top, top + HEIGHT)
    for curve in reversed(curves[-MAX_NAMED:]):
        labels.write(f"{curve.number}", *plot.at(curve, curve.days[-1].since))
        if curve.before is not None:
            labels.write(f"{curve.number}", plot.x(BEFORE), plot.y(curve.before))


def _axes(page: Sheet, plot: _Plot) -> None:
    pen, right = page.pen, LEFT + plot.wide
    for value in (0.0, 2.5, 5.0, 7.5, 10.0):
        y = plot.y(value)
        pen.draw(page.image, "line", stroke="grid", x1=LEFT, x2=right, y1=y, y2=y)
        if value in {0, 5, 10}:
            pen.write(page.image, f"{value:g}", LEFT - 6, y + 4, fill="quiet", anchor="end")
    zero = plot.x(0)
    ends = {"y1": plot.y(0), "y2": plot.y(SCALE_MAX)}
    pen.draw(page.image, "line", stroke="infusion", stroke_dasharray="2 3", x1=zero, x2=zero, **ends)
    pen.write(page.image, "0", zero, plot.y(0) + 16, fill="quiet", anchor="middle")
    pen.write(page.image, "before", plot.x(BEFORE), plot.y(0) + 16, fill="quiet", anchor="middle")
    step = 7 if plot.wide > WIDE_ENOUGH else 14
    for day in range(step, plot.longest + 1, step):
        pen.write(page.image, f"day {day}", plot.x(day), plot.y(0) + 16, fill="quiet", anchor="middle")


def _line(page: Sheet, plot: _Plot, days: Sequence[CurveDay], colour: str, thick: float) -> None:
    line = path((plot.x(day.since), plot.y(day.level)) for day in days)
    page.pen.draw(page.image, "path", fill="none", stroke=colour, stroke_width=thick, d=line)


def _answers(page: Sheet, plot: _Plot, days: Sequence[CurveDay]) -> None:
    places = [(plot.x(day.since), plot.y(day.value)) for day in days if day.value is not None]
    drawn = dots("circle", places, 2)
    page.pen.draw(page.image, "path", fill="paper", stroke="wellbeing", stroke_width=1, d=drawn)


def _marks(page: Sheet, plot: _Plot, curve: ResponseCurve, colour: str, size: float) -> None:
    if curve.before is not None:
        place = [(plot.x(BEFORE), plot.y(curve.before))]
        page.pen.draw(page.image, "path", fill=colour, d=dots("circle", place, size))
    for shape, since in (("triangle", curve.onset), ("diamond", curve.peak), ("square", curve.half_lost)):
        if since is not None:
            page.pen.draw(page.image, "path", fill=colour, d=dots(shape, [plot.at(curve, since)], size))
