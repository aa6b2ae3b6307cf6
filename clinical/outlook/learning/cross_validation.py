"""5-fold cross-validation of an estimated prior against the published one, on held-out patients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev
from typing import Final

from clinical.history import History
from clinical.outlook.evaluation import CyclePredictions, LandmarkScore, Prediction, score_landmark
from clinical.outlook.evaluation.retrospective import RetrospectiveCycle
from clinical.outlook.forecast import NoForecast, forecast
from clinical.outlook.learning.prior_estimation import (
    HyperparameterLikelihood,
    log_marginal_likelihood,
    propose,
)
from clinical.outlook.model.population_prior import PUBLISHED, Prior
from clinical.protocol import days_after

FOLDS: Final = 5
"""Groups of patients: the prior fitted on four is tested on the fifth. Source: a usual choice."""

LANDMARKS: Final = (7, 14)
"""Days after the infusion whose forecasts are compared. Source: a proposal: a plan's earliest day and half
of it."""

CLEAR: Final = 2.0
"""Standard errors from which a difference counts. Source: a usual choice."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingPatient:
    """One patient: the likelihood to fit on, and the finished cycles to test on."""

    history: History
    likelihood: HyperparameterLikelihood
    cycles: tuple[RetrospectiveCycle, ...]


class Verdict(StrEnum):
    """Whether the estimated prior predicted held-out patients better than the published one."""

    HELPED = "helped"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    HARMED = "harmed"


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Held-out scores of `patients` patients under the fitted prior, compared with the published one.

    `log_score_gain` is the mean gain in log marginal likelihood a patient, and `log_score_gain_se` its
    standard error. It decides, since censored cycles count in it. `before` and `after` are the landmark
    scores at days 7 and 14 by the published and the fitted prior. They cover only cycles with an observed
    loss, mostly short ones, and decide nothing.
    """

    patients: int
    log_score_gain: float
    log_score_gain_se: float
    before: tuple[LandmarkScore, ...]
    after: tuple[LandmarkScore, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict: a difference is clear beyond twice its standard error."""
        if abs(self.log_score_gain) <= CLEAR * self.log_score_gain_se:
            return Verdict.NO_CLEAR_DIFFERENCE
        return Verdict.HELPED if self.log_score_gain > 0 else Verdict.HARMED


def cross_validate(
    training_patients: Sequence[TrainingPatient], step: Callable[[], None] = lambda: None
) -> CrossValidation | None:
    """Return the scores of five folds, each forecast by a prior fitted to the other four; None if too few.

    `step` is called after each patient. Forecasts use what is known today of the days up to each landmark, so
    late entries count as if they had been in time.
    """
    explained: list[float] = []
    before: list[CyclePredictions] = []
    after: list[CyclePredictions] = []
    for fold in range(FOLDS):
        proposal = propose(
            [patient.likelihood for at, patient in enumerate(training_patients) if at % FOLDS != fold]
        )
        if proposal is None:
            return None
        fitted = Prior("held-out", proposal.median_days, proposal.spread)
        for patient in training_patients[fold::FOLDS]:
            explained.append(
                log_marginal_likelihood(patient.likelihood, fitted)
                - log_marginal_likelihood(patient.likelihood, PUBLISHED)
            )
            scored = [cycle for cycle in patient.cycles if cycle.can_be_scored]
            before += [_record(patient.history, cycle, PUBLISHED) for cycle in scored]
            after += [_record(patient.history, cycle, fitted) for cycle in scored]
            step()
    return CrossValidation(
        patients=len(training_patients),
        log_score_gain=round(fmean(explained), 4),
        log_score_gain_se=round(stdev(explained) / sqrt(len(explained)), 4),
        before=tuple(score_landmark(before, day) for day in LANDMARKS),
        after=tuple(score_landmark(after, day) for day in LANDMARKS),
    )


def _record(history: History, cycle: RetrospectiveCycle, prior: Prior) -> CyclePredictions:
    predictions = tuple(_prediction(history, cycle, day, prior) for day in LANDMARKS if day < cycle.length)
    return CyclePredictions(cycle.number, cycle.length, cycle.half_gone, None, predictions)


def _prediction(history: History, cycle: RetrospectiveCycle, day: int, prior: Prior) -> Prediction:
    found = forecast(history, days_after(cycle.start, day), prior)
    if isinstance(found, NoForecast):
        return Prediction(day)
    return Prediction(day, found.due.median, found.due.lo80, found.due.hi80, found.p_half_lost)
