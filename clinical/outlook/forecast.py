"""The forecast of one patient's running cycle, before it is rounded for display, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import erf, sqrt
from typing import Final

import numpy as np

from clinical.check_in import Reading
from clinical.history import History
from clinical.outlook.data_quality import SILENT_DAYS
from clinical.outlook.model.cycle_fit import Fit
from clinical.outlook.model.half_benefit_time import DECIMALS, benefit_left, days_at, interval, probability_by
from clinical.outlook.model.patient_state import fit_cycle, state_after
from clinical.outlook.model.population_prior import PUBLISHED, Prior
from clinical.outlook.model.segments import ModelInput, model_input, up_to
from clinical.outlook.result import Basis, Estimate, NoForecastReason

MIN_BASELINE_READINGS: Final = 3
"""Fewest answers before treatment. Source: a proposal: SD 1.4 to 1.8 (Neubauer 2021, Jang 2024)."""
MIN_CYCLE_READINGS: Final = 3
"""Fewest answers of a cycle. Source: a proposal: SD 1.4 to 1.8 (Neubauer 2021, Jang 2024)."""

MIN_GAIN: Final = 1.0
"""Least benefit that is measured, points. Source: a proposal."""
MIN_P_GAIN: Final = 0.60
"""Least probability of such a benefit. Source: a proposal."""

SCHEDULE_QUANTILE: Final = 0.25
"""Quantile of T at which to plan. Source: a proposal: a day late costs as much as three days early."""

HYSTERESIS_QUANTILE: Final = 0.17
"""Quantile of T at which to plan for a patient who was due yesterday already. Source: a proposal."""

OUTLIER_SD: Final = 2.0
"""SDs below the curve from which a day is named a short dip. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Posterior summaries of the running cycle, rounded to nine decimals.

    `due`, `plan_by` and `plan_by_with_hysteresis` are days after `model_input.start`; probabilities are 0-1;
    levels are points of W. `p_sooner` is the probability that this cycle's benefit lasts less long than is
    usual for the patient. `line_before` is the half-benefit line before this cycle's days were known.
    """

    model_input: ModelInput
    basis: Basis
    due: Estimate
    plan_by: float
    plan_by_with_hysteresis: float
    p_half_lost: float
    p_half_lost_in_7_days: float
    p_half_lost_in_14_days: float
    benefit_left: Estimate
    baseline: float
    gain: float
    gain_sd: float
    line_before: float
    personal_interval: Estimate
    p_sooner: float
    outlier_days: tuple[int, ...]
    prior: Prior


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Why there is no forecast; `model_input` is None when no cycle has opened."""

    no_forecast_reason: NoForecastReason
    model_input: ModelInput | None


def forecast(history: History, today: date, prior: Prior = PUBLISHED) -> Forecast | NoForecast:
    """Return the forecast on `today` from everything up to that day, in any phase of the course."""
    return forecast_from(history, up_to(history.readings, today), today, prior)


def forecast_from(
    history: History, readings: Sequence[Reading], today: date, prior: Prior
) -> Forecast | NoForecast:
    """Return the same from `readings`, those up to `today` in order of day."""
    known = model_input(history, readings, today)
    if known is None:
        return NoForecast(NoForecastReason.NO_CYCLE, None)
    if not has_baseline(known):
        return NoForecast(NoForecastReason.INSUFFICIENT_BASELINE, known)
    if not readings or (today - readings[-1].day).days >= SILENT_DAYS:
        return NoForecast(NoForecastReason.GONE_SILENT, known)
    patient = state_after(known.baseline, known.finished, prior)
    seen = fit_cycle(patient, known.running)
    if not is_measurable(seen):
        return NoForecast(NoForecastReason.NO_MEASURABLE_BENEFIT, known)
    posterior = seen.posterior
    median, low, high, plan_by, with_hysteresis = days_at(
        posterior, 0.5, 0.1, 0.9, SCHEDULE_QUANTILE, HYSTERESIS_QUANTILE
    )
    usual = interval(patient.next_cycle_prior())
    return Forecast(
        model_input=known,
        basis=_basis(known),
        due=Estimate(median, low, high),
        plan_by=plan_by,
        plan_by_with_hysteresis=with_hysteresis,
        p_half_lost=probability_by(posterior, known.elapsed),
        p_half_lost_in_7_days=probability_by(posterior, known.elapsed + 7),
        p_half_lost_in_14_days=probability_by(posterior, known.elapsed + 14),
        benefit_left=benefit_left(posterior, known.elapsed),
        baseline=round(float(seen.levels.mean[0]), DECIMALS),
        gain=round(float(seen.levels.mean[2]), DECIMALS),
        gain_sd=round(sqrt(float(seen.levels.covariance[2, 2])), DECIMALS),
        line_before=round(float(patient.levels.mean[0] + 0.5 * patient.levels.mean[2]), DECIMALS),
        personal_interval=usual,
        p_sooner=probability_by(posterior, usual.median),
        outlier_days=_dips(known, seen, sqrt(patient.variance)),
        prior=prior,
    )


def has_baseline(known: ModelInput) -> bool:
    """Return whether there is a level to measure a benefit against."""
    return (
        len(known.baseline.days) >= MIN_BASELINE_READINGS
        or known.baseline.auxiliary.rated_baseline is not None
    )


def is_measurable(seen: Fit) -> bool:
    """Return whether a cycle shows a benefit large enough to determine when half of it is lost."""
    distances = (seen.gains - MIN_GAIN) / np.sqrt(2 * seen.gain_variances)
    above = np.array([erf(distance) for distance in distances.tolist()])
    return round(0.5 * (1 + float(above @ seen.posterior)), DECIMALS) >= MIN_P_GAIN


def _basis(known: ModelInput) -> Basis:
    if not any(len(cycle.days) for cycle in known.finished):
        return Basis.POPULATION_PRIOR
    return Basis.PATIENT if len(known.running.days) >= MIN_CYCLE_READINGS else Basis.HISTORY_ONLY


def _dips(known: ModelInput, seen: Fit, noise_sd: float) -> tuple[int, ...]:
    low = seen.residuals <= -OUTLIER_SD * noise_sd
    return tuple(day for day, is_low in zip(known.running.days, low.tolist(), strict=True) if is_low)
