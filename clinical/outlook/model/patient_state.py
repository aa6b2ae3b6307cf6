"""Posterior of one patient after the baseline and the finished cycles, filtered forward cycle by cycle.

The patient parameters, the trend r of the patient's own median m of T, that median, and the shape k, have a
distribution (3, 40, 5) on the grid. It is filtered as the state of a hidden Markov model: m' is the median in
the cycle after, and

    p(r, m, k | cycles 1..c)    ~  p(r, m, k | cycles 1..c-1) * sum over T of p(T | m) * likelihood_c(T, k)
    p(r, m', k | cycles 1..c)   =  sum over m of p(m' | m, r) * p(r, m, k | cycles 1..c)
    p(r', m', k | cycles 1..c)  =  P * p(r', m', k | ...) + (1 - P) * p(r') * sum over r of p(r, m', k | ...)

The levels (B, h, G) are updated as a Gaussian, B and G with a random-walk step between cycles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from clinical.outlook.model.auxiliary import NO_OBSERVATIONS
from clinical.outlook.model.cycle_fit import Fit, Levels, Segment, fit_segment
from clinical.outlook.model.half_benefit_time import probability_by
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS, REMAINING, SHAPES
from clinical.outlook.model.wellbeing import Floats

WITHIN_SCALE: Final = 0.16
"""Scale of one patient's log T around its median, as Student t (SD 0.23). Source: a proposal; no published
data give it."""
WITHIN_DF: Final = 4.0
"""Degrees of freedom of that t distribution. Source: a proposal; no published data give it."""
DRIFT_SD: Final = 0.08
"""SD of the change of a patient's log median from one cycle to the next, about its trend. Source: a proposal;
no published data give it."""

TRENDS: Final[Floats] = np.array([-0.12, 0.0, 0.12])
"""Steady change of the log median a cycle: shortening (tolerance), none, lengthening. Source: a proposal; no
published data give it."""
P_TREND: Final[Floats] = np.array([0.16, 0.78, 0.06])
"""Prior probability of each. Source: a proposal: a benefit that shortens is dated late otherwise, which costs
more than to be early."""
P_TREND_STAYS: Final = 0.95
"""Probability that a trend goes on in the next cycle; else it is redrawn. Source: a proposal."""

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
"""Prior SDs of baseline, weekend effect and gain, points. Wide for B and G; that of h lies between no weekend
effect (Fisher 2017) and 0.4 to 0.5 (Neubauer 2021). Source: Fisher 2017, Neubauer 2021; the gain is a
proposal."""

BASELINE_STEP_SD: Final = 0.20
"""SD of the change of B per cycle, points. Source: a proposal."""
GAIN_STEP_SHARE: Final = 0.15
"""SD of the change of G per cycle, as a share of G. Source: a proposal."""

NOISE_SD: Final = 1.2
"""Prior SD of a day's noise. Source: day means 1.1 to 1.6 (Fisher 2017), single ratings 1.4 to 1.8 (Jang
2024, Neubauer 2021)."""
NOISE_WEIGHT: Final = 12.0
"""Days that this prior is worth. Source: a proposal."""
MAX_NOISE_DAYS: Final = 80.0
"""Maximum weight of the days of finished cycles in the estimate of the noise, so that older ones fade.
Source: a proposal."""


P_LOSS_SEEN: Final = 0.5
"""Probability of the loss of half within a cycle above which it was seen. Source: a proposal."""

CHANGED_BASELINE_STEP_SD: Final = 0.50
"""SD of the change of B where the treatment changed, points. Source: a proposal."""
CHANGED_GAIN_STEP_SHARE: Final = 0.35
"""SD of the change of G where the treatment changed, as a share of G. Source: a proposal."""

BETWEEN_COURSES_SD: Final = 0.25
"""SD of the change of log m from one treatment course to the next, or where the treatment changed. Source:
a proposal, chosen on simulated patients; no published data give it."""
NEW_COURSE_SHARE: Final = 0.20
"""Weight of the population prior mixed in then. Source: a proposal, chosen on simulated
patients."""


@dataclass(frozen=True, slots=True)
class CourseSegments:
    """Segments of an earlier treatment course: its baseline, and each of its cycles in order."""

    baseline: Segment
    cycles: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PatientState:
    """Posterior of a patient before the next cycle.

    `parameters` (3, 40, 5) is the posterior of the trend and the patient's own median T and shape k,
    `population` (40, 5) the prior of the last two; `levels` the posterior of (B, h, G); `squares` (points
    squared) and `days` are the weighted sum of squared residuals and the number of days that the noise is
    estimated from, and `loss_seen` whether a finished cycle showed the loss of half. Compared by identity, so
    that in a cache key one state represents everything that it was computed from.
    """

    parameters: Floats
    population: Floats
    levels: Levels
    squares: float
    days: float
    options: ModelOptions = IN_USE
    loss_seen: bool = False

    @property
    def variance(self) -> float:
        """Variance of one day's noise, points squared."""
        return (NOISE_WEIGHT * NOISE_SD**2 + self.squares) / (NOISE_WEIGHT + self.days)

    def next_cycle_prior(self) -> Floats:
        """Return the predictive distribution (200,) of (T, k) of the next cycle, before any of its days."""
        return np.asarray((_T_GIVEN_MEDIAN.T @ self.parameters.sum(axis=0)).ravel(), dtype=np.float64)


def state_after(
    baseline: Segment,
    finished: Sequence[Segment],
    prior: PopulationPrior = PUBLISHED,
    earlier: tuple[CourseSegments, ...] = (),
    options: ModelOptions = IN_USE,
) -> PatientState:
    """Return the posterior after the baseline and every finished cycle, oldest first.

    Of `earlier` courses, oldest first, what was learnt about the patient's T and k is the prior of this one,
    with the doubt of `_between_courses`; the levels start anew.

    Each step is cached under its own inputs: a new day refits nothing here, and a late, edited or withdrawn
    one refits from its cycle on.
    """
    patient = _after_baseline(baseline, prior, earlier, options)
    for cycle in finished:
        patient = _after_cycle(patient, cycle)
    return patient


def before_cycle(patient: PatientState, cycle: Segment) -> PatientState:
    """Return the patient's state before a cycle: with more doubt where the treatment changed."""
    return _with_doubt(patient) if cycle.treatment_changed and patient.options.treatment_changes else patient


def fit_cycle(patient: PatientState, cycle: Segment) -> Fit:
    """Return the posterior of a cycle from its days so far and the patient's state `before_cycle`."""
    prior = patient.next_cycle_prior(), patient.levels
    return fit_segment(cycle, REMAINING[list(cycle.days)], prior, patient.variance, patient.options)


def patient_parameter_likelihood(baseline: Segment, finished: Sequence[Segment]) -> Floats:
    """Return the likelihood (40, 5) of all finished cycles given the first cycle's median and k.

    Scaled to a maximum of 1. With L_c the likelihood of cycle c, this is the backward recursion of the hidden
    Markov model, rescaled at each step:

        beta_c(r, m, k)  =  sum over T of p(T | m) * L_c(T, k)
                            * sum over r', m' of p(r' | r) * p(m' | m, r) * beta_(c+1)(r', m', k)

    summed over the prior of the first cycle's trend r.
    """
    # Levels and noise are those filtered under the published prior, so that one likelihood serves every prior
    # that is compared.
    patient = _after_baseline(baseline, PUBLISHED, (), IN_USE)
    likelihoods = []
    for cycle in finished:
        before = before_cycle(patient, cycle)
        likelihoods.append(
            np.ones(GRID) if _is_empty(cycle) else fit_cycle(before, cycle).likelihood.reshape(GRID)
        )
        patient = _after_cycle(patient, cycle)
    beta = np.ones((TRENDS.size, *GRID))
    for likelihood, cycle in zip(reversed(likelihoods), reversed(finished), strict=True):
        redrawn = np.tensordot(P_TREND, beta, 1)
        after = P_TREND_STAYS * beta + (1 - P_TREND_STAYS) * redrawn
        beta = (_T_GIVEN_MEDIAN @ likelihood) * (_NEXT_MEDIAN_GIVEN_TREND.transpose(0, 2, 1) @ after)
        if cycle.treatment_changed:
            beta = _before_a_change(beta)
        beta = beta / beta.max()
    summed = np.tensordot(P_TREND, beta, 1)
    return np.asarray(summed / summed.max(), dtype=np.float64)


def _before_a_change(beta: Floats) -> Floats:
    """Return the likelihood (3, 40, 5) of what follows a change of treatment given the parameters before it.

    The transpose of `_doubtful` under the published prior:

        beta'(m, k)  =  (1 - w) * sum over m' of N(log m' | log m, sd**2) * beta(m', k)
                        +  w * sum over m', k' of q(m', k') * beta(m', k')
    """
    population = prior_of_patient_parameters(PUBLISHED)
    of_others = np.sum(population * beta, axis=(1, 2), keepdims=True)
    return np.asarray(
        (1 - NEW_COURSE_SHARE) * (_NEXT_COURSE_GIVEN_COURSE.T @ beta) + NEW_COURSE_SHARE * of_others,
        dtype=np.float64,
    )


def clear_caches() -> None:
    """Clear all caches; no result changes."""
    prior_of_patient_parameters.cache_clear()
    _between_courses.cache_clear()
    _after_baseline.cache_clear()
    _after_cycle.cache_clear()
    _with_doubt.cache_clear()


@lru_cache(maxsize=512)
def _between_courses(
    earlier: tuple[CourseSegments, ...], prior: PopulationPrior, options: ModelOptions
) -> Floats:
    """Return the prior (40, 5) of the course that follows the earlier ones."""
    last = earlier[-1]
    after = state_after(last.baseline, last.cycles, prior, earlier[:-1], options).parameters.sum(axis=0)
    return _doubtful(after, prior_of_patient_parameters(prior))


def _doubtful(parameters: Floats, population: Floats) -> Floats:
    """Return the distribution (..., 40, 5) of the parameters where they may have changed at once.

    With w the share of the population's prior q, and p(m, k) the distribution before:

        p'(m', k)  =  (1 - w) * sum over m of N(log m' | log m, sd**2) * p(m, k)  +  w * q(m', k)
    """
    return np.asarray(
        (1 - NEW_COURSE_SHARE) * (_NEXT_COURSE_GIVEN_COURSE @ parameters) + NEW_COURSE_SHARE * population,
        dtype=np.float64,
    )


@lru_cache(maxsize=512)
def _with_doubt(patient: PatientState) -> PatientState:
    """Return the state before a cycle for which the treatment changed; the noise is the same."""
    trends = patient.parameters.sum(axis=(1, 2), keepdims=True)
    parameters = _doubtful(patient.parameters, trends * patient.population)
    levels = _with_step(patient.levels, CHANGED_BASELINE_STEP_SD, CHANGED_GAIN_STEP_SHARE)
    return replace(patient, parameters=parameters, levels=levels)


@lru_cache(maxsize=512)
def _after_baseline(
    baseline: Segment,
    prior: PopulationPrior,
    earlier: tuple[CourseSegments, ...],
    options: ModelOptions,
) -> PatientState:
    population = prior_of_patient_parameters(prior)
    parameters = _between_courses(earlier, prior, options) if earlier else population
    levels = Levels(np.array(LEVELS_MEAN), np.diag(np.square(LEVELS_SD)))
    parameters = _p_trend(options)[:, None, None] * parameters
    new_patient = PatientState(parameters, population, levels, 0.0, 0.0, options)
    if _is_empty(baseline):
        return new_patient
    no_benefit = np.zeros((len(baseline.days), HALF_DAYS.size * SHAPES.size))
    fit = fit_segment(
        baseline, no_benefit, (new_patient.next_cycle_prior(), levels), new_patient.variance, options
    )
    return replace(new_patient, levels=fit.levels)


@lru_cache(maxsize=4096)
def _after_cycle(patient: PatientState, cycle: Segment) -> PatientState:
    patient = before_cycle(patient, cycle)
    if _is_empty(cycle):
        return replace(
            patient,
            parameters=_next_parameters(patient.parameters, patient.options),
            levels=_with_step(patient.levels),
        )
    fit = fit_cycle(patient, cycle)
    parameters = patient.parameters * (_T_GIVEN_MEDIAN @ fit.likelihood.reshape(GRID))
    predicted = _next_parameters(parameters / parameters.sum(), patient.options)
    population = _p_trend(patient.options)[:, None, None] * patient.population
    squares = patient.squares + float(np.sum(fit.residuals**2 / (1 + fit.inflation)))
    days = patient.days + len(cycle.days)
    # An exponential window: both sums are scaled so that they never weigh more than MAX_NOISE_DAYS.
    retained = min(1.0, MAX_NOISE_DAYS / max(days, 1))
    return PatientState(
        (1 - POPULATION_SHARE) * predicted + POPULATION_SHARE * population,
        patient.population,
        _with_step(fit.levels),
        squares * retained,
        days * retained,
        patient.options,
        patient.loss_seen or _shows_loss(cycle, fit),
    )


def _shows_loss(cycle: Segment, fit: Fit) -> bool:
    """Return whether half was probably lost by the last day that was answered in a cycle."""
    return bool(cycle.days) and probability_by(fit.posterior, cycle.days[-1]) > P_LOSS_SEEN


def _p_trend(options: ModelOptions) -> Floats:
    return P_TREND if options.changing_interval else _NO_TREND


def _next_parameters(parameters: Floats, options: ModelOptions) -> Floats:
    """Return the distribution (3, 40, 5) of the parameters in the next cycle from that in this one."""
    moved = _NEXT_MEDIAN_GIVEN_TREND @ parameters
    redrawn = _p_trend(options)[:, None, None] * moved.sum(axis=0)
    return np.asarray(P_TREND_STAYS * moved + (1 - P_TREND_STAYS) * redrawn, dtype=np.float64)


def _is_empty(segment: Segment) -> bool:
    return not segment.days and segment.auxiliary == NO_OBSERVATIONS


def _with_step(
    levels: Levels, baseline_sd: float = BASELINE_STEP_SD, gain_share: float = GAIN_STEP_SHARE
) -> Levels:
    step = np.diag((baseline_sd**2, 0.0, (gain_share * levels.mean[2]) ** 2))
    return Levels(levels.mean, levels.covariance + step)


@lru_cache(maxsize=64)
def prior_of_patient_parameters(prior: PopulationPrior) -> Floats:
    """Return the prior (40, 5) of median T and shape k of a new patient."""
    medians = np.exp(-0.5 * (np.log(HALF_DAYS / prior.median_days) / prior.spread) ** 2)
    shapes = np.exp(-0.5 * (np.log(SHAPES / SHAPE_MEDIAN) / SHAPE_SPREAD) ** 2)
    weights = np.outer(medians, shapes)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _t_given_median() -> Floats:
    """Return (40, 40): the distribution of a cycle's T (columns) given the median (rows); rows sum to 1."""
    apart = np.subtract.outer(np.log(HALF_DAYS), np.log(HALF_DAYS)) / WITHIN_SCALE
    weights = (1 + apart**2 / WITHIN_DF) ** (-(WITHIN_DF + 1) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def _next_median_given_median(sd: float, trend: float = 0.0) -> Floats:
    """Return (40, 40): a later median (rows) given an earlier one (columns); columns sum to 1."""
    apart = (np.subtract.outer(np.log(HALF_DAYS), np.log(HALF_DAYS)) - trend) / sd
    weights = np.exp(-0.5 * apart**2)
    return np.asarray(weights / weights.sum(axis=0, keepdims=True), dtype=np.float64)


# Indexed [m, T] and [r, m', m]: `_T_GIVEN_MEDIAN.T @ p` predicts T, `_NEXT_MEDIAN_GIVEN_TREND @ p` m'.
_T_GIVEN_MEDIAN: Final[Floats] = _t_given_median()
_NEXT_MEDIAN_GIVEN_TREND: Final[Floats] = np.array(
    [_next_median_given_median(DRIFT_SD, trend) for trend in TRENDS.tolist()]
)
_NO_TREND: Final[Floats] = np.array([0.0, 1.0, 0.0])
"""Prior probability of each trend where the median does not change steadily. Source: arithmetic."""
_NEXT_COURSE_GIVEN_COURSE: Final[Floats] = _next_median_given_median(BETWEEN_COURSES_SD)
