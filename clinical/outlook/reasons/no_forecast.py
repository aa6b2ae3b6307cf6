"""Why there is no forecast, and what is missing for one."""

from __future__ import annotations

from datetime import date
from typing import Final

from clinical.answering_habit import SILENT_DAYS
from clinical.baseline import BASELINE_DAYS
from clinical.formatting import count, on
from clinical.history import History
from clinical.induction_pace import InductionPace, pace_sentence
from clinical.outlook.forecast import (
    MIN_FORECAST_GAIN,
    MIN_P_GAIN,
    NoForecast,
)
from clinical.outlook.model.segments import MIN_BASELINE_READINGS
from clinical.outlook.reasons.context import ReasonContext, reason
from clinical.outlook.reasons.data_coverage import silent_since
from clinical.outlook.result import DataQuality, NoForecastReason, Reason, ReasonCode
from clinical.protocol import Phase, PhaseKind, progress_of
from clinical.sentences import NOTHING, Sentence
from clinical.target_measure import TargetMeasure, is_plural, is_rating, name, rated, was_answered

NEVER_ANSWERED: Final = Sentence("No day has been answered yet.")


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
                Sentence("Treatment began in another clinic, so no check-ins show the level before it."),
                [],
                Sentence("A baseline that a clinician judged."),
            )
        return reason(
            ReasonCode.INSUFFICIENT_BASELINE,
            Sentence(
                "{check_ins} from the {days} days before the first infusion; without {needed} there is no "
                "level to measure a benefit against.",
                check_ins=count(there, "check-in"),
                days=BASELINE_DAYS,
                needed=MIN_BASELINE_READINGS,
            ),
            [("baseline_reading_count", there), ("needed", MIN_BASELINE_READINGS)],
            Sentence(
                "Check-ins entered for days before the first infusion, or a baseline that a clinician judged."
            ),
        )
    if forecast.no_forecast_reason is NoForecastReason.GONE_SILENT:
        return _silent(quality, today)
    return reason(
        ReasonCode.NO_MEASURABLE_BENEFIT,
        Sentence("The check-ins show no benefit large enough to say when half of it is gone."),
        [("min_gain", MIN_FORECAST_GAIN), ("min_p_gain", MIN_P_GAIN)],
        Sentence("Check-ins after an infusion clearly above those before the first one."),
    )


def _without_rating(forecast: NoForecast, context: ReasonContext) -> Reason:
    """Return why there is no forecast by an optional rating, which has to be answered itself."""
    measure, model_input = context.history.target_measure, context.model_input
    if forecast.no_forecast_reason is NoForecastReason.INSUFFICIENT_BASELINE:
        there = len(model_input.baseline.days)
        text = Sentence(
            "{measure_was_answered} on {days} of the {of} before the first infusion; without {needed} there "
            "is no level to measure a benefit against.",
            measure_was_answered=was_answered(measure).capitalized(),
            days=count(there, "day"),
            of=BASELINE_DAYS,
            needed=MIN_BASELINE_READINGS,
        )
        if model_input.first_infusion is None:
            text = Sentence(
                "Treatment began in another clinic, so no answers show {measure} before it.",
                measure=name(measure),
            )
        return reason(
            ReasonCode.INSUFFICIENT_BASELINE,
            text,
            [("baseline_reading_count", there), ("needed", MIN_BASELINE_READINGS)],
            Sentence("Answers for days before the first infusion, or the target baseline of the course."),
        )
    if forecast.no_forecast_reason is NoForecastReason.TARGET_NOT_ANSWERED:
        return reason(
            ReasonCode.TARGET_NOT_ANSWERED,
            _last_answered(context, measure),
            [("limit_days", SILENT_DAYS)],
            Sentence(
                "An answer about {measure}, or another target measure of the course.", measure=name(measure)
            ),
        )
    return reason(
        ReasonCode.NO_MEASURABLE_BENEFIT,
        Sentence(
            "The answers about {measure} show no benefit large enough to say when half of it is gone.",
            measure=name(measure),
        ),
        [("min_gain", MIN_FORECAST_GAIN), ("min_p_gain", MIN_P_GAIN)],
        Sentence(
            "Answers about {measure} after an infusion clearly better than those before the first one.",
            measure=name(measure),
        ),
    )


def _last_answered(context: ReasonContext, measure: TargetMeasure) -> Sentence:
    found, what = rated(context.readings, measure), name(measure).capitalized()
    if not found:
        return Sentence(
            "{measure} were never answered; other questions were."
            if is_plural(measure)
            else "{measure} was never answered; other questions were.",
            measure=what,
        )
    return Sentence(
        "{measure} were last answered on {day}, {days} ago; other questions were since."
        if is_plural(measure)
        else "{measure} was last answered on {day}, {days} ago; other questions were since.",
        measure=what,
        day=on(found[-1].day, context.today),
        days=count((context.today - found[-1].day).days, "day"),
    )


def _silent(quality: DataQuality, today: date) -> Reason:
    silent, last = quality.silent_days, quality.last_check_in_on
    if silent is None or last is None:
        return reason(
            ReasonCode.GONE_SILENT,
            NEVER_ANSWERED,
            [("limit_days", SILENT_DAYS)],
            Sentence("A first check-in."),
        )
    return reason(
        ReasonCode.GONE_SILENT,
        silent_since(silent, last, today),
        [("silent_days", silent), ("limit_days", SILENT_DAYS)],
        Sentence("A new check-in."),
    )


def missing(
    forecast: NoForecast, quality: DataQuality, measure: TargetMeasure = TargetMeasure.WELLBEING
) -> tuple[Sentence, ...]:
    """Return everything that is missing for a forecast by a measure, as short sentences."""
    found = []
    if quality.last_check_in_on is None:
        found.append(NEVER_ANSWERED)
    if forecast.model_input is None:
        found.append(Sentence("No maintenance cycle has begun: it begins with the last induction infusion."))
        return tuple(found)
    there = len(forecast.model_input.baseline.days)
    judged = forecast.model_input.baseline.auxiliary.rated_baseline is not None
    which = Sentence(" with {measure}", measure=name(measure)) if is_rating(measure) else NOTHING
    if forecast.model_input.first_infusion is None:
        found += [] if judged else [_baseline_elsewhere()]
    elif there < MIN_BASELINE_READINGS and not judged:
        found.append(
            Sentence(
                "{needed} check-ins{which} from the {days} days before the first infusion; there is {there}."
                if there == 1
                else "{needed} check-ins{which} from the {days} days before the first infusion; there are "
                "{there}.",
                needed=MIN_BASELINE_READINGS,
                which=which,
                days=BASELINE_DAYS,
                there=there,
            )
        )
    if quality.silent_days is not None and quality.silent_days >= SILENT_DAYS:
        found.append(
            Sentence(
                "A check-in within the last {limit} days; the last is {days} days old.",
                limit=SILENT_DAYS,
                days=quality.silent_days,
            )
        )
    if forecast.no_forecast_reason is NoForecastReason.TARGET_NOT_ANSWERED:
        found.append(
            Sentence("A check-in{which} within the last {limit} days.", which=which, limit=SILENT_DAYS)
        )
    if forecast.no_forecast_reason is NoForecastReason.NO_MEASURABLE_BENEFIT:
        found.append(
            Sentence(
                "A benefit of more than {gain:.0f} point on the 0-10 scale with a chance of at least "
                "{chance:.0f} in 100.",
                gain=MIN_FORECAST_GAIN,
                chance=100 * MIN_P_GAIN,
            )
        )
    return tuple(found)


def _baseline_elsewhere() -> Sentence:
    return Sentence(
        "A baseline that a clinician judged: treatment began in another clinic, so no check-ins show the "
        "level before it."
    )


def outside_maintenance(phase: Phase, history: History, today: date) -> Reason:
    """State the phase as the reason why no date is given; `history` is that of the current course."""
    if phase.kind is PhaseKind.NOT_STARTED:
        text = Sentence("No infusion has been given yet.")
        if history.earlier_courses:
            text = Sentence("No infusion of this course has been given yet.")
        return reason(ReasonCode.NOT_STARTED, text, [], Sentence("The first infusion."))
    if phase.kind is PhaseKind.INDUCTION:
        given, planned = phase.infusions_given_count or 0, phase.infusions_planned_count or 0
        text = Sentence(
            "Induction: {given} of {infusions} given.", given=given, infusions=count(planned, "infusion")
        )
        progress = progress_of(history.protocol, history.infusions, today)
        if progress is not None and progress.pace is not InductionPace.ON_PACE:
            text = pace_sentence(progress, today)
        return reason(
            ReasonCode.INDUCTION,
            text,
            [("given", given), ("planned", planned)],
            Sentence("The last induction infusion."),
        )
    if phase.kind is PhaseKind.MAINTENANCE:
        return reason(
            ReasonCode.NO_CYCLE,
            Sentence("No infusion here yet, and the day of the last one in the other clinic is not known."),
            [],
            Sentence("The day of that infusion in the patient's course, or an infusion here."),
        )
    if phase.kind is PhaseKind.PAUSED:
        text = Sentence("The patient's plan is paused.")
        return reason(ReasonCode.PAUSED, text, [], Sentence("The end of the pause."))
    text = Sentence("The course is completed.")
    return reason(ReasonCode.COMPLETED, text, [], Sentence("A new end date in the patient's plan."))
