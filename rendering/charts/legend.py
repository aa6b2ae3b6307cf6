"""What each sign means, for the signs that are drawn."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from rendering.charts.chart_data import WELLBEING, Period, Picture, left_out, window
from rendering.charts.event_marks import LETTERS, WORDS, drawn
from rendering.charts.palette import BAND_OPACITY
from rendering.charts.scales import LEFT, RIGHT
from rendering.charts.svg import Pen, dots, length

SAMPLE: Final = 22
"""Pixels for the sign before its words."""

LINE: Final = 19

LEVELS: Final = {"level": "quiet", "left_out": "wellbeing"}
"""The signs that are a line with its band, and their colours."""


def legend(pen: Pen, where: ET.Element, picture: Picture, span: Period, width: float, top: float) -> float:
    """Write the legend from `top` down, in as many lines as it takes; gives where it ends."""
    x, y = float(LEFT), top + 12
    for sign, words in _signs(picture, span):
        wide = SAMPLE + 6 + length(words) + 12
        if x > LEFT and x + wide > width - RIGHT:
            x, y = float(LEFT), y + LINE
        _sample(pen, where, sign, x, y - 4)
        pen.write(where, words, x + SAMPLE + 6, y, fill="quiet")
        x += wide
    return y + 8


def _signs(picture: Picture, span: Period) -> list[tuple[str, str]]:
    signs = [("answer", "answer of a day"), ("level", "level, 80 % band"), ("missing", "no answer")]
    if left_out(picture, span):
        signs.append(("left_out", "no mark: not used for the forecast"))
    if picture.infusions:
        signs.append(("infusion", "infusion"))
    kinds = {event.kind for event in drawn(picture, span)}
    signs += [(LETTERS[kind], words) for kind, words in WORDS.items() if kind in kinds]
    said = picture.forecast
    if said is None:
        return signs
    if span.ahead:
        signs.append(("today", "end of today"))
    if any(strip.measure == WELLBEING for strip in picture.strips):
        signs.append(("half", "half of the benefit"))
    if window(said).first is not None:
        signs.append(("window", "half is gone on one of these days (80 %)"))
    if window(said).middle is not None:
        signs.append(("middle", "as likely before as after"))
    return [*signs, ("planned", "day to consider")] if said.recommended_on else signs


def _sample(pen: Pen, where: ET.Element, sign: str, x: float, y: float) -> None:
    middle, right = x + SAMPLE / 2, x + SAMPLE
    across = {"x1": x, "x2": right, "y1": y, "y2": y}
    box = {"x": x, "y": y - 6, "width": SAMPLE, "height": 12}
    if sign in LETTERS.values():
        pen.write(where, sign, middle, y + 4, anchor="middle", weight="600")
    elif sign == "answer":
        pen.draw(where, "path", fill="quiet", d=dots("circle", [(middle, y)], 3.5))
    elif sign in LEVELS:
        pen.draw(where, "rect", fill=LEVELS[sign], fill_opacity=f"{BAND_OPACITY}", **box)
        pen.draw(where, "line", stroke=LEVELS[sign], stroke_width=2, **across)
    elif sign == "missing":
        pen.draw(where, "rect", fill=f"url(#{pen.id('missing')})", **box)
    elif sign == "infusion":
        pen.draw(where, "path", fill="infusion", d=f"M{middle - 5:.1f} {y - 5:.1f}h10l-5 10z")
    elif sign == "today":
        pen.draw(where, "line", stroke="quiet", x1=middle, x2=middle, y1=y - 7, y2=y + 6)
    elif sign == "half":
        pen.draw(where, "line", stroke="forecast", stroke_width=2, stroke_dasharray="8 4", **across)
    elif sign == "window":
        pen.draw(where, "rect", fill="window", stroke="forecast", **box)
    elif sign == "middle":
        pen.draw(where, "line", stroke="forecast", stroke_width=1.6, stroke_dasharray="7 3 1.5 3", **across)
    else:
        planned = dots("diamond", [(middle, y)], 5)
        pen.draw(where, "path", fill="paper", stroke="forecast", d=planned, stroke_width=2)
