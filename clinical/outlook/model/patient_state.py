"""Posterior of one patient after the baseline and the finished cycles, filtered forward cycle by cycle.

The hyperparameters, the patient's own median m of T and the shape k, have a distribution (40, 5) on the grid.
With `within` the scatter of a cycle's T about m and `drift` the change of m between cycles, one step of the
filter is

    p(m, k | cycles 1..c)   ~  p(m, k) * sum over T of within(T | m) * likelihood_c(T, k)
    p(m', k | cycles 1..c)  =  sum over m of drift(m' | m) * p(m, k | cycles 1..c)

The levels (B, h, G) are updated as a Gaussian, B and G with a random-walk step between cycles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from clinical.outlook.model.auxiliary import NO_OBSERVATIONS
from clinical.outlook.model.cycle_fit import Fit, Levels, Segment, fit
from clinical.outlook.model.population_prior import PUBLISHED, Prior
from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS, REMAINING, SHAPES
from clinical.outlook.model.wellbeing import Floats

WITHIN_SPREAD: Final = 0.20
"""SD of one patient's log T from cycle to cycle. Source: a proposal; no published data give it."""
DRIFT_SPREAD: Final = 0.08
"""SD of its slow change per cycle. Source: a proposal; no published data give it."""
WITHIN_TAIL: Final = 4.0
"""Degrees of freedom of its tail. Source: a proposal; no published data give it."""

POPULATION_SHARE: Final = 1e-6
"""Weight of the population prior mixed in after each cycle, so that no value is ruled out for good.
Source: a proposal."""

SHAPE_MEDIAN: Final = 1.9
"""Median of the shape k of the wear-off. Source: 1.2 to 2.0 fit McInnes 2022 and Murrough 2013."""
SHAPE_SPREAD: Final = 0.40
"""Log SD of the shape k. Source: McInnes 2022, Murrough 2013."""

LEVELS_MEAN: Final = (3.5, 0.25, 2.6)
"""Prior means of baseline, weekend effect and gain (B, h, G), points. Source: Fisher 2017, Neubauer 2021;
the gain is a proposal."""
LEVELS_SD: Final = (2.4, 0.25, 1.6)
"""Prior SDs of baseline, weekend effect and gain, points. (B, h, G) in points of 0-10: B low and wide; h
between no weekend effect (Fisher 2017) and 0.4 to 0.5 (Neubauer 2021); G about a quarter of the scale
for a responder, a proposal. Source: Fisher 2017, Neubauer 2021; the gain is a proposal."""

BASELINE_STEP_SD: Final = 0.20
"""SD of the change of B per cycle, points. Source: a proposal."""
GAIN_STEP_SHARE: Final = 0.15
"""SD of the change of G per cycle, as a share of G. Source: a proposal."""

NOISE_SD: Final = 1.2
"""Prior SD of a day's noise. Source: Fisher 2017."""
NOISE_WEIGHT: Final = 12.0
"""Days that this prior is worth. Source: a proposal."""
MAX_NOISE_DAYS: Final = 80.0
"""Maximum days of finished cycles from which the noise is estimated. A day's noise starts at SD 1.2 worth 12
days (day means 1.1-1.6, Fisher 2017; single ratings 1.4-1.8, Jang 2024, Neubauer 2021) and is then
estimated from at most 80 days of finished cycles, older ones fading. Source: a proposal."""


@dataclass(frozen=True, slots=True, eq=False)
class PatientState:
    """Posterior of a patient before the next cycle.

    `hyperparameters` (40, 5) is the distribution of the patient's own median T and shape k, `population` the
    prior it started from; `levels` the distribution of (B, h, G); `squares` (points squared) and `days` are
    the sufficient statistics of the noise. Compared by identity, so that in a cache key one state represents
    everything that it was computed from.
    """

    hyperparameters: Floats
    population: Floats
    levels: Levels
    squares: float
    days: float

    @property
    def variance(self) -> float:
        """Variance of one day's noise, points squared."""
        return (NOISE_WEIGHT * NOISE_SD**2 + self.squares) / (NOISE_WEIGHT + self.days)

    def next_cycle_prior(self) -> Floats:
        """Return the prior (200,) over (T, k) of the next cycle, before any of its days."""
        return np.asarray((_WITHIN.T @ self.hyperparameters).ravel(), dtype=np.float64)


def state_after(baseline: Segment, finished: Sequence[Segment], prior: Prior = PUBLISHED) -> PatientState:
    """Return the posterior after the baseline and every finished cycle, oldest first.

    Each step is cached under its own inputs: a new day refits nothing here, and a late, edited or withdrawn
    one refits from its cycle on.
    """
    patient = _after_baseline(baseline, prior)
    for cycle in finished:
        patient = _after_cycle(patient, cycle)
    return patient


def fit_cycle(patient: PatientState, cycle: Segment) -> Fit:
    """Return the posterior of a cycle from its days so far and the patient's state before it."""
    return fit(
        cycle, REMAINING[list(cycle.days)], patient.next_cycle_prior(), patient.levels, patient.variance
    )


def hyperparameter_likelihood(baseline: Segment, finished: Sequence[Segment]) -> Floats:
    """Return the likelihood (40, 5) of the finished cycles by median T and shape k, scaled to a maximum of 1.

    The backward pass of the filter: the median is that before the first cycle.
    """
    patient = _after_baseline(baseline, PUBLISHED)
    likelihoods = []
    for cycle in finished:
        likelihoods.append(
            np.ones(GRID) if _is_empty(cycle) else fit_cycle(patient, cycle).likelihood.reshape(GRID)
        )
        patient = _after_cycle(patient, cycle)
    later = np.ones(GRID)
    for likelihood in reversed(likelihoods):
        # Backward over the drift: its transpose maps a likelihood of the later median to the earlier one.
        later = (_WITHIN @ likelihood) * (_DRIFT.T @ later)
        later = later / later.max()
    return later


def clear_caches() -> None:
    """Clear all caches; no result changes."""
    population_hyperparameters.cache_clear()
    _after_baseline.cache_clear()
    _after_cycle.cache_clear()


@lru_cache(maxsize=512)
def _after_baseline(baseline: Segment, prior: Prior) -> PatientState:
    hyperparameters = population_hyperparameters(prior)
    levels = Levels(np.array(LEVELS_MEAN), np.diag(np.square(LEVELS_SD)))
    population = PatientState(hyperparameters, hyperparameters, levels, 0.0, 0.0)
    if _is_empty(baseline):
        return population
    no_benefit = np.zeros((len(baseline.days), HALF_DAYS.size * SHAPES.size))
    after = fit(baseline, no_benefit, population.next_cycle_prior(), levels, population.variance)
    return replace(population, levels=after.levels)


@lru_cache(maxsize=4096)
def _after_cycle(patient: PatientState, cycle: Segment) -> PatientState:
    if _is_empty(cycle):
        return replace(
            patient, hyperparameters=_DRIFT @ patient.hyperparameters, levels=_with_step(patient.levels)
        )
    fitted = fit_cycle(patient, cycle)
    hyperparameters = patient.hyperparameters * (_WITHIN @ fitted.likelihood.reshape(GRID))
    squares = patient.squares + float(np.sum(fitted.residuals**2 / (1 + fitted.inflation)))
    days = patient.days + len(cycle.days)
    retained = min(1.0, MAX_NOISE_DAYS / max(days, 1))
    drifted = (1 - POPULATION_SHARE) * (
        _DRIFT @ (hyperparameters / hyperparameters.sum())
    ) + POPULATION_SHARE * patient.population
    return PatientState(
        drifted, patient.population, _with_step(fitted.levels), squares * retained, days * retained
    )


def _is_empty(segment: Segment) -> bool:
    return not segment.days and segment.auxiliary == NO_OBSERVATIONS


def _with_step(levels: Levels) -> Levels:
    step = np.diag((BASELINE_STEP_SD**2, 0.0, (GAIN_STEP_SHARE * levels.mean[2]) ** 2))
    return Levels(levels.mean, levels.covariance + step)


@lru_cache(maxsize=64)
def population_hyperparameters(prior: Prior) -> Floats:
    """Return the prior (40, 5) of median T and shape k of a new patient."""
    intervals = np.exp(-0.5 * (np.log(HALF_DAYS / prior.median_days) / prior.spread) ** 2)
    shapes = np.exp(-0.5 * (np.log(SHAPES / SHAPE_MEDIAN) / SHAPE_SPREAD) ** 2)
    hyperparameters = np.outer(intervals, shapes)
    return np.asarray(hyperparameters / hyperparameters.sum(), dtype=np.float64)


def _within() -> Floats:
    """Return (40, 40): the density of a cycle's T (columns) given the median (rows); rows sum to 1."""
    apart = np.subtract.outer(np.log(HALF_DAYS), np.log(HALF_DAYS)) / WITHIN_SPREAD
    weights = (1 + apart**2 / WITHIN_TAIL) ** (-(WITHIN_TAIL + 1) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def _drift() -> Floats:
    """Return (40, 40): the transition of the median from one cycle (columns) to the next (rows)."""
    apart = np.subtract.outer(np.log(HALF_DAYS), np.log(HALF_DAYS)) / DRIFT_SPREAD
    weights = np.exp(-0.5 * apart**2)
    return np.asarray(weights / weights.sum(axis=0, keepdims=True), dtype=np.float64)


_WITHIN: Final[Floats] = _within()
_DRIFT: Final[Floats] = _drift()
