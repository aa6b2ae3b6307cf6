"""What a clinic's own finished cycles say about how long benefit lasts between its patients."""

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
published median and spread before its patients have spoken. Narrow on purpose: in simulation, learning
made forecasts worse where wear-off had another shape than assumed, and holding it back lessened that.
Source: a proposal, tried in simulation."""


@dataclass(frozen=True, slots=True, eq=False)
class HyperparameterLikelihood:
    """How well each habit (T, k), (40, 5), explains one patient's `cycles` finished cycles."""

    values: Floats
    cycles: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A prior as a clinic's patients suggest it, and how many of them did."""

    median_days: float
    spread: float
    patients: int
    cycles: int


def patient_likelihood(history: History, today: date) -> HyperparameterLikelihood | None:
    """What one patient's finished cycles say; None for a patient with none, or without measurable benefit.

    A cycle censored by the next infusion shows only that the benefit lasted at least so long. Whether the
    patient still answers does not matter: a patient who stopped has a past as well.
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
    """The median and spread that explain the patients best, held near the published ones; None if too few."""
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
    """The log of how likely a patient's finished cycles were under a prior; comparable between priors."""
    return log(float((population_hyperparameters(prior) * known.values).sum()))


def _fit(known: Sequence[HyperparameterLikelihood], median: float, spread: float) -> float:
    prior = Prior("candidate", median, spread)
    away = (
        log(median / PUBLISHED.median_days) / MEDIAN_PRIOR_SD,
        log(spread / PUBLISHED.spread) / SPREAD_PRIOR_SD,
    )
    return sum(log_marginal_likelihood(one, prior) for one in known) - 0.5 * (away[0] ** 2 + away[1] ** 2)
