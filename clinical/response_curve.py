"""Each infusion's response on days counted from it: how soon it came, how high, and when half was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from clinical.history import History
from clinical.outlook.wellbeing import wellbeing
from clinical.protocol import infusion_days
from clinical.trend import Rating, Trend, average, trend

BEFORE_DAYS: Final = 7
"""Days before an infusion whose mean is what a response is measured from; a proposal."""

FEWEST_BEFORE: Final = 3
"""Of them, those that must be answered; a proposal, as many as the outlook asks of a baseline."""

LEAST_GAIN: Final = 1.0
"""Points of wellbeing below which no response is told; a proposal, as in the outlook."""

LONGEST_DAYS: Final = 56
"""Days after an infusion beyond which nothing is laid to it: the horizon of the outlook."""


@dataclass(frozen=True, slots=True)
class CurveDay:
    """One day of a curve: wellbeing (0-10) as answered, None where it was not, its level and the band."""

    since: int
    value: float | None
    level: float
    lo80: float
    hi80: float


@dataclass(frozen=True, slots=True)
class ResponseCurve:
    """One infusion's response, days counted from the infusion's own, which is 0.

    `before` is the mean wellbeing of the week before it, None when too few of its days were answered. `gain`
    is the highest level less `before`. Onset is the first day on which the level has risen by half of the
    gain, `half_lost` the first day after the peak on which half of it is gone; both are None, as is `peak`,
    while there is no gain of a point, and `half_lost` also while it has not happened before `until`, the
    last day that belongs to this infusion.
    """

    number: int
    day: date
    until: int
    answered: int
    before: float | None
    gain: float | None
    onset: int | None
    peak: int | None
    half_lost: int | None
    days: tuple[CurveDay, ...]


def response_curves(history: History, today: date) -> tuple[ResponseCurve, ...]:
    """Give every infusion's curve up to `today`, in order; infusions of one day count once.

    Each level is that of `clinical.trend` over the answers since that infusion alone: a level over all days
    would begin to rise before the infusion was given. Nothing is inferred from it here or in the outlook.
    """
    days = infusion_days(history.infusions, today)
    if not days:
        return ()
    points = _wellbeing(history, days[-1], today)
    ends = [min((after - day).days - 1, LONGEST_DAYS) for day, after in pairwise(days)]
    ends.append(min((today - days[-1]).days, LONGEST_DAYS))
    return tuple(
        _curve(number, day, until, points)
        for number, (day, until) in enumerate(zip(days, ends, strict=True), start=1)
    )


def _wellbeing(history: History, last_infusion: date, today: date) -> tuple[Rating, ...]:
    readings = sorted((reading for reading in history.readings if reading.day <= today), key=lambda r: r.day)
    if not readings:
        return ()
    # The running cycle must not teach the difference that it is measured against.
    known = np.array([reading.day < last_infusion for reading in readings], dtype=np.bool_)
    values = wellbeing(readings, known).values.tolist()
    return tuple(Rating(reading.day, value) for reading, value in zip(readings, values, strict=True))


def _curve(number: int, day: date, until: int, points: Sequence[Rating]) -> ResponseCurve:
    mine = [point for point in points if 0 <= (point.day - day).days <= until]
    level = trend(mine)
    ago = date.fromordinal(max(day.toordinal() - 1, 1))
    week = average(points, ago, BEFORE_DAYS)
    before = week.mean if week.answered >= FEWEST_BEFORE else None
    days = _days(level, day)
    gain, onset, peak, half_lost = _told(days, before)
    return ResponseCurve(number, day, until, len(mine), before, gain, onset, peak, half_lost, days)


def _days(level: Trend, day: date) -> tuple[CurveDay, ...]:
    return tuple(
        CurveDay((found.day - day).days, found.rating, found.level, found.lo80, found.hi80)
        for found in level.days
    )


def _told(
    days: Sequence[CurveDay], before: float | None
) -> tuple[float | None, int | None, int | None, int | None]:
    """The gain, and the days of onset, peak and half of the gain lost."""
    if before is None or not days:
        return None, None, None, None
    top = max(days, key=lambda found: found.level)
    gain = round(top.level - before, 4)
    if gain < LEAST_GAIN:
        return gain, None, None, None
    half = before + gain / 2
    onset = next(found.since for found in days if found.level >= half)
    lost = next((found.since for found in days if found.since > top.since and found.level <= half), None)
    return gain, onset, top.since, lost
