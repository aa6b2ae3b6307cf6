"""Reasons about the recency and completeness of check-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from clinical.answering_habit import silence
from clinical.check_in import Reading
from clinical.formatting import count, on
from clinical.outlook.forecast import MIN_CYCLE_READINGS
from clinical.outlook.reasons.context import ReasonContext, reason
from clinical.outlook.result import DataQuality, Reason, ReasonCode
from clinical.sentences import NOTHING, Sentence
from clinical.target_measure import is_rating, name, was_answered

MOSTLY_ANSWERED: Final = 10
"""Answered days of the last 14 below which the number is remarked on. Source: a proposal."""


def few_in_cycle(context: ReasonContext) -> Reason | None:
    """State that the running cycle has few check-ins yet."""
    readings = len(context.model_input.running_cycle.days)
    if context.forecast is None or readings >= MIN_CYCLE_READINGS:
        return None
    measure, about = context.history.target_measure, NOTHING
    if is_rating(measure):
        about = Sentence(" with {measure}", measure=name(measure))
    return reason(
        ReasonCode.FEW_IN_CYCLE,
        Sentence(
            "{check_ins}{about} since the last infusion: the forecast rests on what was known before it.",
            check_ins=count(readings, "usable check-in"),
            about=about,
        ),
        [("cycle_reading_count", readings)],
        Sentence("{number} check-ins from the second day after the infusion on.", number=MIN_CYCLE_READINGS),
    )


def thin_data(context: ReasonContext) -> Reason | None:
    """State how many days were answered lately, when they were few."""
    answered = context.quality.answered_last_14_days_count
    of_target = context.quality.target_answered_last_14_days_count
    text = Sentence(
        "{number} of the last 14 days was answered."
        if answered == 1
        else "{number} of the last 14 days were answered.",
        number=answered,
    )
    if of_target is not None:
        answered = of_target
        text = Sentence(
            "{measure_was_answered} on {number} of the last 14 days.",
            measure_was_answered=was_answered(context.history.target_measure).capitalized(),
            number=answered,
        )
    if answered >= MOSTLY_ANSWERED:
        return None
    return reason(
        ReasonCode.THIN_DATA,
        text,
        [("answered", answered), ("day_count", 14)],
        Sentence("More days answered; a missed day can be filled in afterwards."),
    )


def silent_since(days: int, last: date, today: date) -> Sentence:
    """Return that there was no check-in for some days, since the last one's."""
    return Sentence(
        "No check-in for {days}, since {day}; silence can itself mean getting worse.",
        days=count(days, "day"),
        day=on(last, today),
    )


def stale(context: ReasonContext) -> Reason | None:
    """State that the patient has been silent for a week or more."""
    silent, last = context.quality.silent_days, context.quality.last_check_in_on
    if not context.quality.stale or silent is None or last is None:
        return None
    return _stale(silent, last, context.readings, context.today)


def stale_in_induction(quality: DataQuality, readings: Sequence[Reading], today: date) -> Reason | None:
    """State the same during an induction, of which there is no context of a cycle."""
    silent, last = quality.silent_days, quality.last_check_in_on
    if not quality.stale or silent is None or last is None:
        return None
    return _stale(silent, last, readings, today)


def _stale(silent: int, last: date, readings: Sequence[Reading], today: date) -> Reason:
    text, usual = silent_since(silent, last, today), silence(readings, today, None)
    if usual is not None and not usual.unusual and usual.usual_gap_days is not None:
        text = Sentence(
            "No check-in for {days}, since {day}; this patient usually answers every {number} days.",
            days=count(silent, "day"),
            day=on(last, today),
            number=usual.usual_gap_days,
        )
    return reason(
        ReasonCode.STALE,
        text,
        [("silent_days", silent), ("last_check_in_on", last.isoformat())],
        Sentence("A new check-in."),
    )
