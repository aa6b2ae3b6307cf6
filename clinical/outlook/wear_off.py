"""The wear-off curve, and what one cycle's days say about it.

    W = B + h * weekend + G * s(t) + e        s(t) = 2 ** -((t / T) ** k)

t is in days since the infusion that opened the cycle, T the day on which half of the gain G is gone, k the
shape, B the level without benefit, h the weekend's effect. (T, k) live on a grid of 40 by 5 cells; in each of
them B, h and G are jointly Gaussian and are integrated out in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from clinical.outlook.wellbeing import Floats

LONGEST_CYCLE_DAYS: Final = 168
"""Days of a cycle that are read: twice the longest published interval of twelve weeks."""

HALF_DAYS: Final[Floats] = np.geomspace(3.0, 160.0, 40)
SHAPES: Final[Floats] = np.array([1.0, 1.5, 2.1, 3.0, 5.0])
GRID: Final = (HALF_DAYS.size, SHAPES.size)

WHITE_SHARE: Final = 0.4
CORRELATED_SHARE: Final = 0.6
DAILY_CORRELATION: Final = 0.5
"""The noise's correlation from one day to the next is 0.6 * 0.5 = 0.3; measured around a slow trend: 0.05 to
0.25 (Neubauer 2021, Jang 2024), .23 to .31 (Fisher 2017)."""

TEMPER: Final = 0.85
"""Power of the likelihood: real wear-off is not exactly this curve, so days are believed a little less."""

TAIL: Final = 4.0
"""Days far off the curve weigh as under Student t with 4 degrees: ratings have heavy tails."""

WEEKEND: Final = 1.0
WEEKDAY: Final = -0.4
"""The week's effect sums to zero over its days."""


def _curves() -> Floats:
    ratio = np.arange(LONGEST_CYCLE_DAYS + 1.0)[:, None, None] / HALF_DAYS[None, :, None]
    exponent = np.minimum(ratio**SHAPES, 1000.0)
    return np.asarray(np.exp2(-exponent).reshape(len(ratio), -1), dtype=np.float64)


def _correlations() -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(LONGEST_CYCLE_DAYS + 1), np.arange(LONGEST_CYCLE_DAYS + 1)))
    correlated = CORRELATED_SHARE * DAILY_CORRELATION ** apart.astype(np.float64)
    return np.asarray(correlated + WHITE_SHARE * (apart == 0), dtype=np.float64)


REMAINING: Final[Floats] = _curves()
"""(169, 200): the share of the gain left after a whole number of days, a column for each grid cell."""

_CORRELATIONS: Final[Floats] = _correlations()


@dataclass(frozen=True, slots=True)
class Stretch:
    """The usable days of the baseline or of one cycle, in order.

    `days` counts from the stretch's first day (a cycle's infusion), at most LONGEST_CYCLE_DAYS; `values` is
    W; `weekend` is WEEKEND or WEEKDAY for each day.
    """

    days: tuple[int, ...]
    values: tuple[float, ...]
    weekend: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """A Gaussian belief about (B, h, G): `mean` (3,), `covariance` (3, 3)."""

    mean: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What a stretch says.

    `likelihood` and `posterior` (200,) over the grid, the first tempered and scaled to a maximum of 1;
    `levels` the belief about (B, h, G) after it; `gains` and `gain_variances` (200,) those of G in each
    cell; `residuals` (n,) in rating points and `inflation` (n,) the extra variance given to days off the
    curve.
    """

    likelihood: Floats
    posterior: Floats
    levels: Levels
    gains: Floats
    gain_variances: Floats
    residuals: Floats
    inflation: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """In each grid cell G ~ N(gains, variances) and (B, h) = centre - loading * G + N(0, inner)."""

    likelihood: Floats
    gains: Floats
    variances: Floats
    loading: Floats
    centre: Floats
    inner: Floats


def fit(stretch: Stretch, curves: Floats, prior: Floats, levels: Levels, variance: float) -> Fit:
    """Posterior of the grid and of (B, h, G) after a stretch of n days.

    `curves` (n, 200) is s(t) on the stretch's days, `prior` (200,) sums to 1, `variance` is that of one
    day's noise. A first pass finds the days off the curve, a second gives them less weight.
    """
    days = np.array(stretch.days, dtype=np.intp)
    known = np.array((np.ones(days.size), stretch.weekend, stretch.values), dtype=np.float64).T
    correlations = _CORRELATIONS[days[:, None], days]
    precision = _inverse(levels.covariance)
    shift = precision @ levels.mean
    cells = _solved(known, curves, _inverse(correlations) / variance, precision, shift)
    posterior = _weighted(prior, cells)
    residuals = _residuals(known, curves, cells, posterior)
    inflation = np.maximum((TAIL + residuals**2 / variance) / (TAIL + 1) - 1, 0.0)
    if inflation.any():
        correlations.flat[:: days.size + 1] += inflation
        cells = _solved(known, curves, _inverse(correlations) / variance, precision, shift)
        posterior = _weighted(prior, cells)
        residuals = _residuals(known, curves, cells, posterior)
    after = _mixture(posterior, cells)
    return Fit(cells.likelihood, posterior, after, cells.gains, cells.variances, residuals, inflation)


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _solved(known: Floats, curves: Floats, noise: Floats, precision: Floats, shift: Floats) -> _Cells:
    """The regression of every cell, given the noise's and the prior's precision and the prior's shift."""
    weighted = noise @ curves
    square = known.T @ noise @ known
    cross = known.T @ weighted
    # B and h have the same precision in every cell, so one 2 x 2 inverse serves all 200.
    (one, both), (_, two) = (square[:2, :2] + precision[:2, :2]).tolist()
    inner = np.array(((two, -both), (-both, one))) / (one * two - both * both)
    coupling = cross[:2] + precision[:2, 2:]
    loading = inner @ coupling
    pull = square[:2, 2] + shift[:2]
    curve_precision = np.einsum("ij,ij->j", curves, weighted)
    variances = 1.0 / (curve_precision + precision[2, 2] - np.einsum("ij,ij->j", coupling, loading))
    score = cross[2] + shift[2] - pull @ loading
    gains = score * variances
    evidence = 0.5 * TEMPER * (score * gains + np.log(variances))
    return _Cells(np.exp(evidence - evidence.max()), gains, variances, loading, inner @ pull, inner)


def _weighted(prior: Floats, cells: _Cells) -> Floats:
    weights = prior * cells.likelihood
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _residuals(known: Floats, curves: Floats, cells: _Cells, posterior: Floats) -> Floats:
    expected = posterior * cells.gains
    fitted = known[:, :2] @ (cells.centre - cells.loading @ expected) + curves @ expected
    return np.asarray(known[:, 2] - fitted, dtype=np.float64)


def _mixture(weights: Floats, cells: _Cells) -> Levels:
    """Mean and covariance of (B, h, G) over the grid."""
    coefficients = np.empty((3, weights.size))
    coefficients[:2] = -cells.loading
    coefficients[2] = 1.0
    means = coefficients * cells.gains
    means[:2] += cells.centre[:, None]
    mean = means @ weights
    away = means - mean[:, None]
    covariance = (away * weights) @ away.T + (coefficients * (weights * cells.variances)) @ coefficients.T
    covariance[:2, :2] += cells.inner
    return Levels(mean, covariance)
