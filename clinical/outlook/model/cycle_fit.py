"""Posterior of one cycle's wear-off curve and levels; the equations are in `clinical.outlook.model`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from clinical.outlook.model import silence
from clinical.outlook.model.auxiliary import NO_OBSERVATIONS, AuxiliaryObservations, log_likelihood, rows
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.wear_off_curve import MAX_CYCLE_DAYS
from clinical.outlook.model.wellbeing import Floats

WHITE_SHARE: Final = 0.4
"""Share of a day's noise variance that is independent of other days. Source: Fisher 2017, Neubauer 2021,
Jang 2024."""
CORRELATED_SHARE: Final = 0.6
"""Share of a day's noise variance that is correlated. Source: Fisher 2017, Neubauer 2021, Jang 2024."""
DAILY_CORRELATION: Final = 0.5
"""Correlation of that share from one day to the next, so that the whole noise's is 0.6 * 0.5 = 0.3. Source:
measured around a slow trend: 0.05 to 0.25 (Neubauer 2021, Jang 2024), .23 to .31 (Fisher 2017)."""

SLOW_NOISE_SD: Final = 0.4
"""SD of the slow part of the noise, points. Source: a proposal: on three simulators of other assumptions it
made the forecast of day 14 better by .007 to .020 of skill."""
SLOW_NOISE_DAYS: Final = 30.0
"""Days after which the correlation of the slow part has fallen to 1/e. Source: a proposal."""

TEMPER: Final = 0.85
"""Power of the likelihood (tempering, generalised Bayes), against overconfidence under a misspecified curve.
Source: a proposal."""

NOISE_DF: Final = 4.0
"""Degrees of freedom of a day's noise, since ratings have heavy tails. Source: a proposal."""

WEEKEND: Final = 1.0
"""Weight of a weekend day. Source: the week's effect sums to zero."""
WEEKDAY: Final = -0.4
"""Weight of a weekday. Source: the week's effect sums to zero."""


_APART: Final[Floats] = np.abs(
    np.subtract.outer(np.arange(MAX_CYCLE_DAYS + 1.0), np.arange(MAX_CYCLE_DAYS + 1.0))
)
"""(169, 169): days between two days of a segment."""
_CORRELATIONS: Final[Floats] = np.asarray(
    CORRELATED_SHARE * DAILY_CORRELATION**_APART + WHITE_SHARE * (_APART == 0), dtype=np.float64
)
"""(169, 169): correlation of the noise from day to day."""
_SLOW_COVARIANCE: Final[Floats] = np.asarray(
    SLOW_NOISE_SD**2 * np.exp(-_APART / SLOW_NOISE_DAYS), dtype=np.float64
)
"""(169, 169): covariance of the slow part of the noise, points squared."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Usable days of the baseline or of one cycle, in order.

    `days` counts from the segment's first day (a cycle's infusion), at most MAX_CYCLE_DAYS; `values` is W;
    `weekend` is WEEKEND or WEEKDAY for each day; `auxiliary` are its other observations;
    `treatment_changed` is whether the cycle may differ from those before it, `observed_to` the last day of a
    cycle on which an answer could have been given, 0 for the baseline.
    """

    days: tuple[int, ...]
    values: tuple[float, ...]
    weekend: tuple[float, ...]
    auxiliary: AuxiliaryObservations = NO_OBSERVATIONS
    treatment_changed: bool = False
    observed_to: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Gaussian distribution of (B, h, G): `mean` (3,), `covariance` (3, 3)."""

    mean: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Posterior after one segment.

    `likelihood` and `posterior` (200,) over the grid, the first tempered and scaled to a maximum of 1;
    `levels` the posterior of (B, h, G); `gains` and `gain_variances` (200,) mean and variance of G in each
    cell; `residuals` (n,) in rating points and `inflation` (n,) the extra variance given to days off the
    curve, as a share of a day's own.
    """

    likelihood: Floats
    posterior: Floats
    levels: Levels
    gains: Floats
    gain_variances: Floats
    residuals: Floats
    inflation: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Regression:
    """Data of the regression y = fixed_effects @ (B, h) + G * gain_regressor + noise.

    `fixed_effects` is (n, 2), `gain_regressor` (n, 200) with a column for each grid cell, `y` (n,);
    `relative_covariance` (n, n) is the noise's covariance in units of a day's variance; `log_likelihood` is
    that of observations that depend on the cell alone.
    """

    fixed_effects: Floats
    gain_regressor: Floats
    y: Floats
    relative_covariance: Floats
    log_likelihood: Floats | float


@dataclass(frozen=True, slots=True, eq=False)
class _SegmentPrior:
    """Prior of a segment: `cell_weights` (200,) of the grid, and (B, h, G) in information form.

    `precision` (3, 3) is the inverse covariance and `shift` (3,) precision @ mean.
    """

    cell_weights: Floats
    precision: Floats
    shift: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _CellPosteriors:
    """In each grid cell G ~ N(gains, variances) and (B, h) = centre - loading * G + N(0, inner).

    `likelihood` (200,) is tempered and scaled to a maximum of 1.
    """

    likelihood: Floats
    gains: Floats
    variances: Floats
    loading: Floats
    centre: Floats
    inner: Floats


def fit_segment(
    segment: Segment,
    gain_regressor: Floats,
    prior: tuple[Floats, Levels],
    variance: float,
    options: ModelOptions = IN_USE,
) -> Fit:
    """Return the posterior of the grid and of (B, h, G) after a segment of n days.

    `gain_regressor` (n, 200) is s(t) on the segment's days, `prior` that of the grid (200,), which sums to 1,
    and of (B, h, G), `variance` that of one day's noise without its slow part. Student-t noise is
    approximated in two passes: the first finds the days off the curve, the second gives them the weight
    (NOISE_DF + 1) / (NOISE_DF + z**2) that one step of iteratively reweighted least squares gives a residual
    of z standard deviations, never more than 1.
    """
    cell_weights, levels = prior
    days = np.array(segment.days, dtype=np.intp)
    between = days[:, None], days
    covariance = _CORRELATIONS[between]
    if options.slow_noise:
        covariance = covariance + _SLOW_COVARIANCE[between] / variance
    regression = _Regression(
        np.array((np.ones(days.size), segment.weekend), dtype=np.float64).T,
        gain_regressor,
        np.array(segment.values, dtype=np.float64),
        covariance,
        0.0,
    )
    if segment.auxiliary != NO_OBSERVATIONS:
        regression = _with_auxiliary(regression, segment.auxiliary, variance, options)
    if options.silence_slope:
        of_silence = silence.log_likelihood(segment.days, segment.observed_to, options.silence_slope)
        regression = replace(regression, log_likelihood=regression.log_likelihood + of_silence)
    precision = _inverse(levels.covariance)
    segment_prior = _SegmentPrior(cell_weights, precision, precision @ levels.mean)
    cells, posterior = _solve(regression, segment_prior, variance)
    residuals = _residuals(regression, cells, posterior)
    variances = variance * np.diagonal(regression.relative_covariance)
    # A weight w divides the variance, so it grows by 1 / w - 1 = (NOISE_DF + z**2) / (NOISE_DF + 1) - 1 of
    # itself; cut at 0, so that residuals within one SD keep their weight.
    inflation = np.maximum((NOISE_DF + residuals**2 / variances) / (NOISE_DF + 1) - 1, 0.0)
    if inflation.any():
        inflated = regression.relative_covariance + np.diag(inflation * variances / variance)
        regression = replace(regression, relative_covariance=inflated)
        cells, posterior = _solve(regression, segment_prior, variance)
        residuals = _residuals(regression, cells, posterior)
    of_days = slice(days.size)
    return Fit(
        cells.likelihood,
        posterior,
        _mixture(posterior, cells),
        cells.gains,
        cells.variances,
        residuals[of_days],
        inflation[of_days],
    )


def _with_auxiliary(
    days: _Regression, auxiliary: AuxiliaryObservations, variance: float, options: ModelOptions
) -> _Regression:
    """Return the regression with the rows of the auxiliary observations below those of the days."""
    more = rows(auxiliary)
    size, whole = len(days.y), len(days.y) + len(more.y)
    covariance = np.zeros((whole, whole))
    covariance[:size, :size] = days.relative_covariance
    # The diagonal below the days' block, every whole + 1 entries of the flattened matrix.
    covariance.flat[size * (whole + 1) :: whole + 1] = more.variances / variance
    return _Regression(
        np.concatenate((days.fixed_effects, more.fixed_effects)),
        np.concatenate((days.gain_regressor, more.gain_regressor)),
        np.concatenate((days.y, more.y)),
        covariance,
        log_likelihood(auxiliary, options),
    )


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _solve(regression: _Regression, prior: _SegmentPrior, variance: float) -> tuple[_CellPosteriors, Floats]:
    """Return the regression of every grid cell, and the posterior (200,) of the grid.

    With X the fixed effects and g a cell's gain regressor, the posterior precision of (B, h, G) is the block
    matrix

        [ A    c ]      A = X' N X + P_11,  c = X' N g + P_12
        [ c'   d ]      d = g' N g + P_22,  N = inverse of the noise's covariance, P the prior precision

    G's own precision is the Schur complement d - c' inv(A) c. Only c and d differ between cells, so that the
    200 regressions cost one inverse of N, one 2 x 2 inverse of A and products of matrices. In the code
    `noise` is N, `inner` inv(A), `coupling` c, `loading` inv(A) c, and `variances` 1 / Schur complement.

    With y the observations, `score` is such that E(G | y, cell) = score * Var(G | y, cell), and

        log p(y | cell)  =  (score**2 * Var(G | y, cell) + log Var(G | y, cell)) / 2

    plus terms that are equal in all cells (y' N y, the determinants of N and A).
    """
    effects, column = regression.fixed_effects, regression.gain_regressor
    precision, shift = prior.precision, prior.shift
    noise = _inverse(regression.relative_covariance) / variance
    weighted = noise @ column
    (one, both), (_, two) = (effects.T @ noise @ effects + precision[:2, :2]).tolist()
    inner = np.array(((two, -both), (-both, one))) / (one * two - both * both)
    coupling = effects.T @ weighted + precision[:2, 2:]
    loading = inner @ coupling
    pull = effects.T @ noise @ regression.y + shift[:2]
    curve_precision = np.einsum("ij,ij->j", column, weighted)
    variances = 1.0 / (curve_precision + precision[2, 2] - np.einsum("ij,ij->j", coupling, loading))
    score = regression.y @ weighted + shift[2] - pull @ loading
    gains = score * variances
    # Tempered, since the curve is an approximation; what does not depend on it is added untempered.
    log_marginal = 0.5 * TEMPER * (score * gains + np.log(variances)) + regression.log_likelihood
    cells = _CellPosteriors(
        np.exp(log_marginal - log_marginal.max()), gains, variances, loading, inner @ pull, inner
    )
    weights = prior.cell_weights * cells.likelihood
    return cells, np.asarray(weights / weights.sum(), dtype=np.float64)


def _residuals(regression: _Regression, cells: _CellPosteriors, posterior: Floats) -> Floats:
    """Return the residuals (n,) from the posterior mean of the fitted values."""
    weighted_gains = posterior * cells.gains
    mean_fixed_effects = cells.centre - cells.loading @ weighted_gains
    fitted = regression.fixed_effects @ mean_fixed_effects + regression.gain_regressor @ weighted_gains
    return np.asarray(regression.y - fitted, dtype=np.float64)


def _mixture(weights: Floats, cells: _CellPosteriors) -> Levels:
    """Return mean and covariance of (B, h, G) over the grid: within cells and between them."""
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
