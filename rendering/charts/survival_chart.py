"""How long responses lasted in a clinic, as a picture: the share still responding, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from rendering.charts.canvas import TITLE_AT, sheet
from rendering.charts.palette import BAND_OPACITY, Theme
from rendering.charts.scales import RIGHT
from rendering.charts.svg import Pen, dots, path

LEFT: Final = 44
HEIGHT: Final = 220
"""Of the panel, in pixels."""

MIN_DAYS: Final = 56
"""The time axis is never shorter, so that what was published up to week 8 has its place."""

TOO_FEW: Final = "Too few responded, or were asked again, to be shown."
CAUTION: Final = "Shaded: the range of chance, 95 %. Maintenance goes on; what was published is without it."


@dataclass(frozen=True, slots=True)
class Point:
    """The share still responding after a day, 0 to 1, and its band."""

    day: int
    surviving: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class Lasting:
    """A clinic's curve by one questionnaire, empty where it is not shown; `published` as day and share."""

    instrument: str
    people: int
    points: Sequence[Point]
    published: Sequence[tuple[float, float]] = ()
    study: str = ""


def lasting_svg(lasting: Lasting, width: int, theme: Theme = Theme.AUTO) -> str:
    """Draw the curve `width` pixels wide; the same values give the same text."""
    pen = Pen(theme, "afterglow-lasting")
    named = f"How long responses lasted, by {lasting.instrument.upper()}"
    page = sheet(pen, named, description(lasting), width, LEFT)
    y = page.lines(headline(lasting), TITLE_AT)
    if lasting.points:
        _curve(pen, page.image, lasting, width, y + 12)
        y = page.lines(_caution(lasting), y + HEIGHT + 36)
    return page.finished(y + 12)


def headline(lasting: Lasting) -> str:
    """What the picture says in one sentence."""
    if not lasting.points:
        return TOO_FEW
    last = lasting.points[-1]
    return (
        f"Of {lasting.people} who responded, {last.surviving:.0%} still did after {last.day} days "
        f"({last.lo95:.0%} to {last.hi95:.0%})."
    )


def description(lasting: Lasting) -> str:
    """The same figures for those who hear the picture: every four weeks, and what was published."""
    told = [f"day {one.day}: {one.surviving:.0%}" for one in lasting.points if one.day % 28 == 0]
    beside = [f"day {day:g}: {share:.0%}" for day, share in lasting.published]
    published = f" {lasting.study}, without maintenance: {', '.join(beside)}." if beside else ""
    return (
        f"{headline(lasting)} Still responding: {', '.join(told)}.{published}" if told else headline(lasting)
    )


def _caution(lasting: Lasting) -> str:
    return f"{CAUTION} Diamonds: {lasting.study}." if lasting.published else CAUTION


def _curve(pen: Pen, image: ET.Element, lasting: Lasting, width: int, top: float) -> None:
    longest = max(MIN_DAYS, lasting.points[-1].day)
    wide = width - LEFT - RIGHT - 8

    def place(day: float, share: float) -> tuple[float, float]:
        return LEFT + day / longest * wide, top + (1 - share) * HEIGHT

    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = place(0, share)
        pen.draw(image, "line", stroke="grid", x1=x, x2=LEFT + wide, y1=y, y2=y)
        pen.write(image, f"{share:.0%}", x - 6, y + 4, fill="quiet", anchor="end")
    every = 28 * max(1, -(-longest // 28 * 60 // wide))
    for day in range(0, longest + 1, every):
        x, y = place(day, 0)
        pen.write(image, f"day {day}" if day else "0", x, y + 16, fill="quiet", anchor="middle")
    top_of_band = _steps([(one.day, one.hi95) for one in lasting.points])
    foot = _steps([(one.day, one.lo95) for one in lasting.points])
    band = [place(*one) for one in (*top_of_band, *reversed(foot))]
    pen.draw(image, "path", fill="wellbeing", d=f"{path(band)}Z", opacity=f"{BAND_OPACITY}")
    line = path(place(*one) for one in _steps([(one.day, one.surviving) for one in lasting.points]))
    pen.draw(image, "path", fill="none", stroke="wellbeing", stroke_width=2, d=line)
    marks = [place(day, share) for day, share in lasting.published if day <= longest]
    if marks:
        pen.draw(image, "path", fill="infusion", d=dots("diamond", marks, 5))


def _steps(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A share holds until the next one is told: nothing is drawn of what came between."""
    held = [(after[0], before[1]) for before, after in pairwise(points)]
    return [corner for pair in zip(points, held, strict=False) for corner in pair] + [points[-1]]
