"""Visibility of an outlook: with its forecast, or without it (a silent trial).

A clinic that does not show its forecasts still sees, for each patient, the phase, the plan's dates and a
status by the plan's window. With t the days since the last infusion:

    overdue      the plan's latest day is more than 5 days past
    due          the plan's latest day has come
    approaching  it is at most 7 days away
    not due      otherwise

These are the thresholds of `clinical.outlook.status` with the latest day as the planned one. No benefit and
worse, by `clinical.outlook.benefit`, come before them: they rest on averages and questionnaires alone. Only
reasons that need no forecast are given: no benefit, the target measure, measures that disagree, mood and
anxiety compared with the week after the infusion, the last intervals, whether the plan's latest day has come,
and how many days were answered. The model does not run here, so that nothing of a forecast can be disclosed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.benefit import lack_of_benefit, measure_changes
from clinical.outlook.build import outlook
from clinical.outlook.data_quality import data_quality
from clinical.outlook.fields import without_forecast
from clinical.outlook.mode import Mode
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.model.segments import build_model_input, up_to
from clinical.outlook.reasons import benefit, data_coverage, levels, timing
from clinical.outlook.reasons.context import ReasonContext
from clinical.outlook.recalibration import Recalibration
from clinical.outlook.result import NoForecastReason, Outlook, Reason, ReasonCode
from clinical.outlook.status import status_by_plan
from clinical.protocol import PhaseKind
from clinical.sentences import Sentence

_WHY_NOT: Final = {
    Mode.SILENT: (
        NoForecastReason.NOT_SHOWN,
        Sentence("This clinic runs the forecast silently: it is made and scored, and shown to nobody yet."),
    ),
    Mode.OFF: (NoForecastReason.SWITCHED_OFF, Sentence("This clinic has switched the forecast off.")),
}
_REASONS_WITHOUT_FORECAST: Final = (
    benefit.no_benefit,
    timing.status_and_day,
    levels.target_measure,
    benefit.measures_disagree,
    levels.level,
    timing.past_intervals,
    levels.anxiety,
    timing.protocol_limit,
    data_coverage.thin_data,
    data_coverage.stale,
)


def shown(
    history: History,
    today: date,
    mode: Mode,
    prior: PopulationPrior = PUBLISHED,
    recalibration: Recalibration | None = None,
) -> Outlook:
    """Return the outlook as it is shown in a clinic whose forecasts run in `mode`.

    Outside maintenance there is no forecast, and every mode shows the same.
    """
    if mode is Mode.SHOWN:
        return outlook(history, today, prior, recalibration)
    history = current_course(history, today)
    readings = up_to(history.readings, today)
    quality = data_quality(readings, today, history.target_measure)
    found = without_forecast(history, readings, quality, today, prior)
    model_input = build_model_input(history, readings, today)
    if found.phase.kind is not PhaseKind.MAINTENANCE or model_input is None:
        return outlook(history, today, prior)
    changes = measure_changes(history, model_input, today)
    lack = lack_of_benefit(changes)
    status = status_by_plan(history.protocol, model_input.elapsed) if lack is None else lack.status
    context = ReasonContext(
        history=history,
        today=today,
        readings=readings,
        quality=found.data_quality,
        model_input=model_input,
        forecast=None,
        status=status,
        changes=changes,
        lack=lack,
    )
    reasons = (reason(context) for reason in _REASONS_WITHOUT_FORECAST)
    no_forecast_reason, sentence = _WHY_NOT[mode]
    would_change = Sentence("An admin shows forecasts in the clinic's settings.")
    why = Reason(ReasonCode(no_forecast_reason), sentence, (), would_change)
    return replace(
        found,
        status=status,
        no_benefit_since_on=None if lack is None else lack.since,
        no_forecast_reason=no_forecast_reason,
        missing=(would_change,),
        cycle_reading_count=len(model_input.running_cycle.days),
        reasons=(why, *(reason for reason in reasons if reason is not None)),
    )
