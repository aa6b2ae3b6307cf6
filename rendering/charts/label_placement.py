"""Numbers beside their points, moved up or down where another stands already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from rendering.charts.canvas import Sheet
from rendering.charts.svg import TEXT_SIZE, length

LINE: Final = 12
"""Pixels between two labels that stand above one another."""

AWAY: Final = 9
"""Pixels from a point to its label."""

FURTHEST: Final = 12
"""Lines that a label may be moved; beyond them it is written over another."""


@dataclass(slots=True)
class Labels:
    """What was written so far between two heights; each place is a left end, a right end and a height."""

    page: Sheet
    top: float
    bottom: float
    taken: list[tuple[float, float, float]] = field(default_factory=list)

    def write(self, text: str, x: float, y: float) -> None:
        """Write a label to the right of a point, with a thin line to it where it had to be moved."""
        left, right = x + AWAY, x + AWAY + length(text)
        near = sorted(range(-FURTHEST, FURTHEST + 1), key=abs)
        heights = [y + LINE * step for step in near if self.top <= y + LINE * step <= self.bottom]
        at = next((height for height in heights if self._free(left, right, height)), y)
        self.taken.append((left, right, at))
        if at != y:
            ends = {"x1": x + AWAY / 2, "x2": left - 1, "y1": y, "y2": at}
            self.page.pen.draw(self.page.image, "line", stroke="missing", **ends)
        self.page.pen.write(self.page.image, text, left, at + TEXT_SIZE / 3)

    def _free(self, left: float, right: float, at: float) -> bool:
        return all(right < one or left > other or abs(at - up) >= LINE for one, other, up in self.taken)
