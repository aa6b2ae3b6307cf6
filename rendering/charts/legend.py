"""Legend of a trend chart: the signs that are drawn, and what each means."""

from __future__ import annotations

from typing import Final

from clinical.sentences import Sentence
from rendering.charts.canvas import Canvas
from rendering.charts.chart_data import Period, TrendChart, due_window, has_unused_answers
from rendering.charts.event_marks import LETTERS, NOUNS, within
from rendering.charts.palette import BAND_OPACITY
from rendering.charts.svg import markers, text_width
from rendering.charts.treatment_marks import HALF_BENEFIT_DASHES, MIDDLE_DASHES

SAMPLE: Final = 22
"""Pixels for the sign before its text."""

LINE: Final = 19

LEVELS: Final = {"level": "quiet", "unused": "wellbeing"}
"""The signs that are a line with its band, and their colours."""


def legend(canvas: Canvas, chart: TrendChart, span: Period, top: float) -> float:
    """Write the legend from `top` down in as many lines as it takes; return where it ends."""
    x, y = float(canvas.left), top + 12
    for sign, sentence in _signs(chart, span):
        text = canvas.words(sentence)
        width = SAMPLE + 6 + text_width(text) + 12
        if x > canvas.left and x + width > canvas.right:
            x, y = float(canvas.left), y + LINE
        _sample(canvas, sign, x, y - 4)
        canvas.write(text, x + SAMPLE + 6, y)
        x += width
    return y + 8


def _signs(chart: TrendChart, span: Period) -> list[tuple[str, Sentence]]:
    signs = [
        ("answer", Sentence("answer of a day")),
        ("level", Sentence("level, 80 % band")),
        ("missing", Sentence("no answer")),
    ]
    if has_unused_answers(chart, span):
        signs.append(("unused", Sentence("no mark: not used for the forecast")))
    if chart.infusions:
        signs.append(("infusion", Sentence("infusion")))
    kinds = {event.kind for event in within(chart, span)}
    signs += [(LETTERS[kind], noun) for kind, noun in NOUNS.items() if kind in kinds]
    if chart.forecast is None:
        return signs
    window = due_window(chart.forecast)
    if span.has_future:
        signs.append(("today", Sentence("end of today")))
    if any(panel.measure == chart.forecast.target_measure for panel in chart.panels):
        signs.append(("half", Sentence("half of the benefit")))
    if window.first is not None:
        signs.append(("window", Sentence("half is gone on one of these days (80 %)")))
    if window.middle is not None:
        signs.append(("middle", Sentence("as likely before as after")))
    return [*signs, ("recommended", Sentence("recommended day"))] if window.recommended_on else signs


def _sample(canvas: Canvas, sign: str, x: float, y: float) -> None:
    middle, right = x + SAMPLE / 2, x + SAMPLE
    across = {"x1": x, "x2": right, "y1": y, "y2": y}
    box = {"x": x, "y": y - 6, "width": SAMPLE, "height": 12}
    if sign in LETTERS.values():
        canvas.write_bold(sign, middle, y + 4, anchor="middle")
    elif sign == "answer":
        canvas.draw("path", fill="quiet", d=markers("circle", [(middle, y)], 3.5))
    elif sign in LEVELS:
        canvas.draw("rect", fill=LEVELS[sign], fill_opacity=f"{BAND_OPACITY}", **box)
        canvas.draw("line", stroke=LEVELS[sign], stroke_width=2, **across)
    elif sign == "missing":
        canvas.draw("rect", fill=f"url(#{canvas.id('missing')})", **box)
    elif sign == "infusion":
        canvas.draw("path", fill="infusion", d=f"M{middle - 5:.1f} {y - 5:.1f}h10l-5 10z")
    elif sign == "today":
        canvas.draw("line", stroke="quiet", x1=middle, x2=middle, y1=y - 7, y2=y + 6)
    elif sign == "half":
        dashes = HALF_BENEFIT_DASHES
        canvas.draw("line", stroke="forecast", stroke_width=2, stroke_dasharray=dashes, **across)
    elif sign == "window":
        canvas.draw("rect", fill="window", stroke="forecast", **box)
    elif sign == "middle":
        canvas.draw("line", stroke="forecast", stroke_width=1.6, stroke_dasharray=MIDDLE_DASHES, **across)
    else:
        diamond = markers("diamond", [(middle, y)], 5)
        canvas.draw("path", fill="paper", stroke="forecast", d=diamond, stroke_width=2)
