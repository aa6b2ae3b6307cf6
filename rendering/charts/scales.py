"""Scales of the charts: pixels from days and values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from rendering.charts.chart_data import Period
from rendering.charts.svg import number

MIN_WIDTH: Final = 320
WIDTH: Final = 720
MAX_WIDTH: Final = 2000
"""Pixels: from the narrowest phone to a wide screen; painting a chart of the widest takes about 7 MB."""

LEFT: Final = 26
RIGHT: Final = 12
MARK_ROW: Final = 22
"""Height of the row above the panels that marks infusions and the day to consider."""

CAPTION: Final = 19
"""Height of a panel's caption."""

INSET: Final = 6
"""Pixels above the highest and below the lowest rating, so that no mark is cut."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Plotting area of a chart with one panel: days since an event, and values from 0 to `highest`."""

    left: float
    top: float
    size: tuple[float, float]
    days: tuple[float, float]
    highest: float

    @property
    def right(self) -> float:
        """Where the axis of days ends."""
        return self.left + self.size[0]

    @property
    def bottom(self) -> float:
        """Where the axis of values ends."""
        return self.top + self.size[1]

    def x(self, day: float) -> float:
        """Return where a day lies."""
        first, last = self.days
        return self.left + (day - first) / (last - first) * self.size[0]

    def y(self, value: float) -> float:
        """Return where a value lies, at the nearer end of the axis if beyond it."""
        return self.top + (1 - min(max(value, 0), self.highest) / self.highest) * self.size[1]

    def point(self, day: float, value: float) -> tuple[float, float]:
        """Return where a value on a day lies."""
        return self.x(day), self.y(value)


@dataclass(frozen=True, slots=True)
class Frame:
    """Calendar axis shared by the panels of a trend chart, which begin at `top`, each under its caption."""

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
        """Where the axis of days ends."""
        return self.width - RIGHT

    @property
    def day_width(self) -> float:
        """Pixels per day."""
        return (self.right - LEFT) / ((self.span.last - self.span.first).days + 1)

    @property
    def mark_size(self) -> float:
        """Half the width of an answer's mark."""
        return min(max(self.day_width * 0.42, 1.5), 3.6)

    def panel_top(self, index: int) -> float:
        """Return where a panel begins."""
        return self.top + MARK_ROW + index * (self.panel_height + CAPTION) + CAPTION

    def day_start(self, day: date) -> float:
        """Return where a day begins."""
        return LEFT + (day - self.span.first).days * self.day_width

    def day_end(self, day: date) -> float:
        """Return where a day ends."""
        return self.day_start(day) + self.day_width

    def x(self, day: date) -> float:
        """Return the middle of a day."""
        return self.day_start(day) + self.day_width / 2

    def y(self, index: int, value: float, highest: float) -> float:
        """Return where a value lies in a panel that ranges from 0 to `highest`."""
        inner = self.panel_height - 2 * INSET
        return self.panel_top(index) + INSET + inner * (1 - value / highest)

    def vertical(self, x: float, *, through_marks: bool = False) -> str:
        """Return the path data of a line through every panel and the row of marks, not through captions."""
        sections = [(self.top + 2, self.top + MARK_ROW)] if through_marks else []
        for index in range(self.panels):
            top = self.panel_top(index)
            sections.append((top, top + self.panel_height))
        return "".join(f"M{number(x)} {number(top)}V{number(foot)}" for top, foot in sections)
