"""The outlook of one patient on one day: fields, status and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from clinical.check_in import Reading
from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.benefit import lack_of_benefit, measure_changes
from clinical.outlook.data_quality import data_quality
from clinical.outlook.fields import with_forecast, without_forecast
from clinical.outlook.forecast import Forecast, NoForecast, forecast_from
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.model.segments import up_to
from clinical.outlook.reasons import data_coverage, reasons
from clinical.outlook.reasons.context import ReasonContext
from clinical.outlook.reasons.no_forecast import missing, no_forecast, outside_maintenance
from clinical.outlook.recalibration import Recalibration
from clinical.outlook.result import NoForecastReason, Outlook, ReasonCode, Status
from clinical.outlook.status import status
from clinical.protocol import PhaseKind, phase, treatment_days


def outlook(
    history: History,
    today: date,
    prior: PopulationPrior = PUBLISHED,
    recalibration: Recalibration | None = None,
) -> Outlook:
    """Return the outlook on `today` from the history up to that day.

    Total: for every history with at most one reading a day and ratings of 0-10 it raises nothing.
    """
    history = current_course(history, today)
    readings = up_to(history.readings, today)
    quality = data_quality(readings, today, history.target_measure)
    found = without_forecast(history, readings, quality, today, prior)
    if found.phase.kind is not PhaseKind.MAINTENANCE:
        return _outside_maintenance(found, history)
    forecast = forecast_from(history, readings, today, prior, recalibration=recalibration)
    model_input = forecast.model_input
    if model_input is None:
        return _outside_maintenance(found, history)
    changes = measure_changes(history, model_input, today, forecast)
    lack = lack_of_benefit(changes)
    if lack is not None and isinstance(forecast, Forecast):
        # It rests on the population prior alone, and the patient's questionnaires contradict it.
        forecast = NoForecast(NoForecastReason.NO_MEASURABLE_BENEFIT, model_input)
    current_status = _status(history, readings, today, forecast) if lack is None else lack.status
    context = ReasonContext(
        history=history,
        today=today,
        readings=readings,
        quality=found.data_quality,
        model_input=model_input,
        forecast=forecast if isinstance(forecast, Forecast) else None,
        status=current_status,
        changes=changes,
        lack=lack,
    )
    found = replace(
        found if isinstance(forecast, NoForecast) else with_forecast(found, forecast, history, recalibration),
        status=current_status,
        no_benefit_since_on=None if lack is None else lack.since,
        cycle_reading_count=len(model_input.running_cycle.days),
        reasons=reasons(context),
    )
    return _with_no_forecast_reason(found, forecast, context) if isinstance(forecast, NoForecast) else found


def _status(
    history: History, readings: Sequence[Reading], today: date, forecast: Forecast | NoForecast
) -> Status:
    """Return the status of a day; hysteresis may need that of the day before."""
    current_phase = phase(history.protocol, history.infusions, today)

    def yesterday() -> Status | None:
        # The recursion ends at the latest on the day of the cycle's infusion (decision 8).
        treated_today = today in treatment_days(history.protocol, history.infusions, today)
        if treated_today or not isinstance(forecast, Forecast):
            return None
        day = today - timedelta(days=1)
        known = up_to(readings, day)
        earlier = forecast_from(history, known, day, forecast.prior, recalibration=forecast.recalibration)
        lack = None
        if earlier.model_input is not None:
            lack = lack_of_benefit(measure_changes(history, earlier.model_input, day, earlier))
        return _status(history, known, day, earlier) if lack is None else lack.status

    return status(current_phase, forecast, history.protocol, yesterday)


def _outside_maintenance(found: Outlook, history: History) -> Outlook:
    # In maintenance no cycle has opened only where another clinic's last infusion is on an unknown day.
    why = outside_maintenance(found.phase, history, found.today)
    silent = None
    if found.phase.kind is PhaseKind.INDUCTION:
        readings = up_to(history.readings, found.today)
        silent = data_coverage.stale_in_induction(found.data_quality, readings, found.today)
    before = found.phase.kind in {PhaseKind.NOT_STARTED, PhaseKind.INDUCTION, PhaseKind.MAINTENANCE}
    return replace(
        found,
        status=status(found.phase, None, history.protocol),
        no_forecast_reason=NoForecastReason.NO_CYCLE if before else None,
        missing=missing(NoForecast(NoForecastReason.NO_CYCLE, None), found.data_quality) if before else (),
        reasons=tuple(reason for reason in (why, silent) if reason is not None),
    )


def _with_no_forecast_reason(found: Outlook, forecast: NoForecast, context: ReasonContext) -> Outlook:
    why = no_forecast(forecast, context)
    # A finding about the patient comes before the reason why there is no forecast.
    first = 0 if found.no_benefit_since_on is None else 1
    rest = found.reasons[first:]
    if why.code is ReasonCode.GONE_SILENT:
        rest = tuple(reason for reason in rest if reason.code is not ReasonCode.STALE)
    return replace(
        found,
        no_forecast_reason=forecast.no_forecast_reason,
        missing=missing(forecast, found.data_quality, found.target_measure),
        reasons=(*found.reasons[:first], why, *rest),
    )
