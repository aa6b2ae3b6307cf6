"""A sharp drop of mood within days, found without any forecast.

For each day s of the last two weeks, the answers from s to today are compared with those of the week before
s; a drop is where the second mean lies `DROP_POINTS` above the first, and each answer since then at least
half of that below it. A benefit that wears off over weeks is
none: between two neighbouring weeks it takes less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Final

from clinical.check_in import Reading

DROP_POINTS: Final = 3.0
"""Points of mood between the two means that make a drop. Source: a proposal: a third of the scale, and
well above the 1.9 that two weekly means differ by chance (Fisher 2017)."""
LASTING_DAYS: Final = 14
"""Days for which a drop is found while mood stays low. Source: a proposal: two weeks."""
MIN_LOW_ANSWERS: Final = 3
"""Fewest answers since the drop. Source: a proposal."""
EARLIER_DAYS: Final = 7
"""Days before the drop that are compared with. Source: a proposal: a week."""
MIN_EARLIER_ANSWERS: Final = 3
"""Fewest answers of the earlier days. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class MoodDrop:
    """Mean mood since the drop and in the week before it, 0-10, and the first of the low days."""

    since: date
    mean: float
    earlier_mean: float
    answered_count: int


def mood_drop(readings: Sequence[Reading], today: date) -> MoodDrop | None:
    """Return the largest drop of mood that lasts up to `today`; None without one, or with too few answers."""
    found = [drop for drop in _drops(readings, today) if drop.earlier_mean - drop.mean >= DROP_POINTS]
    return max(found, key=lambda drop: (drop.earlier_mean - drop.mean, drop.since), default=None)


def _drops(readings: Sequence[Reading], today: date) -> Iterator[MoodDrop]:
    recent = [reading for reading in readings if 0 <= (today - reading.day).days < LASTING_DAYS]
    for place, first in enumerate(recent[: 1 - MIN_LOW_ANSWERS]):
        since = first.day
        begin = since - timedelta(days=EARLIER_DAYS)
        earlier = [reading.mood for reading in readings if begin <= reading.day < since]
        if len(earlier) >= MIN_EARLIER_ANSWERS:
            low, before = [reading.mood for reading in recent[place:]], fmean(earlier)
            if max(low) <= before - DROP_POINTS / 2:
                yield MoodDrop(since, fmean(low), before, len(low))
