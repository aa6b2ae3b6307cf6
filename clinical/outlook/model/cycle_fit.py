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

SLOW_NOISE_SDS: Final[Floats] = np.array([0.1, 0.4, 0.8])
"""SDs of the slow part of the noise that a patient may have, points. Source: a proposal: on three simulators
of other assumptions 0.4 made the forecast of day 14 better by .007 to .020 of skill."""
P_SLOW_NOISE: Final[Floats] = np.array([0.35, 0.50, 0.15])
"""Prior probability of each. Source: a proposal."""
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
_SLOW_CORRELATIONS: Final[Floats] = np.asarray(np.exp(-_APART / SLOW_NOISE_DAYS), dtype=np.float64)
"""(169, 169): correlation of the slow part of the noise from day to day."""


@dataclass(frozen=True, slots=True)
class NoiseVariances:
    """Variances of a day's own noise and of the slow part of it, points squared."""

    day: float
    slow: float


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

    `likelihood` (200,) is tempered and scaled to a maximum of 1, `log_marginal` (200,) neither.
    """

    likelihood: Floats
    log_marginal: Floats
    gains: Floats
    variances: Floats
    loading: Floats
    centre: Floats
    inner: Floats


def fit_segment(
    segment: Segment,
    gain_regressor: Floats,
    prior: tuple[Floats, Levels],
    noise: NoiseVariances,
    options: ModelOptions = IN_USE,
) -> Fit:
    """Return the posterior of the grid and of (B, h, G) after a segment of n days.

    `gain_regressor` (n, 200) is s(t) on the segment's days, `prior` that of the grid (200,), which sums to 1,
    and of (B, h, G). Student-t noise is
    approximated in two passes: the first finds the days off the curve, the second gives them the weight
    (NOISE_DF + 1) / (NOISE_DF + z**2) that one step of iteratively reweighted least squares gives a residual
    of z standard deviations, never more than 1.
    """
    variance = noise.day
    regression = _regression(segment, gain_regressor, noise, options)
    segment_prior = _segment_prior(*prior)
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
    of_days = slice(len(segment.days))
    return Fit(
        cells.likelihood,
        posterior,
        _mixture(posterior, cells),
        cells.gains,
        cells.variances,
        residuals[of_days],
        inflation[of_days],
    )


def slow_noise_evidence(
    segment: Segment,
    gain_regressor: Floats,
    prior: tuple[Floats, Levels],
    day_variance: float,
    inflation: Floats,
) -> Floats:
    """Return the marginal likelihood (3,) of a segment's days for each of SLOW_NOISE_SDS, at most 1.

    `inflation` (n,) is that of its fit, so that days off the curve are not taken for slow noise. What is not
    a day's rating does not depend on the noise, and is left out. Tempered as the likelihood of a cell is.

    With V the covariance of the noise, N its inverse, A and pull those of `_solve` and L the likelihood of a
    cell there, up to terms that are equal for every slow noise

        log p(y)  =  -(log |V| + y' N y + log |A| - pull' inv(A) pull) / 2  +  log(sum over cells of p * L)
    """
    segment_prior = _segment_prior(*prior)
    days = replace(segment, auxiliary=NO_OBSERVATIONS)
    found = []
    for slow in np.square(SLOW_NOISE_SDS).tolist():
        regression = _regression(days, gain_regressor, NoiseVariances(day_variance, slow), IN_USE)
        more = np.diag(inflation * np.diagonal(regression.relative_covariance))
        regression = replace(regression, relative_covariance=regression.relative_covariance + more)
        found.append(_log_evidence(regression, segment_prior, day_variance))
    return np.exp(TEMPER * (np.array(found) - max(found)))


def _log_evidence(regression: _Regression, prior: _SegmentPrior, variance: float) -> float:
    cells, _ = _solve(regression, prior, variance)
    noise, effects, y = (
        _inverse(regression.relative_covariance) / variance,
        regression.fixed_effects,
        regression.y,
    )
    pull = effects.T @ noise @ y + prior.shift[:2]
    _, log_determinant = np.linalg.slogdet(regression.relative_covariance)
    constant = -log_determinant - y @ noise @ y + np.log(np.linalg.det(cells.inner)) + pull @ cells.centre
    most = cells.log_marginal.max()
    of_cells = np.log(prior.cell_weights @ np.exp(cells.log_marginal - most)) + most
    return float(0.5 * constant + of_cells)


def _segment_prior(cell_weights: Floats, levels: Levels) -> _SegmentPrior:
    precision = _inverse(levels.covariance)
    return _SegmentPrior(cell_weights, precision, precision @ levels.mean)


def _regression(
    segment: Segment, gain_regressor: Floats, noise: NoiseVariances, options: ModelOptions
) -> _Regression:
    days = np.array(segment.days, dtype=np.intp)
    between = days[:, None], days
    covariance = _CORRELATIONS[between]
    if noise.slow:
        covariance = covariance + (noise.slow / noise.day) * _SLOW_CORRELATIONS[between]
    regression = _Regression(
        np.array((np.ones(days.size), segment.weekend), dtype=np.float64).T,
        gain_regressor,
        np.array(segment.values, dtype=np.float64),
        covariance,
        0.0,
    )
    if segment.auxiliary != NO_OBSERVATIONS:
        regression = _with_auxiliary(regression, segment.auxiliary, noise.day, options)
    if options.silence_slope:
        of_silence = silence.log_likelihood(segment.days, segment.observed_to, options.silence_slope)
        regression = replace(regression, log_likelihood=regression.log_likelihood + of_silence)
    return regression


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
    log_marginal = 0.5 * (score * gains + np.log(variances))
    tempered = TEMPER * log_marginal + regression.log_likelihood
    likelihood = np.exp(tempered - tempered.max())
    cells = _CellPosteriors(likelihood, log_marginal, gains, variances, loading, inner @ pull, inner)
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
