"""Empirical Bayes: median and spread of the population prior, estimated from a clinic's finished cycles.

With L_i(m, k) the likelihood of patient i's cycles and pi the prior of the patient parameters (m, k), the
hyperparameters, median M and spread S of m between patients, maximize

    sum over i of log(sum over (m, k) of pi(m, k | M, S) * L_i(m, k))  +  log hyperprior(M, S)

on a grid (marginal MAP). The hyperpriors are log M ~ N(log 28, 0.25**2) and log S ~ N(log 0.50, 0.20**2),
around the published values, so that few or unusual patients change them little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Final

import numpy as np

from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.forecast import is_measurable
from clinical.outlook.model.patient_state import (
    before_cycle,
    fit_cycle,
    patient_parameter_likelihood,
    prior_of_patient_parameters,
    state_after,
)
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.model.segments import build_model_input, has_baseline, up_to
from clinical.outlook.model.wellbeing import Floats
from clinical.target_measure import is_rating

MIN_PATIENTS: Final = 20
"""Fewest patients from which a clinic's own median is proposed. Source: a proposal."""

MEDIANS: Final[Floats] = np.geomspace(10.0, 80.0, 61)
"""Grid of medians, days. Source: arithmetic."""
SPREADS: Final[Floats] = np.array([0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.70])
"""Grid of spreads, log SD. Source: arithmetic."""

MEDIAN_PRIOR_SD: Final = 0.25
"""Prior SD of a clinic's log median around the published one. Source: a proposal, tried in simulation."""
SPREAD_PRIOR_SD: Final = 0.20
"""Prior SD of a clinic's log spread around the published one. Both SDs are narrow on purpose: in simulation
wide hyperpriors made forecasts worse where wear-off had another shape than assumed. Source: a proposal, tried
in simulation."""


@dataclass(frozen=True, slots=True, eq=False)
class PatientParameterLikelihood:
    """Likelihood `values` (40, 5) of one patient's `cycles` finished cycles given (m, k), up to a factor."""

    values: Floats
    cycles: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A prior estimated from a clinic, with the number of patients and cycles used."""

    median_days: float
    spread: float
    patients: int
    cycles: int


def patient_likelihood(history: History, today: date) -> PatientParameterLikelihood | None:
    """Return the likelihood of one patient's finished cycles; None without a cycle or measurable benefit.

    A cycle censored by the next infusion shows only that the benefit lasted at least so long. Patients who
    stopped answering count with their past. Of several courses the first one with such cycles counts, since
    the prior is that of a new patient; a course whose target measure is an optional rating does not, since
    the prior is of wellbeing.
    """
    current = current_course(history, today)
    every = (*current.earlier_courses, current)
    courses = (course for course in every if not is_rating(course.target_measure))
    return next((found for course in courses if (found := _likelihood(course, today)) is not None), None)


def _likelihood(history: History, today: date) -> PatientParameterLikelihood | None:
    model_input = build_model_input(history, up_to(history.readings, today), today)
    if model_input is None or not has_baseline(model_input):
        return None
    answered = [number for number, cycle in enumerate(model_input.finished_cycles) if cycle.days]
    if not answered:
        return None
    baseline, cycles = model_input.baseline, model_input.finished_cycles
    last = cycles[answered[-1]]
    if not is_measurable(fit_cycle(before_cycle(state_after(baseline, cycles[: answered[-1]]), last), last)):
        return None
    return PatientParameterLikelihood(patient_parameter_likelihood(baseline, cycles), len(answered))


def propose(likelihoods: Sequence[PatientParameterLikelihood]) -> Proposal | None:
    """Return the MAP estimate of median and spread, by grid search; None for fewer than MIN_PATIENTS."""
    if len(likelihoods) < MIN_PATIENTS:
        return None
    best = max(
        (_log_posterior(likelihoods, median, spread), median, spread)
        for median in MEDIANS.tolist()
        for spread in SPREADS.tolist()
    )
    _, median, spread = best
    return Proposal(
        round(median, 1), spread, len(likelihoods), sum(likelihood.cycles for likelihood in likelihoods)
    )


def log_marginal_likelihood(likelihood: PatientParameterLikelihood, prior: PopulationPrior) -> float:
    """Return log(sum over (m, k) of p(m, k | prior) * L(m, k)) of one patient's finished cycles.

    Up to a constant that does not depend on the prior.
    """
    return log(float((prior_of_patient_parameters(prior) * likelihood.values).sum()))


def _log_posterior(likelihoods: Sequence[PatientParameterLikelihood], median: float, spread: float) -> float:
    """Return the log posterior density of the hyperparameters, up to a constant."""
    prior = PopulationPrior("candidate", median, spread)
    z_median = log(median / PUBLISHED.median_days) / MEDIAN_PRIOR_SD
    z_spread = log(spread / PUBLISHED.spread) / SPREAD_PRIOR_SD
    log_likelihood = sum(log_marginal_likelihood(likelihood, prior) for likelihood in likelihoods)
    return log_likelihood - 0.5 * (z_median**2 + z_spread**2)
