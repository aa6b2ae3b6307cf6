"""Penalized maximum likelihood of a recalibration from a clinic's finished cycles.

With z_j = Phi^-1(F(t_j)) the normal deviates of a landmark's forecast at the edges t_j of the cells of T, and
l_j the likelihood of the cycle's later days in a cell (`later_evidence`), the recalibrated forecast gives
these days the probability

    m(a, b)  =  sum over j of l_j ** w * (Phi((z_j+1 - a) / s) - Phi((z_j - a) / s)),    b = log s

up to a factor. With n the landmarks of a cycle and e a least value, a and b maximize

    sum over cycles of (1 / n) * sum over landmarks of log(m(a, b) + e)  -  (a / A)**2 / 2  -  (b / B)**2 / 2

by Newton's method. A cycle has a weight of 1, since its landmarks are forecasts of one and the same T. The
standard errors are those of a sandwich, with the sum of a patient's scores in the middle, since the cycles of
a patient are not independent either:

    V  =  H^-1 (P / (P - 1) * sum over P patients of (r - mean r)(r - mean r)') H^-1

with r a patient's score and H the negative Hessian at the maximum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt
from typing import Final

import numpy as np

from clinical.outlook.evaluation.predictions import CyclePredictions, Prediction
from clinical.outlook.evaluation.predictive_distribution import predictive_distribution
from clinical.outlook.model.wear_off_curve import HALF_DAYS
from clinical.outlook.model.wellbeing import Floats
from clinical.outlook.recalibration import normal_cumulative

MIN_PATIENTS: Final = 20
"""Fewest patients from which a recalibration is proposed. Source: a proposal."""
MIN_CYCLES: Final = 60
"""Fewest finished cycles from which a recalibration is proposed. Source: a proposal."""
MIN_LOSSES: Final = 15
"""Fewest of these cycles with half of the benefit seen lost. Source: a proposal."""

LOCATION_PRIOR_SD: Final = 0.5
"""Prior SD of the location around 0, normal deviates. Source: a proposal."""
LOG_SCALE_PRIOR_SD: Final = 0.25
"""Prior SD of the logarithm of the scale around 0. Source: a proposal."""

EVIDENCE_POWER: Final = 1.5
"""Power w of the likelihood of later days. The model's is cautious on purpose (tempered, heavy tails, slow
noise), and taken as it is makes the intervals of a calibrated forecast look too wide. Source: a proposal,
chosen on simulated patients."""
LEAST_RATIO: Final = 1e-3
"""Added to the probability of later days, of which 1 is that expected of a forecast, so that a cycle that was
all but excluded does not decide the fit alone. Source: a proposal."""
MAX_DEVIATE: Final = 8.0
"""Largest deviate of an edge: beyond it Phi is 0 or 1 to fifteen decimals. Operational."""

MAX_STEPS: Final = 50
"""Most steps of Newton's method. Operational."""
MAX_HALVINGS: Final = 10
"""Most halvings of a step that does not increase the objective. Operational."""
TOLERANCE: Final = 1e-6
"""Length of a step at which the maximum is found. Operational."""
DIFFERENCE: Final = 1e-4
"""Half of the distance of the central differences of the Hessian. Operational."""
DECIMALS: Final = 3
"""Decimals of a recalibration. Operational."""

EDGES: Final[Floats] = np.sqrt(HALF_DAYS[:-1] * HALF_DAYS[1:])
"""Edges (39) between the cells of T, days. Source: arithmetic."""
IDENTITY: Final[Floats] = np.zeros(2)
"""Location and logarithm of the scale that change nothing. Source: arithmetic."""


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """One forecast with what followed it.

    `deviates` (39) are those of the forecast at the edges between the cells of T, `evidence` (40) the
    likelihood of the later days in each cell.
    """

    deviates: tuple[float, ...]
    evidence: tuple[float, ...]
    weight: float


@dataclass(frozen=True, slots=True, order=True)
class PatientOutcomes:
    """The outcomes of one patient's forecasts, of how many cycles, and in how many half was seen lost."""

    outcomes: tuple[Outcome, ...]
    cycles: int
    losses: int


@dataclass(frozen=True, slots=True)
class TrainingCounts:
    """How many patients, finished cycles and observed losses there are to fit on."""

    patients: int
    cycles: int
    losses: int

    @property
    def are_enough(self) -> bool:
        """Whether they are enough for a proposal."""
        return self.patients >= MIN_PATIENTS and self.cycles >= MIN_CYCLES and self.losses >= MIN_LOSSES


@dataclass(frozen=True, slots=True)
class RecalibrationProposal:
    """Location and scale with their standard errors, and what they were estimated from."""

    location: float
    location_se: float
    scale: float
    scale_se: float
    counts: TrainingCounts


def outcomes_of(cycles: Sequence[CyclePredictions]) -> PatientOutcomes:
    """Return the outcomes of one patient's forecasts on landmarks, each cycle's with a weight of 1 in all.

    A cycle without a forecast on any landmark is left out.
    """
    found: list[Outcome] = []
    used = losses = 0
    for cycle in cycles:
        pairs = [
            (deviates, evidence)
            for day, evidence in cycle.later_evidence
            if (deviates := _deviates(cycle.on(day))) is not None
        ]
        found += [Outcome(deviates, evidence, 1 / len(pairs)) for deviates, evidence in pairs]
        used += bool(pairs)
        losses += bool(pairs) and cycle.half_gone is not None
    return PatientOutcomes(tuple(found), used, losses)


def counts_of(patients: Sequence[PatientOutcomes]) -> TrainingCounts:
    """Return how many patients, cycles and losses there are."""
    return TrainingCounts(
        sum(patient.cycles > 0 for patient in patients),
        sum(patient.cycles for patient in patients),
        sum(patient.losses for patient in patients),
    )


def propose(patients: Sequence[PatientOutcomes]) -> RecalibrationProposal | None:
    """Return the estimate from all patients in any order, rounded; None where they are too few."""
    counts = counts_of(patients)
    if not counts.are_enough:
        return None
    # Sums depend on their order in the last digit.
    used = sorted(patient for patient in patients if patient.outcomes)
    location, log_scale = estimate(used).tolist()
    location_variance, log_scale_variance = np.diagonal(_covariance(used, location, log_scale)).tolist()
    return RecalibrationProposal(
        round(location, DECIMALS),
        round(sqrt(location_variance), DECIMALS),
        round(exp(log_scale), DECIMALS),
        round(exp(log_scale) * sqrt(log_scale_variance), DECIMALS),
        counts,
    )


def estimate(patients: Sequence[PatientOutcomes]) -> Floats:
    """Return (2,): location and logarithm of the scale at the maximum, from any number of patients."""
    outcomes = _table(patients)
    found = IDENTITY
    value = _objective(outcomes, found)
    for _ in range(MAX_STEPS):
        step = _ascent(outcomes, found)
        if np.abs(step).max() < TOLERANCE:
            break
        for _ in range(MAX_HALVINGS):
            tried = _objective(outcomes, found + step)
            if tried > value:
                break
            step = step / 2
        else:
            break
        found, value = found + step, tried
    return found


def log_score(patient: PatientOutcomes, location: float, scale: float) -> float:
    """Return the weighted log probability of one patient's later days under a recalibration, up to a term."""
    outcomes = _table([patient])
    probabilities, _ = _probabilities(outcomes, np.array((location, log(scale))))
    return float(outcomes.weights @ np.log(probabilities))


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Outcomes of several patients: with `deviates` (n, 39), m = `last` (n,) + `steps` (n, 39) . Phi(u)."""

    deviates: Floats
    steps: Floats
    last: Floats
    weights: Floats


def _deviates(prediction: Prediction | None) -> tuple[float, ...] | None:
    distribution = None if prediction is None else predictive_distribution(prediction)
    if distribution is None:
        return None
    edges = (distribution.deviate(day) for day in EDGES.tolist())
    return tuple(min(max(deviate, -MAX_DEVIATE), MAX_DEVIATE) for deviate in edges)


def _table(patients: Sequence[PatientOutcomes]) -> _Table:
    outcomes = [each for patient in patients for each in patient.outcomes]
    evidence = np.array([each.evidence for each in outcomes]).reshape(-1, HALF_DAYS.size) ** EVIDENCE_POWER
    return _Table(
        np.array([each.deviates for each in outcomes], dtype=np.float64).reshape(-1, EDGES.size),
        evidence[:, :-1] - evidence[:, 1:],
        evidence[:, -1],
        np.array([each.weight for each in outcomes], dtype=np.float64),
    )


def _probabilities(outcomes: _Table, parameters: Floats) -> tuple[Floats, Floats]:
    """Return the probability of each outcome (n,), LEAST_RATIO included, and its gradient (n, 2)."""
    location, log_scale = parameters.tolist()
    bounds = (outcomes.deviates - location) / exp(log_scale)
    cumulative = np.interp(bounds, _DEVIATES, _CUMULATIVE)
    probabilities = outcomes.last + np.einsum("ij,ij->i", outcomes.steps, cumulative) + LEAST_RATIO
    densities = outcomes.steps * np.exp(-0.5 * bounds**2) / sqrt(2 * pi)
    by_location = -densities.sum(axis=1) / exp(log_scale)
    by_log_scale = -np.einsum("ij,ij->i", densities, bounds)
    return np.asarray(probabilities), np.stack((by_location, by_log_scale), axis=1)


def _objective(outcomes: _Table, parameters: Floats) -> float:
    probabilities, _ = _probabilities(outcomes, parameters)
    return float(outcomes.weights @ np.log(probabilities) - 0.5 * np.sum((parameters / _PRIOR_SDS) ** 2))


def _scores(outcomes: _Table, parameters: Floats) -> Floats:
    """Return the weighted scores (n, 2) of the outcomes, without the penalty."""
    probabilities, gradient = _probabilities(outcomes, parameters)
    return np.asarray(gradient * (outcomes.weights / probabilities)[:, None], dtype=np.float64)


def _gradient(outcomes: _Table, parameters: Floats) -> Floats:
    return np.asarray(
        _scores(outcomes, parameters).sum(axis=0) - parameters / _PRIOR_SDS**2, dtype=np.float64
    )


def _negative_hessian(outcomes: _Table, parameters: Floats) -> Floats:
    rows = [
        (_gradient(outcomes, parameters - apart) - _gradient(outcomes, parameters + apart)) / (2 * DIFFERENCE)
        for apart in DIFFERENCE * np.eye(2)
    ]
    hessian = np.array(rows)
    return np.asarray((hessian + hessian.T) / 2, dtype=np.float64)


def _ascent(outcomes: _Table, parameters: Floats) -> Floats:
    """Return the Newton step, or one along the gradient scaled by the prior where that leads downwards."""
    gradient, hessian = _gradient(outcomes, parameters), _negative_hessian(outcomes, parameters)
    if np.linalg.eigvalsh(hessian)[0] > 0:
        return np.asarray(np.linalg.solve(hessian, gradient), dtype=np.float64)
    return np.asarray(gradient * _PRIOR_SDS**2, dtype=np.float64)


def _covariance(patients: Sequence[PatientOutcomes], location: float, log_scale: float) -> Floats:
    """Return the covariance (2, 2) of location and log scale, clustered by patient."""
    parameters = np.array((location, log_scale))
    scores = np.array([_scores(_table([patient]), parameters).sum(axis=0) for patient in patients])
    away = scores - scores.mean(axis=0)
    middle = away.T @ away * len(patients) / (len(patients) - 1)
    inverse = np.linalg.inv(_negative_hessian(_table(patients), parameters))
    return np.asarray(inverse @ middle @ inverse, dtype=np.float64)


_DEVIATES: Final[Floats] = np.linspace(-MAX_DEVIATE, MAX_DEVIATE, 16_001)
"""Deviates at which Phi is tabulated, a thousandth apart. Operational."""
_CUMULATIVE: Final[Floats] = np.array([normal_cumulative(deviate) for deviate in _DEVIATES.tolist()])
"""Phi at these deviates, interpolated between them: exact to 1e-7. Operational."""
_PRIOR_SDS: Final[Floats] = np.array((LOCATION_PRIOR_SD, LOG_SCALE_PRIOR_SD))
