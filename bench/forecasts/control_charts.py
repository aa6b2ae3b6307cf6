"""Two rules of process control, EWMA and CUSUM, as a forecaster to compare with.

They watch for a fall of the mood from the mean of days 2 to 8 after the infusion. They name no day on which
half will be gone, so the calendar's four weeks stand in for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import sqrt
from statistics import fmean
from typing import Final

from clinical.history import History
from clinical.outlook.evaluation import Prediction
from clinical.protocol import cycle_starts

IN_CONTROL: Final = (2, 8)
MIN_READINGS: Final = 3
USUAL_DAYS: Final = 28

USUAL_SD: Final = 1.4
USUAL_SD_DAYS: Final = 10
"""A day's noise is first the published 1.4 (Jang 2024), worth ten days, and then the patient's own."""

EWMA_WEIGHT: Final = 0.2
EWMA_LIMIT: Final = 2.7
"""Weight of the newest day and natural limit in SDs, as used on daily affect (Schat 2023)."""

CUSUM_SLACK: Final = 0.5
CUSUM_LIMIT: Final = 5.0
"""The textbook's slack and natural limit in SDs, for a fall of one SD (Montgomery 2019)."""


def ewma(history: History, today: date) -> Prediction | None:
    """An alarm when the weighted mean of the days falls below its limit."""
    return _watched(history, today, _ewma_fall, EWMA_LIMIT)


def cusum(history: History, today: date) -> Prediction | None:
    """An alarm when the falls below the mean have added up to the limit."""
    return _watched(history, today, _cusum_fall, CUSUM_LIMIT)


def _watched(
    history: History, today: date, fall: Callable[[Sequence[float]], float], limit: float
) -> Prediction | None:
    """`p_half_lost` is 0.5 at the limit; it orders the days, and is no chance."""
    starts = cycle_starts(history.protocol, history.infusions, today)
    if not starts:
        return None
    start = starts[-1].toordinal()
    since = today.toordinal() - start
    running = [(reading.day.toordinal() - start, reading.mood) for reading in history.readings]
    best = [mood for day, mood in running if IN_CONTROL[0] <= day <= IN_CONTROL[1]]
    if len(best) < MIN_READINGS:
        return Prediction(since)
    centre, spread = fmean(best), _spread(best)
    falls = [(centre - mood) / spread for day, mood in running if IN_CONTROL[1] < day <= since]
    height = fall(falls)
    return Prediction(since, median=USUAL_DAYS, p_half_lost=height / (height + limit))


def _spread(best: Sequence[float]) -> float:
    centre = fmean(best)
    squares = sum((mood - centre) ** 2 for mood in best) + USUAL_SD_DAYS * USUAL_SD**2
    return sqrt(squares / (len(best) - 1 + USUAL_SD_DAYS))


def _ewma_fall(falls: Sequence[float]) -> float:
    level, variance = 0.0, 0.0
    for fall in falls:
        level = (1 - EWMA_WEIGHT) * level + EWMA_WEIGHT * fall
        variance = (1 - EWMA_WEIGHT) ** 2 * variance + EWMA_WEIGHT**2
    return max(level / sqrt(variance), 0.0) if falls else 0.0


def _cusum_fall(falls: Sequence[float]) -> float:
    total = 0.0
    for fall in falls:
        total = max(total + fall - CUSUM_SLACK, 0.0)
    return total
