"""Events of a trend chart: a letter for each kind in a row above the panels, and a thin line through them."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from clinical.events import DatedEvent, EventKind
from clinical.formatting import count, on
from clinical.sentences import Sentence, listed, sentences
from rendering.charts.canvas import Canvas
from rendering.charts.chart_data import Period, TrendChart
from rendering.charts.scales import Frame
from rendering.charts.svg import LETTER_WIDTH, TEXT_SIZE

ROW: Final = 16
"""Height of the row of letters."""

LETTERS: Final = {
    EventKind.PSYCHOTHERAPY: "P",
    EventKind.MEDICATION_CHANGE: "M",
    EventKind.LIFE_EVENT: "L",
    EventKind.ANNOTATION: "N",
}
NOUNS: Final = {
    EventKind.PSYCHOTHERAPY: Sentence("psychotherapy session"),
    EventKind.MEDICATION_CHANGE: Sentence("medication change"),
    EventKind.LIFE_EVENT: Sentence("life event"),
    EventKind.ANNOTATION: Sentence("note"),
}
MAX_NAMED: Final = 12
"""Latest events of a kind that are named by their day."""


def within(chart: TrendChart, span: Period) -> list[DatedEvent]:
    """Return the events within the days drawn, in order."""
    return sorted(event for event in chart.events if span.first <= event.day <= span.last_past)


def events(canvas: Canvas, frame: Frame, chart: TrendChart) -> None:
    """Mark the events; letters that would overlap are written as one word, each letter once."""
    found = within(chart, frame.span)
    for day in sorted({event.day for event in found}):
        path = frame.vertical(frame.x(day))
        canvas.draw("path", fill="none", stroke="quiet", d=path, stroke_width=0.7)
    for cluster in _clusters(found, frame):
        kinds = {event.kind for event in cluster}
        letters = "".join(letter for kind, letter in LETTERS.items() if kind in kinds)
        x = (frame.x(cluster[0].day) + frame.x(cluster[-1].day)) / 2
        canvas.write_bold(letters, x, frame.top - 2, anchor="middle")


def in_words(chart: TrendChart, span: Period) -> Sentence:
    """Return the events kind by kind; empty when there are none."""
    found = within(chart, span)
    texts = []
    for kind, noun in NOUNS.items():
        days = [on(event.day) for event in found if event.kind is kind]
        named = listed(days[-MAX_NAMED:])
        if len(days) > MAX_NAMED:
            events = count(len(days), noun)
            text = Sentence(
                "{events}, the last {number} on {days}.", events=events, number=MAX_NAMED, days=named
            )
            texts.append(text)
        elif days:
            texts.append(Sentence("{events} on {days}.", events=count(len(days), noun), days=named))
    return sentences(texts)


def _clusters(found: list[DatedEvent], frame: Frame) -> list[list[DatedEvent]]:
    clusters = [[event] for event in found[:1]]
    for before, event in pairwise(found):
        if frame.x(event.day) - frame.x(before.day) < 2 * TEXT_SIZE * LETTER_WIDTH:
            clusters[-1].append(event)
        else:
            clusters.append([event])
    return clusters
