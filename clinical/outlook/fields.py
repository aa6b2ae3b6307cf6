"""Fields of an outlook: those that need no forecast, and those of the forecast, rounded.

Days are whole, probabilities have four decimals, levels three. Computed again, an outlook is the same bytes
on the same processor; on another one its figures differ by less than 1e-12 before rounding, so that one in
about 10^8 may differ in its last digit. An outlook's id is made from the versions of its inputs, never from
its bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from math import ceil, floor
from operator import attrgetter

from clinical.answer_timing import days_before_infusion
from clinical.baseline import BASELINE_DAYS
from clinical.check_in import Reading
from clinical.history import History
from clinical.outlook.disclaimers import disclaimers, recalibration_disclaimers
from clinical.outlook.engine_version import ENGINE_VERSION
from clinical.outlook.forecast import Forecast
from clinical.outlook.model.auxiliary import AuxiliaryObservations
from clinical.outlook.model.auxiliary_by_cycle import baseline_score
from clinical.outlook.model.population_prior import PopulationPrior
from clinical.outlook.model.segments import ModelInput
from clinical.outlook.recalibration import Recalibration
from clinical.outlook.result import (
    HORIZON_DAYS,
    Basis,
    DataQuality,
    Estimate,
    Inputs,
    MeasureUse,
    Outlook,
    Status,
)
from clinical.outlook.status import pace, planned_day, wear_off
from clinical.protocol import (
    cycle_starts,
    days_after,
    first_infusion,
    phase,
    protocol_window,
    treatment_days,
)
from clinical.score import Instrument
from clinical.target_measure import is_rating, rated, turned
from clinical.trend import Measure


def without_forecast(
    history: History, readings: Sequence[Reading], quality: DataQuality, today: date, prior: PopulationPrior
) -> Outlook:
    """Return the outlook with the fields that need no forecast; `readings` are those up to `today`, in order.

    `status` is insufficient data, and there are no reasons yet.
    """
    last = max(treatment_days(history.protocol, history.infusions, today), default=None)
    window, measure = protocol_window(history.protocol, history.infusions, today), history.target_measure
    return Outlook(
        today=today,
        phase=phase(history.protocol, history.infusions, today),
        target_measure=measure,
        status=Status.INSUFFICIENT_DATA,
        no_benefit_since_on=None,
        no_forecast_reason=None,
        missing=(),
        basis=None,
        last_infusion_on=last,
        days_since_infusion=None if last is None else (today - last).days,
        protocol_earliest_on=None if window is None else window.earliest,
        protocol_latest_on=None if window is None else window.latest,
        protocol_limit_reached=window is not None and today >= window.latest,
        recommended_on=None,
        due_median_on=None,
        due_lo80_on=None,
        due_hi80_on=None,
        due_median_beyond_horizon=False,
        due_lo80_beyond_horizon=False,
        due_hi80_beyond_horizon=False,
        p_half_lost=None,
        p_half_lost_in_7_days=None,
        p_half_lost_in_14_days=None,
        benefit_left_estimate=None,
        gain=None,
        gain_sd=None,
        baseline_level=None,
        half_benefit_line=None,
        personal_interval=None,
        finished_cycle_count=max(len(cycle_starts(history.protocol, history.infusions, today)) - 1, 0),
        cycle_reading_count=0,
        baseline_reading_count=_baseline_readings(history, rated(readings, measure), today),
        outlier_days=(),
        wear_off_flag=None,
        pace=None,
        data_quality=quality,
        inputs=None,
        reasons=(),
        disclaimers=disclaimers(measure),
        engine_version=ENGINE_VERSION,
        prior_version=prior.version,
        recalibration_version=None,
    )


def with_forecast(
    outlook: Outlook, forecast: Forecast, history: History, recalibration: Recalibration | None = None
) -> Outlook:
    """Return the outlook with the forecast's fields, days as calendar dates.

    `recalibration` is the one that the clinic selected, which may not apply to this forecast.
    """
    start, half = forecast.model_input.start, forecast.half_benefit_day
    measure = history.target_measure
    has_own = outlook.finished_cycle_count > 0 or bool(forecast.model_input.earlier)
    return replace(
        outlook,
        basis=forecast.basis,
        recommended_on=days_after(start, planned_day(forecast, history.protocol)),
        due_median_on=days_after(start, ceil(half.median)),
        due_lo80_on=days_after(start, floor(half.lo80)),
        due_hi80_on=days_after(start, ceil(half.hi80)),
        due_median_beyond_horizon=half.median > HORIZON_DAYS,
        due_lo80_beyond_horizon=half.lo80 > HORIZON_DAYS,
        due_hi80_beyond_horizon=half.hi80 > HORIZON_DAYS,
        p_half_lost=round(forecast.p_half_lost, 4),
        p_half_lost_in_7_days=round(forecast.p_half_lost_in_7_days, 4),
        p_half_lost_in_14_days=round(forecast.p_half_lost_in_14_days, 4),
        benefit_left_estimate=_rounded(forecast.benefit_left, 3),
        gain=round(forecast.gain, 3),
        gain_sd=round(forecast.gain_sd, 3),
        baseline_level=round(turned(measure, forecast.baseline), 3),
        half_benefit_line=round(turned(measure, forecast.baseline + 0.5 * forecast.gain), 3),
        personal_interval=_rounded(forecast.personal_interval, 1) if has_own else None,
        outlier_days=tuple(days_after(start, day) for day in forecast.outlier_days),
        wear_off_flag=wear_off(forecast),
        pace=pace(forecast) if forecast.basis is Basis.PATIENT else None,
        inputs=_inputs(forecast.model_input, history),
        disclaimers=(
            *outlook.disclaimers,
            *recalibration_disclaimers(recalibration, forecast.recalibration, measure),
        ),
        recalibration_version=None if forecast.recalibration is None else forecast.recalibration.version,
    )


def _rounded(estimate: Estimate, decimals: int) -> Estimate:
    parts = (estimate.median, estimate.lo80, estimate.hi80)
    return Estimate(*(round(part, decimals) for part in parts))


def _baseline_readings(history: History, readings: Sequence[Reading], today: date) -> int:
    """Return the number of baseline readings, as if treatment began tomorrow where it has not begun."""
    treated_from = first_infusion(history.protocol, history.infusions, today)
    if treated_from is None and history.protocol.earlier is not None:
        return 0
    first = today.toordinal() + 1 if treated_from is None else treated_from.toordinal()
    bounds = (first - BASELINE_DAYS, first)
    begin, end = (
        bisect_left(readings, bound, key=lambda reading: reading.day.toordinal()) for bound in bounds
    )
    before = treated_from is not None and treated_from in days_before_infusion(readings, history.infusions)
    return end - begin + before


def _reported_on(
    model_input: ModelInput, pairs: Callable[[AuxiliaryObservations], Sequence[tuple[int, float]]]
) -> list[date]:
    cycles = zip(model_input.opened, (*model_input.finished_cycles, model_input.running_cycle), strict=True)
    return [days_after(start, day) for start, cycle in cycles for day, _ in pairs(cycle.auxiliary)]


def _scored_on(model_input: ModelInput, history: History) -> list[date]:
    after = _reported_on(model_input, attrgetter("phq9_improvement"))
    before = baseline_score(history.scores, model_input.first_infusion, history.infusions)
    return [before.day, *after] if before is not None and after else []


def _recalled_on(model_input: ModelInput, history: History) -> list[date]:
    last = days_after(model_input.start, model_input.elapsed)
    return [
        recall.asked_on
        for recall in history.half_benefit_recalls
        if model_input.opened[0] < recall.asked_on <= last
    ]


def _inputs(model_input: ModelInput, history: History) -> Inputs:
    used, measure = model_input.used, history.target_measure
    answered: dict[str, list[date]] = {
        measure if is_rating(measure) else Measure.MOOD: [reading.day for reading in used],
        Measure.ENJOYMENT: [reading.day for reading in used if reading.enjoyment is not None],
        Measure.ANXIETY: [reading.day for reading in used if reading.anxiety is not None],
        "benefit_left": _reported_on(model_input, attrgetter("benefit_left")),
        "half_benefit_recall": _recalled_on(model_input, history),
        Instrument.PHQ_9: _scored_on(model_input, history),
    }
    if not model_input.enjoyment_used:
        del answered[Measure.ENJOYMENT]
    if not model_input.anxiety_used:
        del answered[Measure.ANXIETY]
    return Inputs(
        reading_count=len(used),
        first_on=used[0].day if used else None,
        last_on=used[-1].day if used else None,
        measures=tuple(
            MeasureUse(str(measure), len(days), days[0], days[-1])
            for measure, days in answered.items()
            if days
        ),
    )
