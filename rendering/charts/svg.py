"""How marks are put on the paper: elements with their colours, numbers without needless digits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from rendering.charts.palette import Theme, colours

FONT: Final = "system-ui, sans-serif"
TEXT_SIZE: Final = 12
WIDTH_OF_A_LETTER: Final = 0.56
"""Of the size of the text, on average and on the safe side for the sans-serif fonts of common systems."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in one theme; `name` begins the ids of this picture, so that two may share a page."""

    theme: Theme
    name: str

    def draw(self, where: ET.Element, tag: str, /, **attributes: str | float) -> ET.Element:
        """Put an element into another; a `fill` or `stroke` that the palette names is its colour."""
        made = ET.SubElement(where, tag)
        palette, classes = colours(self.theme), []
        for key, value in attributes.items():
            text = value if isinstance(value, str) else number(value)
            if key in {"fill", "stroke"} and text in palette:
                classes.append(f"afterglow-{key}-{text.replace('_', '-')}")
                text = palette[text]
            made.set(key.replace("_", "-"), text)
        if classes and self.theme is Theme.AUTO:
            made.set("class", " ".join(classes))
        return made

    def write(
        self,
        where: ET.Element,
        text: str,
        x: float,
        y: float,
        *,
        fill: str = "text",
        anchor: str = "start",
        weight: str | None = None,
    ) -> ET.Element:
        """Put one line of text at a place, y being its baseline."""
        made = self.draw(where, "text", fill=fill, x=x, y=y)
        made.text = text
        if anchor != "start":
            made.set("text-anchor", anchor)
        if weight is not None:
            made.set("font-weight", weight)
        return made

    def id(self, what: str) -> str:
        """The id of a part of this picture."""
        return f"{self.name}-{what}"


def number(value: float) -> str:
    """A number to a tenth, without a trailing nought."""
    return f"{value:.1f}".removesuffix(".0")


def path(points: Iterable[tuple[float, float]]) -> str:
    """The line through some points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def length(text: str, size: float = TEXT_SIZE) -> float:
    """About how wide a text is, never less than it is in common fonts."""
    return len(text) * size * WIDTH_OF_A_LETTER


def wrapped(text: str, width: float, size: float = TEXT_SIZE) -> list[str]:
    """A text as lines that fit into a width, broken at its spaces."""
    lines: list[str] = []
    for word in text.split():
        if lines and length(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def dots(shape: str, points: Sequence[tuple[float, float]], size: float) -> str:
    """A path of one mark at each point; `shape` tells measures apart without their colour."""
    return "".join(_dot(shape, x, y, size) for x, y in points)


def _dot(shape: str, x: float, y: float, size: float) -> str:
    size = round(size, 1)
    left, top, double = number(x - size), number(y - size), number(2 * size)
    if shape == "square":
        return f"M{left} {top}h{double}v{double}h-{double}z"
    half = number(size)
    if shape == "diamond":
        return f"M{left} {number(y)}l{half}-{half}l{half} {half}l-{half} {half}z"
    if shape == "triangle":
        return f"M{left} {number(y + size)}h{double}l-{half}-{double}z"
    return f"M{left} {number(y)}a{half} {half} 0 1 0 {double} 0a{half} {half} 0 1 0-{double} 0z"
