"""Numbers next to their points, moved up or down where another label is in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from rendering.charts.canvas import Canvas
from rendering.charts.svg import TEXT_SIZE, text_width

LINE: Final = 12
"""Least pixels between the baselines of two labels."""

GAP: Final = 9
"""Pixels from a point to its label."""

MAX_STEPS: Final = 12
"""Lines that a label may be moved; beyond them it overlaps another."""


@dataclass(slots=True)
class Labels:
    """Labels written so far between two heights; `taken` holds left end, right end and height of each."""

    canvas: Canvas
    top: float
    bottom: float
    taken: list[tuple[float, float, float]] = field(default_factory=list)

    def write(self, text: str, x: float, y: float) -> None:
        """Write a label to the right of a point, with a thin line to it where it had to be moved."""
        left, right = x + GAP, x + GAP + text_width(text)
        nearest = sorted(range(-MAX_STEPS, MAX_STEPS + 1), key=abs)
        heights = [y + LINE * step for step in nearest if self.top <= y + LINE * step <= self.bottom]
        height = next((height for height in heights if self._is_free(left, right, height)), y)
        self.taken.append((left, right, height))
        if height != y:
            ends = {"x1": x + GAP / 2, "x2": left - 1, "y1": y, "y2": height}
            self.canvas.draw("line", stroke="missing", **ends)
        self.canvas.write(text, left, height + TEXT_SIZE / 3, fill="text")

    def _is_free(self, left: float, right: float, y: float) -> bool:
        return all(right < start or left > end or abs(y - other) >= LINE for start, end, other in self.taken)
