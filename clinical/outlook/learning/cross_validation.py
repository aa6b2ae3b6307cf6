"""Whether a learnt prior would have helped with patients it had not seen."""

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
    """One patient to learn from, and the finished cycles to be tested on."""

    history: History
    likelihood: HyperparameterLikelihood
    cycles: tuple[RetrospectiveCycle, ...]


class Verdict(StrEnum):
    """Whether a learnt prior would have helped with patients it had not seen."""

    HELPED = "helped"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    HARMED = "harmed"


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Forecasts for `patients` by a prior learnt from the others, against those by the published one.

    `log_score_gain` is by how much better, in log likelihood a patient, the learnt prior explained the
    cycles it had not seen, and `log_score_gain_se` its standard error: censored cycles count for what they
    showed, so this decides. `before` and `after` hold the landmark scores at days 7 and 14, which know only
    of the cycles in which half was seen gone, mostly the short ones, and decide nothing.
    """

    patients: int
    log_score_gain: float
    log_score_gain_se: float
    before: tuple[LandmarkScore, ...]
    after: tuple[LandmarkScore, ...]

    @property
    def verdict(self) -> Verdict:
        """What the difference comes to: clear is twice its standard error."""
        if abs(self.log_score_gain) <= CLEAR * self.log_score_gain_se:
            return Verdict.NO_CLEAR_DIFFERENCE
        return Verdict.HELPED if self.log_score_gain > 0 else Verdict.HARMED


def cross_validate(
    training_patients: Sequence[TrainingPatient], step: Callable[[], None] = lambda: None
) -> CrossValidation | None:
    """Learn from four fifths of the patients, forecast for the fifth, and so on round; None if too few.

    `step` is called after each patient. Forecasts are made from what is known today of the days up to each
    landmark, so late entries count as if they had come in time.
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
