"""What one cycle's days say about its wear-off curve.

    W = B + h * weekend + G * s(t) + e        s(t) = 2 ** -((t / T) ** k)

t is in days since the infusion that opened the cycle, T the day on which half of the gain G is gone, k the
shape, B the level without benefit, h the weekend's effect. (T, k) live on the grid of `curve`; in each of its
cells B, h and G are jointly Gaussian and are integrated out in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from clinical.outlook.model.auxiliary import NO_OBSERVATIONS, AuxiliaryObservations, log_likelihood, rows
from clinical.outlook.model.wear_off_curve import MAX_CYCLE_DAYS
from clinical.outlook.model.wellbeing import Floats

WHITE_SHARE: Final = 0.4
"""Share of a day's noise variance that is independent of other days. Source: Fisher 2017, Neubauer 2021,
Jang 2024."""
CORRELATED_SHARE: Final = 0.6
"""Share of a day's noise variance that is correlated. Source: Fisher 2017, Neubauer 2021, Jang 2024."""
DAILY_CORRELATION: Final = 0.5
"""Correlation of that share from one day to the next. The noise's correlation from one day to the next is
0.6 * 0.5 = 0.3; measured around a slow trend: 0.05 to 0.25 (Neubauer 2021, Jang 2024), .23 to .31
(Fisher 2017). Source: Fisher 2017, Neubauer 2021, Jang 2024."""

TEMPER: Final = 0.85
"""Power of the likelihood, since real wear-off is not exactly this curve. Source: a proposal."""

TAIL: Final = 4.0
"""Degrees of freedom of a day's noise, since ratings have heavy tails. Source: a proposal."""

WEEKEND: Final = 1.0
"""Weight of a weekend day. Source: the week's effect sums to zero."""
WEEKDAY: Final = -0.4
"""Weight of a weekday. Source: the week's effect sums to zero."""


def _correlations() -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(MAX_CYCLE_DAYS + 1), np.arange(MAX_CYCLE_DAYS + 1)))
    correlated = CORRELATED_SHARE * DAILY_CORRELATION ** apart.astype(np.float64)
    return np.asarray(correlated + WHITE_SHARE * (apart == 0), dtype=np.float64)


_CORRELATIONS: Final[Floats] = _correlations()


@dataclass(frozen=True, slots=True)
class Segment:
    """The usable days of the baseline or of one cycle, in order.

    `days` counts from the stretch's first day (a cycle's infusion), at most MAX_CYCLE_DAYS; `values` is
    W; `weekend` is WEEKEND or WEEKDAY for each day; `told` is what was said beside them.
    """

    days: tuple[int, ...]
    values: tuple[float, ...]
    weekend: tuple[float, ...]
    auxiliary: AuxiliaryObservations = NO_OBSERVATIONS


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
class _Observed:
    """What a regression is made from.

    `known` (n, 3) holds each row's parts of B and h and its value, `curves` (n, 200) that of G;
    `correlations` (n, n) are in units of a day's variance; `log_likelihood` is what else was
    told of each cell.
    """

    known: Floats
    gain_regressor: Floats
    correlations: Floats
    log_likelihood: Floats | float


@dataclass(frozen=True, slots=True, eq=False)
class _CellPosteriors:
    """In each grid cell G ~ N(gains, variances) and (B, h) = centre - loading * G + N(0, inner)."""

    likelihood: Floats
    gains: Floats
    variances: Floats
    loading: Floats
    centre: Floats
    inner: Floats


def fit(segment: Segment, gain_regressor: Floats, prior: Floats, levels: Levels, variance: float) -> Fit:
    """Posterior of the grid and of (B, h, G) after a stretch of n days.

    `curves` (n, 200) is s(t) on the stretch's days, `prior` (200,) sums to 1, `variance` is that of one
    day's noise. A first pass finds the days off the curve, a second gives them less weight.
    """
    days = np.array(segment.days, dtype=np.intp)
    known = np.array((np.ones(days.size), segment.weekend, segment.values), dtype=np.float64).T
    observed = _Observed(known, gain_regressor, _CORRELATIONS[days[:, None], days], 0.0)
    if segment.auxiliary != NO_OBSERVATIONS:
        observed = _joined(observed, segment.auxiliary, variance)
    precision = _inverse(levels.covariance)
    belief = (prior, precision, precision @ levels.mean, variance)
    cells, posterior = _solved(observed, *belief)
    residuals = _residuals(observed, cells, posterior)
    scale = variance * np.diagonal(observed.correlations)
    inflation = np.maximum((TAIL + residuals**2 / scale) / (TAIL + 1) - 1, 0.0)
    if inflation.any():
        correlations = observed.correlations + np.diag(inflation * scale / variance)
        observed = replace(observed, correlations=correlations)
        cells, posterior = _solved(observed, *belief)
        residuals = _residuals(observed, cells, posterior)
    after = _mixture(posterior, cells)
    own = slice(days.size)
    return Fit(
        cells.likelihood, posterior, after, cells.gains, cells.variances, residuals[own], inflation[own]
    )


def _joined(days: _Observed, auxiliary: AuxiliaryObservations, variance: float) -> _Observed:
    more = rows(auxiliary)
    size, whole = len(days.known), len(days.known) + len(more.known)
    correlations = np.zeros((whole, whole))
    correlations[:size, :size] = days.correlations
    correlations.flat[size * (whole + 1) :: whole + 1] = more.variances / variance
    return _Observed(
        np.concatenate((days.known, more.known)),
        np.concatenate((days.gain_regressor, more.gain_regressor)),
        correlations,
        log_likelihood(auxiliary),
    )


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _solved(
    observed: _Observed, prior: Floats, precision: Floats, shift: Floats, variance: float
) -> tuple[_CellPosteriors, Floats]:
    """The regression of every cell, and the grid's posterior."""
    known, gain_regressor = observed.known, observed.gain_regressor
    noise = _inverse(observed.correlations) / variance
    weighted = noise @ gain_regressor
    square = known.T @ noise @ known
    cross = known.T @ weighted
    # B and h have the same precision in every cell, so one 2 x 2 inverse serves all 200.
    (one, both), (_, two) = (square[:2, :2] + precision[:2, :2]).tolist()
    inner = np.array(((two, -both), (-both, one))) / (one * two - both * both)
    coupling = cross[:2] + precision[:2, 2:]
    loading = inner @ coupling
    pull = square[:2, 2] + shift[:2]
    curve_precision = np.einsum("ij,ij->j", gain_regressor, weighted)
    variances = 1.0 / (curve_precision + precision[2, 2] - np.einsum("ij,ij->j", coupling, loading))
    score = cross[2] + shift[2] - pull @ loading
    gains = score * variances
    evidence = 0.5 * TEMPER * (score * gains + np.log(variances)) + observed.log_likelihood
    cells = _CellPosteriors(np.exp(evidence - evidence.max()), gains, variances, loading, inner @ pull, inner)
    weights = prior * cells.likelihood
    return cells, np.asarray(weights / weights.sum(), dtype=np.float64)


def _residuals(observed: _Observed, cells: _CellPosteriors, posterior: Floats) -> Floats:
    expected = posterior * cells.gains
    known = observed.known
    fitted = known[:, :2] @ (cells.centre - cells.loading @ expected) + observed.gain_regressor @ expected
    return np.asarray(known[:, 2] - fitted, dtype=np.float64)


def _mixture(weights: Floats, cells: _CellPosteriors) -> Levels:
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
