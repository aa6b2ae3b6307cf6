"""Why there is no forecast, and what is missing for one."""

from __future__ import annotations

from datetime import date
from typing import Final

from clinical.baseline import BASELINE_DAYS
from clinical.outlook.data_quality import SILENT_DAYS
from clinical.outlook.forecast import (
    MIN_FORECAST_GAIN,
    MIN_P_GAIN,
    NoForecast,
)
from clinical.outlook.formatting import count, on
from clinical.outlook.model.segments import MIN_BASELINE_READINGS
from clinical.outlook.reasons.context import ReasonContext, reason
from clinical.outlook.result import DataQuality, NoForecastReason, Reason, ReasonCode
from clinical.protocol import Phase, PhaseKind
from clinical.target_measure import TargetMeasure, capitalized, is_rating, name, rated, was

NEVER_ANSWERED: Final = "No day has been answered yet."


TREATED_BEFORE: Final = "Treatment began in another clinic, so no check-ins show the level before it"


def no_forecast(forecast: NoForecast, context: ReasonContext) -> Reason:
    """Return why a patient in maintenance has no forecast, as a reason."""
    quality, today, measure = context.quality, context.today, context.history.target_measure
    if is_rating(measure) and forecast.no_forecast_reason is not NoForecastReason.GONE_SILENT:
        return _without_rating(forecast, context)
    if forecast.no_forecast_reason is NoForecastReason.INSUFFICIENT_BASELINE:
        there = 0 if forecast.model_input is None else len(forecast.model_input.baseline.days)
        if forecast.model_input is not None and forecast.model_input.first_infusion is None:
            return reason(
                ReasonCode.INSUFFICIENT_BASELINE,
                f"{TREATED_BEFORE}.",
                [],
                "A baseline that a clinician judged.",
            )
        return reason(
            ReasonCode.INSUFFICIENT_BASELINE,
            f"{count(there, 'check-in')} from the {BASELINE_DAYS} days before the first infusion; "
            f"without {MIN_BASELINE_READINGS} there is no level to measure a benefit against.",
            [("baseline_reading_count", there), ("needed", MIN_BASELINE_READINGS)],
            "Check-ins entered for days before the first infusion, or a baseline that a clinician judged.",
        )
    if forecast.no_forecast_reason is NoForecastReason.GONE_SILENT:
        return _silent(quality, today)
    return reason(
        ReasonCode.NO_MEASURABLE_BENEFIT,
        "The check-ins show no benefit large enough to say when half of it is gone.",
        [("min_gain", MIN_FORECAST_GAIN), ("min_p_gain", MIN_P_GAIN)],
        "Check-ins after an infusion clearly above those before the first one.",
    )


def _without_rating(forecast: NoForecast, context: ReasonContext) -> Reason:
    """Return why there is no forecast by an optional rating, which has to be answered itself."""
    measure, model_input = context.history.target_measure, context.model_input
    if forecast.no_forecast_reason is NoForecastReason.INSUFFICIENT_BASELINE:
        there = len(model_input.baseline.days)
        answered = (
            f"{capitalized(was(measure))} answered on {count(there, 'day')} of the {BASELINE_DAYS} before"
        )
        text = (
            f"{answered} the first infusion; without {MIN_BASELINE_READINGS} there is no level to measure a "
        )
        if model_input.first_infusion is None:
            text = f"Treatment began in another clinic, so no answers show {name(measure)} before it."
        else:
            text += "benefit against."
        return reason(
            ReasonCode.INSUFFICIENT_BASELINE,
            text,
            [("baseline_reading_count", there), ("needed", MIN_BASELINE_READINGS)],
            "Answers for days before the first infusion, or the target baseline of the course.",
        )
    if forecast.no_forecast_reason is NoForecastReason.TARGET_NOT_ANSWERED:
        last = rated(context.readings, measure)
        when = "never answered; other questions were"
        if last:
            ago = count((context.today - last[-1].day).days, "day")
            when = (
                f"last answered on {on(last[-1].day, context.today)}, {ago} ago; other questions were since"
            )
        return reason(
            ReasonCode.TARGET_NOT_ANSWERED,
            f"{capitalized(was(measure))} {when}.",
            [("limit_days", SILENT_DAYS)],
            f"An answer about {name(measure)}, or another target measure of the course.",
        )
    return reason(
        ReasonCode.NO_MEASURABLE_BENEFIT,
        f"The answers about {name(measure)} show no benefit large enough to say when half of it is gone.",
        [("min_gain", MIN_FORECAST_GAIN), ("min_p_gain", MIN_P_GAIN)],
        f"Answers about {name(measure)} after an infusion clearly better than those before the first one.",
    )


def _silent(quality: DataQuality, today: date) -> Reason:
    silent, last = quality.silent_days, quality.last_check_in_on
    if silent is None or last is None:
        return reason(
            ReasonCode.GONE_SILENT, NEVER_ANSWERED, [("limit_days", SILENT_DAYS)], "A first check-in."
        )
    return reason(
        ReasonCode.GONE_SILENT,
        f"No check-in for {count(silent, 'day')}, since {on(last, today)}; silence can itself mean "
        "getting worse.",
        [("silent_days", silent), ("limit_days", SILENT_DAYS)],
        "A new check-in.",
    )


def missing(
    forecast: NoForecast, quality: DataQuality, measure: TargetMeasure = TargetMeasure.WELLBEING
) -> tuple[str, ...]:
    """Return everything that is missing for a forecast by a measure, as short sentences."""
    found = []
    if quality.last_check_in_on is None:
        found.append(NEVER_ANSWERED)
    if forecast.model_input is None:
        found.append("No maintenance cycle has begun: it begins with the last induction infusion.")
        return tuple(found)
    there = len(forecast.model_input.baseline.days)
    judged = forecast.model_input.baseline.auxiliary.rated_baseline is not None
    which = f" with {name(measure)}" if is_rating(measure) else ""
    if forecast.model_input.first_infusion is None:
        found += [] if judged else [f"A baseline that a clinician judged: {TREATED_BEFORE.lower()}."]
    elif there < MIN_BASELINE_READINGS and not judged:
        found.append(
            f"{MIN_BASELINE_READINGS} check-ins{which} from the {BASELINE_DAYS} days before the first "
            f"infusion; there {'is' if there == 1 else 'are'} {there}."
        )
    if quality.silent_days is not None and quality.silent_days >= SILENT_DAYS:
        found.append(
            f"A check-in within the last {SILENT_DAYS} days; the last is {quality.silent_days} days old."
        )
    if forecast.no_forecast_reason is NoForecastReason.TARGET_NOT_ANSWERED:
        found.append(f"A check-in{which} within the last {SILENT_DAYS} days.")
    if forecast.no_forecast_reason is NoForecastReason.NO_MEASURABLE_BENEFIT:
        found.append(
            f"A benefit of more than {MIN_FORECAST_GAIN:.0f} point on the 0-10 scale with a chance of at "
            f"least {100 * MIN_P_GAIN:.0f} in 100."
        )
    return tuple(found)


def outside_maintenance(phase: Phase) -> Reason:
    """State the phase as the reason why no date is given."""
    if phase.kind is PhaseKind.NOT_STARTED:
        return reason(ReasonCode.NOT_STARTED, "No infusion has been given yet.", [], "The first infusion.")
    if phase.kind is PhaseKind.INDUCTION:
        given, planned = phase.infusions_given_count or 0, phase.infusions_planned_count or 0
        return reason(
            ReasonCode.INDUCTION,
            f"Induction: {given} of {count(planned, 'infusion')} given.",
            [("given", given), ("planned", planned)],
            "The last induction infusion.",
        )
    if phase.kind is PhaseKind.MAINTENANCE:
        return reason(
            ReasonCode.NO_CYCLE,
            "No infusion here yet, and the day of the last one in the other clinic is not known.",
            [],
            "The day of that infusion in the patient's course, or an infusion here.",
        )
    if phase.kind is PhaseKind.PAUSED:
        return reason(ReasonCode.PAUSED, "The patient's plan is paused.", [], "The end of the pause.")
    return reason(
        ReasonCode.COMPLETED, "The course is completed.", [], "A new end date in the patient's plan."
    )
