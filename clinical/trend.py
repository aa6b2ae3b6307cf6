"""Trend of one measure: level and band by a local level model (Kalman filter and smoother), with its gaps.

    rating_t = level_t + e_t,  e ~ N(0, noise)        level_(t+1) = level_t + u_t,  u ~ N(0, step)

Noise and step variance maximize the exact likelihood, with a weak prior on log(step / noise); for the ratio
fixed, the scale that maximizes it has a closed form, so that one dimension remains to be searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from math import exp, inf, log, sqrt
from typing import Final

from clinical.check_in import SCALE_MAX, SCALE_MIN, Reading
from clinical.statistics import Z80, Z95

MIN_TO_ESTIMATE: Final = 7
"""Fewest ratings from which variances are estimated rather than taken as typical. Source: a proposal."""

TYPICAL_NOISE_SD: Final = 1.6
"""Within-person SD of one daily rating of 0 to 10. Source: 1.4 to 1.8 (Neubauer 2021, Jang 2024), 1.4 to
2.0 (Fisher 2017)."""

TYPICAL_STEP_SD: Final = 0.2
"""SD of a day's change of the underlying level: about three points over one wear-off. Source: a proposal."""

RATIO_SPREAD: Final = 1.5
"""SD of the prior on log(step variance / noise variance), around that of the typical SDs. Likelihood
alone often estimates the step as 0: a level that never moves, in a band that only narrows. The prior is
weak: a step of a tenth of the typical one, or of ten times it, is a hundredth as likely.

Source: a proposal.
"""

ROUNDING_VARIANCE: Final = 1 / 12
"""Variance of rounding to whole points, below which no series is known. Source: arithmetic."""

_GOLDEN: Final = (sqrt(5) - 1) / 2
"""Ratio of a golden section search. Operational."""
_TYPICAL_LOG_RATIO: Final = 2 * log(TYPICAL_STEP_SD / TYPICAL_NOISE_SD)
"""Log of the ratio of the typical variances. Operational."""
_SEARCH: Final = tuple(-10.0 + 1.25 * step for step in range(17))
"""Grid on which the search for the log ratio starts. Operational."""
_SEARCH_WIDTH: Final = 1e-5
"""Width at which that search ends. Operational."""


class Measure(StrEnum):
    """The ratings of a check-in that make a trend."""

    MOOD = "mood"
    ENJOYMENT = "enjoyment"
    ANXIETY = "anxiety"


@dataclass(frozen=True, slots=True, order=True)
class Rating:
    """One measure's value on one answered day."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class TrendDay:
    """One day between the first and the last rating; `rating` is None on a day without one.

    `level` is the underlying level estimated from the ratings around the day, within the 80 % and the 95 %
    band. On a day without a rating they are an estimate, not an answer.
    """

    day: date
    rating: float | None
    level: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float

    @property
    def answered(self) -> bool:
        """Whether the patient rated this day."""
        return self.rating is not None


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of days without a rating between two that have one."""

    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Every day from the first rating to the last; empty without ratings.

    `noise_sd` and `step_sd` are those of one rating around the level and of the level's change in a day;
    `estimated` is whether they come from these ratings or are typical values.
    """

    days: tuple[TrendDay, ...]
    gaps: tuple[Gap, ...]
    noise_sd: float
    step_sd: float
    estimated: bool


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of the `answered` days among the `of` days from `first` to `last`; None when none was."""

    first: date
    last: date
    mean: float | None
    answered: int
    of: int


def ratings(readings: Iterable[Reading], measure: Measure) -> tuple[Rating, ...]:
    """Return one measure of the readings, in order, without the days on which it was not answered."""
    name = measure.value
    values = [(reading.day, getattr(reading, name)) for reading in readings]
    answered = [Rating(day, value) for day, value in values if value is not None]
    return tuple(sorted(answered, key=lambda rating: rating.day))


def average(series: Sequence[Rating], last: date, days: int = 7) -> Average:
    """Return the mean over the `days` days that end on `last`, with how many of them were answered."""
    values = [rating.value for rating in series if 0 <= (last - rating.day).days < days]
    first = date.fromordinal(max(last.toordinal() - days + 1, 1))
    return Average(first, last, _mean(values), len(values), days)


def weeks(series: Sequence[Rating]) -> tuple[Average, ...]:
    """Return the mean of each Monday-to-Sunday week from the first rating to the last, also empty ones."""
    if not series:
        return ()
    by_week: dict[int, list[float]] = {}
    for rating in series:
        by_week.setdefault((rating.day.toordinal() - 1) // 7, []).append(rating.value)
    return tuple(
        Average(
            date.fromordinal(week * 7 + 1),
            date.fromordinal(min(week * 7 + 7, date.max.toordinal())),
            _mean(by_week.get(week, [])),
            len(by_week.get(week, [])),
            7,
        )
        for week in range(min(by_week), max(by_week) + 1)
    )


def gaps(series: Sequence[Rating]) -> tuple[Gap, ...]:
    """Return the runs of missing days between consecutive ratings; `series` is in order of day."""
    day = timedelta(days=1)
    return tuple(
        Gap(before.day + day, after.day - day, (after.day - before.day).days - 1)
        for before, after in pairwise(series)
        if (after.day - before.day).days > 1
    )


def trend(series: Iterable[Rating], lowest: float = SCALE_MIN, highest: float = SCALE_MAX) -> Trend:
    """Level and band of one measure by a local level model, fitted by exact likelihood and a weak prior.

    The prior is on how far the level moves in a day against the noise (`RATIO_SPREAD`). At most one rating a
    day, in any order. Missing days are gaps: they carry no value of their own and only widen the band. The
    band is clamped to `lowest` to `highest`.
    """
    ordered = tuple(sorted(series))
    noise, step, estimated = _variances(ordered)
    if not ordered:
        return Trend((), (), sqrt(noise), sqrt(step), estimated)
    first = ordered[0].day.toordinal()
    by_day: list[float | None] = [None] * (ordered[-1].day.toordinal() - first + 1)
    for rating in ordered:
        by_day[rating.day.toordinal() - first] = rating.value
    days = []
    for offset, (level, variance) in enumerate(_smoothed(by_day, noise, step)):
        edges = (level - Z80 * sqrt(variance), level + Z80 * sqrt(variance))
        wide = (level - Z95 * sqrt(variance), level + Z95 * sqrt(variance))
        bounded = (round(min(max(edge, lowest), highest), 4) for edge in (level, *edges, *wide))
        days.append(TrendDay(date.fromordinal(first + offset), by_day[offset], *bounded))
    return Trend(tuple(days), gaps(ordered), round(sqrt(noise), 4), round(sqrt(step), 4), estimated)


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _variances(series: Sequence[Rating]) -> tuple[float, float, bool]:
    """Return the variances of a rating and of a day's step, and whether they were estimated."""
    if len(series) < MIN_TO_ESTIMATE:
        return TYPICAL_NOISE_SD**2, TYPICAL_STEP_SD**2, False
    values = [rating.value for rating in series]
    if min(values) == max(values):
        return ROUNDING_VARIANCE, ROUNDING_VARIANCE * exp(_TYPICAL_LOG_RATIO), True
    gaps_between = [(after.day - before.day).days for before, after in pairwise(series)]
    share = _best_share(values, gaps_between)
    _, scale = _fit(values, gaps_between, share)
    return max((1 - share) * scale, ROUNDING_VARIANCE), share * scale, True


def _best_share(values: Sequence[float], gaps_between: Sequence[int]) -> float:
    """Return the maximum a posteriori share of the step in noise plus step variance, by golden section."""

    def cost(point: float) -> float:
        deviation = (point - _TYPICAL_LOG_RATIO) / RATIO_SPREAD
        return _fit(values, gaps_between, _share(point))[0] + deviation * deviation

    grid = [cost(point) for point in _SEARCH]
    at = min(range(len(grid)), key=grid.__getitem__)
    low, high = _SEARCH[max(at - 1, 0)], _SEARCH[min(at + 1, len(grid) - 1)]
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = cost(left), cost(right)
    # Golden section: one of the two inner points is reused by the next step, only the other is evaluated.
    while high - low > _SEARCH_WIDTH:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = cost(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = cost(right)
    return _share((low + high) / 2)


def _share(point: float) -> float:
    """Return the step's share from the log of its ratio to the noise."""
    return 1 / (1 + exp(-point))


def _fit(values: Sequence[float], gaps_between: Sequence[int], share: float) -> tuple[float, float]:
    """Return minus twice the concentrated log likelihood, up to a constant, and the scale that attains it.

    The filter starts at the first rating, as with a diffuse prior.
    """
    noise = 1 - share
    level, variance, squares, logs = values[0], noise, 0.0, 0.0
    for value, gap in zip(values[1:], gaps_between, strict=True):
        variance += gap * share
        spread = variance + noise
        surprise = value - level
        squares += surprise * surprise / spread
        logs += log(spread)
        level += surprise * variance / spread
        variance *= noise / spread
    count = len(values) - 1
    return (count * log(squares / count) + logs if squares > 0 else -inf), squares / count


def _smoothed(by_day: Sequence[float | None], noise: float, step: float) -> list[tuple[float, float]]:
    """Return (level, variance) of every day by a Kalman filter and smoother; the first day has a rating."""
    level, variance = by_day[0] or 0.0, noise
    filtered = [(level, variance)]
    for value in by_day[1:]:
        variance += step
        if value is not None:
            weight = variance / (variance + noise)
            level += weight * (value - level)
            variance *= 1 - weight
        filtered.append((level, variance))
    smooth = [filtered[-1]]
    for level, variance in reversed(filtered[:-1]):
        later_level, later_variance = smooth[-1]
        pull = variance / (variance + step)
        smooth.append(
            (level + pull * (later_level - level), variance + pull**2 * (later_variance - variance - step))
        )
    return smooth[::-1]
