"""Where things lie on the paper: pixels from days and ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from rendering.charts.chart_data import Period

MIN_WIDTH: Final = 320
WIDTH: Final = 720
MAX_WIDTH: Final = 2000
"""Pixels: from the narrowest phone to a wide screen; a picture of the widest takes some 7 MB to paint."""

LEFT: Final = 26
RIGHT: Final = 12
TRACK: Final = 22
"""Height of the row above the panels in which infusions and days to come are marked."""

CAPTION: Final = 19
"""Height of a panel's caption."""

INSET: Final = 6
"""Room above the highest and below the lowest rating, so that no mark is cut."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A time axis shared by `panels` panels that begin at `top`, under their captions."""

    width: int
    span: Period
    top: float
    panels: int

    @property
    def panel_height(self) -> float:
        """Pixels from the top to the bottom of one panel."""
        return min(max(self.width * 0.15, 84), 150)

    @property
    def bottom(self) -> float:
        """Where the last panel ends."""
        return self.panel_top(self.panels - 1) + self.panel_height

    @property
    def right(self) -> float:
        """Where the time axis ends."""
        return self.width - RIGHT

    @property
    def day_width(self) -> float:
        """Pixels a day."""
        return (self.right - LEFT) / ((self.span.last - self.span.first).days + 1)

    @property
    def mark_size(self) -> float:
        """Half the width of an answer's mark."""
        return min(max(self.day_width * 0.42, 1.5), 3.6)

    def panel_top(self, index: int) -> float:
        """Where a panel begins."""
        return self.top + TRACK + index * (self.panel_height + CAPTION) + CAPTION

    def edge(self, day: date) -> float:
        """Where a day begins."""
        return LEFT + (day - self.span.first).days * self.day_width

    def x(self, day: date) -> float:
        """The middle of a day."""
        return self.edge(day) + self.day_width / 2

    def y(self, index: int, value: float, highest: float) -> float:
        """Where a value lies in a panel that runs from 0 to `highest`."""
        inner = self.panel_height - 2 * INSET
        return self.panel_top(index) + INSET + inner * (1 - value / highest)
