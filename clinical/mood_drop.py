"""A sharp drop of mood within days, found without any forecast.

The answers of the last five days are compared with the median answer of the four weeks before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median
from typing import Final

from clinical.check_in import Reading

DROP_POINTS: Final = 3.0
"""Points of mood below the earlier median that make a drop. Source: a proposal: a third of the scale, and
well above the 1.9 that two weekly means differ by chance (Fisher 2017)."""
DROP_DAYS: Final = 5
"""Days whose answers are compared. Source: a proposal."""
MIN_LOW_ANSWERS: Final = 3
"""Fewest answers of those days. Source: a proposal."""
EARLIER_DAYS: Final = 28
"""Days before them that are compared with. Source: a proposal: four weeks."""
MIN_EARLIER_ANSWERS: Final = 5
"""Fewest answers of the earlier days. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class MoodDrop:
    """Mean mood of the last days and the median before them, 0-10, and the first of the low days."""

    since: date
    mean: float
    earlier_median: float
    answered_count: int


def mood_drop(readings: Sequence[Reading], today: date) -> MoodDrop | None:
    """Return a sharp drop of mood up to `today`; None without one, or with too few answers to tell."""
    begin = today - timedelta(days=DROP_DAYS)
    low = [reading for reading in readings if begin < reading.day <= today]
    earlier = [
        reading.mood for reading in readings if begin - timedelta(days=EARLIER_DAYS) < reading.day <= begin
    ]
    if len(low) < MIN_LOW_ANSWERS or len(earlier) < MIN_EARLIER_ANSWERS:
        return None
    mean, before = fmean(reading.mood for reading in low), float(median(earlier))
    if mean > before - DROP_POINTS:
        return None
    return MoodDrop(min(reading.day for reading in low), mean, before, len(low))
