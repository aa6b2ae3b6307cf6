"""The forecast of one patient's running cycle, before it is rounded for display, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import erf, sqrt
from typing import Final

import numpy as np

from clinical.answering_habit import SILENT_DAYS
from clinical.check_in import Reading
from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.model.cycle_fit import Fit
from clinical.outlook.model.half_benefit_time import (
    DECIMALS,
    benefit_left,
    days_at,
    interval,
    probability_by,
)
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.patient_state import before_cycle, fit_cycle, state_after
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.model.segments import ModelInput, build_model_input, has_baseline, up_to
from clinical.outlook.recalibrated_posterior import recalibrated
from clinical.outlook.recalibration import Recalibration
from clinical.outlook.result import Basis, Estimate, NoForecastReason
from clinical.target_measure import is_rating, rated

MIN_CYCLE_READINGS: Final = 3
"""Fewest answers of the running cycle for a forecast based on it. Source: a proposal: SD 1.4 to 1.8 (Neubauer
2021, Jang 2024)."""

MIN_FORECAST_GAIN: Final = 1.0
"""Gain above which a benefit is measurable, points. Source: a proposal."""
MIN_P_GAIN: Final = 0.63
"""Least probability of such a gain for a forecast. Source: a proposal: with slow noise in the model it
refuses as many simulated patients without benefit as 0.60 did without it."""

SCHEDULE_QUANTILE: Final = 0.25
"""Quantile of T at which to plan. Source: a proposal: a day late costs as much as three days early."""

HYSTERESIS_QUANTILE: Final = 0.17
"""Quantile of T at which to plan for a patient who was due yesterday (hysteresis). Source: a proposal."""

OUTLIER_SD: Final = 2.0
"""SDs below the curve from which a day is named a short dip. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Posterior summaries of the running cycle, rounded to nine decimals.

    `half_benefit_day`, `plan_by` and `plan_by_with_hysteresis` are days after `model_input.start`, the first
    the estimate of this cycle's T; `personal_interval` is the patient's predictive distribution of T before
    this cycle. Probabilities are 0-1; `p_sooner` is P(T < median of `personal_interval`). Levels are points
    of the target measure on the model's scale, higher is better; `previous_half_benefit_line` is the
    half-benefit line before this cycle's days; `loss_seen` is whether a finished cycle showed the loss of
    half. `recalibration` is what was applied to the distribution of T, None for nothing.
    """

    model_input: ModelInput
    basis: Basis
    half_benefit_day: Estimate
    plan_by: float
    plan_by_with_hysteresis: float
    p_half_lost: float
    p_half_lost_in_7_days: float
    p_half_lost_in_14_days: float
    benefit_left: Estimate
    baseline: float
    gain: float
    gain_sd: float
    previous_half_benefit_line: float
    personal_interval: Estimate
    p_sooner: float
    outlier_days: tuple[int, ...]
    loss_seen: bool
    prior: PopulationPrior
    recalibration: Recalibration | None


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Why there is no forecast; `model_input` is None when no cycle has opened."""

    no_forecast_reason: NoForecastReason
    model_input: ModelInput | None


def forecast(
    history: History,
    today: date,
    prior: PopulationPrior = PUBLISHED,
    options: ModelOptions = IN_USE,
    recalibration: Recalibration | None = None,
) -> Forecast | NoForecast:
    """Return the forecast on `today` from everything up to that day, in any phase of the course."""
    course = current_course(history, today)
    return forecast_from(course, up_to(course.readings, today), today, prior, options, recalibration)


def forecast_from(
    history: History,
    readings: Sequence[Reading],
    today: date,
    prior: PopulationPrior,
    options: ModelOptions = IN_USE,
    recalibration: Recalibration | None = None,
) -> Forecast | NoForecast:
    """Return the same of one course from `readings`, those up to `today` in order of day."""
    model_input = build_model_input(history, readings, today)
    if model_input is None:
        return NoForecast(NoForecastReason.NO_CYCLE, None)
    if not has_baseline(model_input):
        return NoForecast(NoForecastReason.INSUFFICIENT_BASELINE, model_input)
    if _is_silent(readings, today):
        return NoForecast(NoForecastReason.GONE_SILENT, model_input)
    if _is_silent(rated(readings, history.target_measure), today):
        return NoForecast(NoForecastReason.TARGET_NOT_ANSWERED, model_input)
    finished = state_after(
        model_input.baseline, model_input.finished_cycles, prior, model_input.earlier, options
    )
    patient = before_cycle(finished, model_input.running_cycle)
    fit = fit_cycle(patient, model_input.running_cycle)
    if not is_measurable(fit):
        return NoForecast(NoForecastReason.NO_MEASURABLE_BENEFIT, model_input)
    applied = applicable(recalibration, history, prior)
    posterior = fit.posterior if applied is None else recalibrated(fit.posterior, applied)
    median, low, high, plan_by, with_hysteresis = days_at(
        posterior, 0.5, 0.1, 0.9, SCHEDULE_QUANTILE, HYSTERESIS_QUANTILE
    )
    personal_interval = interval(patient.next_cycle_prior())
    return Forecast(
        model_input=model_input,
        basis=_basis(model_input),
        half_benefit_day=Estimate(median, low, high),
        plan_by=plan_by,
        plan_by_with_hysteresis=with_hysteresis,
        p_half_lost=probability_by(posterior, model_input.elapsed),
        p_half_lost_in_7_days=probability_by(posterior, model_input.elapsed + 7),
        p_half_lost_in_14_days=probability_by(posterior, model_input.elapsed + 14),
        benefit_left=benefit_left(posterior, model_input.elapsed),
        baseline=round(float(fit.levels.mean[0]), DECIMALS),
        gain=round(float(fit.levels.mean[2]), DECIMALS),
        gain_sd=round(sqrt(float(fit.levels.covariance[2, 2])), DECIMALS),
        previous_half_benefit_line=round(
            float(patient.levels.mean[0] + 0.5 * patient.levels.mean[2]), DECIMALS
        ),
        personal_interval=personal_interval,
        # Both sides of this comparison are as the model states them.
        p_sooner=probability_by(fit.posterior, personal_interval.median),
        outlier_days=_outlier_days(model_input, fit, sqrt(patient.variance)),
        loss_seen=patient.loss_seen,
        prior=prior,
        recalibration=applied,
    )


def applicable(
    recalibration: Recalibration | None, history: History, prior: PopulationPrior
) -> Recalibration | None:
    """Return the recalibration if the forecasts of a course go through it, else None.

    It was fitted to forecasts of wellbeing, of one engine version and one prior: others are left as they are.
    """
    if recalibration is None or is_rating(history.target_measure) or not recalibration.corrects(prior):
        return None
    return recalibration


def is_measurable(fit: Fit) -> bool:
    """Return whether a cycle shows a benefit large enough to determine when half of it is lost.

    The probability of a gain above MIN_FORECAST_GAIN is the sum over the grid cells of
    posterior * Phi((E[G] - MIN_FORECAST_GAIN) / SD[G]).
    """
    distances = (fit.gains - MIN_FORECAST_GAIN) / np.sqrt(2 * fit.gain_variances)
    errors = np.array([erf(distance) for distance in distances.tolist()])
    return round(0.5 * (1 + float(errors @ fit.posterior)), DECIMALS) >= MIN_P_GAIN


def _is_silent(readings: Sequence[Reading], today: date) -> bool:
    return not readings or (today - readings[-1].day).days >= SILENT_DAYS


def _basis(model_input: ModelInput) -> Basis:
    if not model_input.earlier and not any(len(cycle.days) for cycle in model_input.finished_cycles):
        return Basis.POPULATION_PRIOR
    return Basis.PATIENT if len(model_input.running_cycle.days) >= MIN_CYCLE_READINGS else Basis.HISTORY_ONLY


def _outlier_days(model_input: ModelInput, fit: Fit, noise_sd: float) -> tuple[int, ...]:
    low = fit.residuals <= -OUTLIER_SD * noise_sd
    return tuple(
        day for day, is_low in zip(model_input.running_cycle.days, low.tolist(), strict=True) if is_low
    )
