"""The whole outlook of one patient on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from clinical.check_in import Reading
from clinical.history import History
from clinical.outlook.data_quality import data_quality
from clinical.outlook.forecast import Forecast, NoForecast, forecast_from
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.model.segments import up_to
from clinical.outlook.reasons import reasons
from clinical.outlook.reasons.context import Grounds
from clinical.outlook.reasons.no_forecast import missing, outside_maintenance, refused
from clinical.outlook.result import NoForecastReason, Outlook, Status
from clinical.outlook.rounding import facts, with_forecast
from clinical.outlook.status import status
from clinical.protocol import PhaseKind, last_infusion, phase


def outlook(history: History, today: date, prior: PopulationPrior = PUBLISHED) -> Outlook:
    """Return the outlook on `today` from the history up to that day.

    Total: for every history with at most one reading a day and ratings of 0-10 it raises nothing.
    """
    readings = up_to(history.readings, today)
    plain = facts(history, readings, data_quality(readings, today), today, prior)
    if plain.phase.kind is not PhaseKind.MAINTENANCE:
        return _outside_maintenance(plain, history)
    forecast = forecast_from(history, readings, today, prior)
    if forecast.model_input is None:
        return _outside_maintenance(plain, history)
    status = _status(history, readings, today, forecast)
    grounds = Grounds(
        history=history,
        today=today,
        readings=readings,
        quality=plain.data_quality,
        model_input=forecast.model_input,
        forecast=forecast if isinstance(forecast, Forecast) else None,
        status=status,
    )
    answer = replace(
        plain if isinstance(forecast, NoForecast) else with_forecast(plain, forecast, history),
        status=status,
        cycle_reading_count=len(forecast.model_input.running_cycle.days),
        reasons=reasons(grounds),
    )
    return _refused(answer, forecast) if isinstance(forecast, NoForecast) else answer


def _status(
    history: History, readings: Sequence[Reading], today: date, forecast: Forecast | NoForecast
) -> Status:
    """Return the status of a day, which by hysteresis may depend on the day before, back to the infusion."""
    current_phase = phase(history.protocol, history.infusions, today)

    def yesterday() -> Status | None:
        before = today - timedelta(days=1)
        if not isinstance(forecast, Forecast) or last_infusion(history.infusions, today) == today:
            return None
        seen = up_to(readings, before)
        return _status(history, seen, before, forecast_from(history, seen, before, forecast.prior))

    return status(current_phase, forecast, history.protocol, yesterday)


def _outside_maintenance(plain: Outlook, history: History) -> Outlook:
    before = plain.phase.kind in {PhaseKind.NOT_STARTED, PhaseKind.INDUCTION}
    return replace(
        plain,
        status=status(plain.phase, None, history.protocol),
        no_forecast_reason=NoForecastReason.NO_CYCLE if before else None,
        missing=missing(NoForecast(NoForecastReason.NO_CYCLE, None), plain.data_quality) if before else (),
        reasons=(outside_maintenance(plain.phase),),
    )


def _refused(answer: Outlook, forecast: NoForecast) -> Outlook:
    return replace(
        answer,
        no_forecast_reason=forecast.no_forecast_reason,
        missing=missing(forecast, answer.data_quality),
        reasons=(refused(forecast, answer.data_quality), *answer.reasons),
    )
