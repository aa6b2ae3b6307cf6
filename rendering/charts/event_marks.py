"""Events around the infusions: a letter for each kind, in a row above the panels, and a fine line."""

from __future__ import annotations

from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from clinical.events import DatedEvent, EventKind
from clinical.outlook.formatting import count, on
from rendering.charts.chart_data import Period, Picture
from rendering.charts.scales import Frame
from rendering.charts.svg import TEXT_SIZE, WIDTH_OF_A_LETTER, Pen, number

ROW: Final = 16
"""Height of the row of letters."""

LETTERS: Final = {
    EventKind.PSYCHOTHERAPY: "P",
    EventKind.MEDICATION_CHANGE: "M",
    EventKind.LIFE_EVENT: "L",
    EventKind.ANNOTATION: "N",
}
WORDS: Final = {
    EventKind.PSYCHOTHERAPY: "psychotherapy session",
    EventKind.MEDICATION_CHANGE: "medication change",
    EventKind.LIFE_EVENT: "life event",
    EventKind.ANNOTATION: "note",
}
MAX_NAMED: Final = 12


def drawn(picture: Picture, span: Period) -> list[DatedEvent]:
    """The events within the days drawn, in order."""
    return sorted(event for event in picture.events if span.first <= event.day <= span.lived)


def events(pen: Pen, where: ET.Element, frame: Frame, picture: Picture) -> None:
    """Mark the events; letters that would touch stand together as one word, each of them once."""
    found = drawn(picture, frame.span)
    for day in sorted({event.day for event in found}):
        at = number(frame.x(day))
        tops = [frame.panel_top(index) for index in range(frame.panels)]
        lines = "".join(f"M{at} {number(top)}V{number(top + frame.panel_height)}" for top in tops)
        pen.draw(where, "path", fill="none", stroke="quiet", d=lines, stroke_width=0.7)
    for together in _clusters(found, frame):
        kinds = {event.kind for event in together}
        letters = "".join(letter for kind, letter in LETTERS.items() if kind in kinds)
        x = (frame.x(together[0].day) + frame.x(together[-1].day)) / 2
        pen.write(where, letters, x, frame.top - 2, anchor="middle", weight="600")


def told(picture: Picture, span: Period) -> str:
    """The events in words, kind by kind; empty when there are none."""
    found = drawn(picture, span)
    said = []
    for kind, words in WORDS.items():
        days = [on(event.day) for event in found if event.kind is kind]
        if days:
            last = f", the last {MAX_NAMED}" if len(days) > MAX_NAMED else ""
            said.append(f"{count(len(days), words)}{last} on {', '.join(days[-MAX_NAMED:])}.")
    return " ".join(said)


def _clusters(found: list[DatedEvent], frame: Frame) -> list[list[DatedEvent]]:
    room = 2 * TEXT_SIZE * WIDTH_OF_A_LETTER
    groups = [[event] for event in found[:1]]
    for before, event in pairwise(found):
        if frame.x(event.day) - frame.x(before.day) < room:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups
