"""SVG numbers, paths and marks, and how wide a text is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

FONT: Final = "system-ui, sans-serif"
TEXT_SIZE: Final = 12
LETTER_WIDTH: Final = 0.56
"""Mean width of a letter relative to the text's size, rounded up for common sans-serif fonts."""


BOLD_LETTER_WIDTH: Final = 0.62
"""The same of bold text."""


def number(value: float) -> str:
    """Return a number rounded to a tenth, without a trailing zero."""
    return f"{value:.1f}".removesuffix(".0")


def path(points: Iterable[tuple[float, float]]) -> str:
    """Return the path data of a line through points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """Return about how wide a text is in pixels, an upper bound in common fonts."""
    return len(text) * size * LETTER_WIDTH


def wrapped(text: str, width: float, size: float = TEXT_SIZE, *, bold: bool = False) -> list[str]:
    """Break a text at its spaces into lines that fit a width."""
    # A bold letter is as wide as one of a larger text.
    size *= BOLD_LETTER_WIDTH / LETTER_WIDTH if bold else 1
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def markers(shape: str, points: Sequence[tuple[float, float]], size: float) -> str:
    """Return the path data of one mark at each point; measures differ in `shape`, not in colour alone."""
    return "".join(_marker(shape, x, y, size) for x, y in points)


def _marker(shape: str, x: float, y: float, size: float) -> str:
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
