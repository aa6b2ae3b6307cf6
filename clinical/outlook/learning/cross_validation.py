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
    PatientParameterLikelihood,
    log_marginal_likelihood,
    propose,
)
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
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
    likelihood: PatientParameterLikelihood
    cycles: tuple[RetrospectiveCycle, ...]


class Verdict(StrEnum):
    """Whether what was estimated predicted held-out patients better than without it."""

    HELPED = "helped"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    HARMED = "harmed"


def verdict_of(gain: float, standard_error: float) -> Verdict:
    """Return the verdict on a gain of log likelihood: it is clear beyond twice its standard error."""
    if abs(gain) <= CLEAR * standard_error:
        return Verdict.NO_CLEAR_DIFFERENCE
    return Verdict.HELPED if gain > 0 else Verdict.HARMED


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Held-out scores of `patients` patients under the fitted prior, compared with the published one.

    `log_score_gain` is the mean gain in log marginal likelihood a patient, and `log_score_gain_se` its
    standard error. The verdict is by it, since censored cycles count in it. `published` and `fitted` are the
    landmark scores at days 7 and 14 under the two priors. Their errors cover uncensored cycles only, mostly
    short ones, so they are reported and not used for the verdict.
    """

    patients: int
    log_score_gain: float
    log_score_gain_se: float
    published: tuple[LandmarkScore, ...]
    fitted: tuple[LandmarkScore, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the fitted prior would have helped patients that it was not fitted to."""
        return verdict_of(self.log_score_gain, self.log_score_gain_se)


def cross_validate(
    training_patients: Sequence[TrainingPatient], step: Callable[[], None] = lambda: None
) -> CrossValidation | None:
    """Return the scores of 5-fold cross-validation by patient; None with too few patients in four folds.

    `step` is called after each patient. Forecasts use what is known today of the days up to each landmark, so
    late entries count as if they had been in time.
    """
    log_score_gains: list[float] = []
    published: list[CyclePredictions] = []
    fitted: list[CyclePredictions] = []
    for fold in range(FOLDS):
        proposal = propose(
            [patient.likelihood for at, patient in enumerate(training_patients) if at % FOLDS != fold]
        )
        if proposal is None:
            return None
        fitted_prior = PopulationPrior("held-out", proposal.median_days, proposal.spread)
        for patient in training_patients[fold::FOLDS]:
            log_score_gains.append(
                log_marginal_likelihood(patient.likelihood, fitted_prior)
                - log_marginal_likelihood(patient.likelihood, PUBLISHED)
            )
            scored = [cycle for cycle in patient.cycles if cycle.can_be_scored]
            published += [_predictions(patient.history, cycle, PUBLISHED) for cycle in scored]
            fitted += [_predictions(patient.history, cycle, fitted_prior) for cycle in scored]
            step()
    return CrossValidation(
        patients=len(training_patients),
        log_score_gain=round(fmean(log_score_gains), 4),
        log_score_gain_se=round(stdev(log_score_gains) / sqrt(len(log_score_gains)), 4),
        published=tuple(score_landmark(published, day) for day in LANDMARKS),
        fitted=tuple(score_landmark(fitted, day) for day in LANDMARKS),
    )


def _predictions(history: History, cycle: RetrospectiveCycle, prior: PopulationPrior) -> CyclePredictions:
    predictions = tuple(_prediction(history, cycle, day, prior) for day in LANDMARKS if day < cycle.length)
    return CyclePredictions(cycle.number, cycle.length, cycle.half_gone, None, predictions)


def _prediction(history: History, cycle: RetrospectiveCycle, day: int, prior: PopulationPrior) -> Prediction:
    of_day = forecast(history, days_after(cycle.start, day), prior)
    if isinstance(of_day, NoForecast):
        return Prediction(day)
    half = of_day.half_benefit_day
    return Prediction(day, half.median, half.lo80, half.hi80, of_day.p_half_lost)
