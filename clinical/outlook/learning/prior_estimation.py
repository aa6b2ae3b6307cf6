"""Population prior of T estimated from a clinic's finished cycles (empirical Bayes).

With L_i(m, k) the likelihood of patient i's cycles and pi the prior of the hyperparameters, the median M and
the spread S of the population maximize

    sum over i of log(sum over (m, k) of pi(m, k | M, S) * L_i(m, k))  +  log hyperprior(M, S)

on a grid: the marginal likelihood of the clinic with a normal hyperprior on log M and log S around the
published values, so that few or unusual patients change them little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Final

import numpy as np

from clinical.history import History
from clinical.outlook.forecast import has_baseline, is_measurable
from clinical.outlook.model.patient_state import (
    fit_cycle,
    hyperparameter_likelihood,
    population_hyperparameters,
    state_after,
)
from clinical.outlook.model.population_prior import PUBLISHED, Prior
from clinical.outlook.model.segments import model_input, up_to
from clinical.outlook.model.wellbeing import Floats

MIN_PATIENTS: Final = 20
"""Fewest patients from which a clinic's own median is proposed. Source: a proposal."""

MEDIANS: Final[Floats] = np.geomspace(10.0, 80.0, 61)
"""Grid of medians, days. Source: arithmetic."""
SPREADS: Final[Floats] = np.array([0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.70])
"""Grid of spreads, log SD. Source: arithmetic."""

MEDIAN_PRIOR_SD: Final = 0.25
"""Prior SD of a clinic's log median around the published one. Source: a proposal, tried in simulation."""
SPREAD_PRIOR_SD: Final = 0.20
"""Prior SD of a clinic's log spread around the published one. Log SD of how far a clinic may lie from the
published median and spread before its patients count. Narrow on purpose: in simulation, estimation made
forecasts worse where wear-off had another shape than assumed, and a narrow prior reduced that.
Source: a proposal, tried in simulation."""


@dataclass(frozen=True, slots=True, eq=False)
class HyperparameterLikelihood:
    """Likelihood (40, 5) of one patient's `cycles` finished cycles by the hyperparameters (median T, k)."""

    values: Floats
    cycles: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A prior estimated from a clinic, with the number of patients and cycles used."""

    median_days: float
    spread: float
    patients: int
    cycles: int


def patient_likelihood(history: History, today: date) -> HyperparameterLikelihood | None:
    """Return the likelihood of one patient's finished cycles; None without a cycle or measurable benefit.

    A cycle censored by the next infusion shows only that the benefit lasted at least so long. Patients who
    stopped answering count with their past.
    """
    known = model_input(history, up_to(history.readings, today), today)
    if known is None or not has_baseline(known):
        return None
    answered = [number for number, cycle in enumerate(known.finished) if cycle.days]
    if not answered:
        return None
    before = state_after(known.baseline, known.finished[: answered[-1]])
    if not is_measurable(fit_cycle(before, known.finished[answered[-1]])):
        return None
    return HyperparameterLikelihood(hyperparameter_likelihood(known.baseline, known.finished), len(answered))


def propose(known: Sequence[HyperparameterLikelihood]) -> Proposal | None:
    """Return the median and spread of the highest posterior density; None with too few patients."""
    if len(known) < MIN_PATIENTS:
        return None
    best = max(
        (_fit(known, median, spread), median, spread)
        for median in MEDIANS.tolist()
        for spread in SPREADS.tolist()
    )
    _, median, spread = best
    return Proposal(round(median, 1), spread, len(known), sum(one.cycles for one in known))


def log_marginal_likelihood(known: HyperparameterLikelihood, prior: Prior) -> float:
    """Return the log marginal likelihood of a patient's cycles under a prior; comparable between priors."""
    return log(float((population_hyperparameters(prior) * known.values).sum()))


def _fit(known: Sequence[HyperparameterLikelihood], median: float, spread: float) -> float:
    prior = Prior("candidate", median, spread)
    away = (
        log(median / PUBLISHED.median_days) / MEDIAN_PRIOR_SD,
        log(spread / PUBLISHED.spread) / SPREAD_PRIOR_SD,
    )
    return sum(log_marginal_likelihood(one, prior) for one in known) - 0.5 * (away[0] ** 2 + away[1] ** 2)
