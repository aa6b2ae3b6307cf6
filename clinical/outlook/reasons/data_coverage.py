"""Reasons about the recency and completeness of check-ins."""

from __future__ import annotations

from typing import Final

from clinical.outlook.forecast import MIN_CYCLE_READINGS
from clinical.outlook.formatting import count, on
from clinical.outlook.reasons.context import ReasonContext, reason
from clinical.outlook.result import Reason, ReasonCode
from clinical.target_measure import capitalized, is_rating, name, was

MOSTLY_ANSWERED: Final = 10
"""Answered days of the last 14 below which the number is remarked on. Source: a proposal."""


def few_in_cycle(context: ReasonContext) -> Reason | None:
    """State that the running cycle has few check-ins yet."""
    readings = len(context.model_input.running_cycle.days)
    if context.forecast is None or readings >= MIN_CYCLE_READINGS:
        return None
    measure, about = context.history.target_measure, ""
    if is_rating(measure):
        about = f" with {name(measure)}"
    return reason(
        ReasonCode.FEW_IN_CYCLE,
        f"{count(readings, 'usable check-in')}{about} since the last infusion: the forecast rests on what "
        "was known before it.",
        [("cycle_reading_count", readings)],
        f"{MIN_CYCLE_READINGS} check-ins from the second day after the infusion on.",
    )


def thin_data(context: ReasonContext) -> Reason | None:
    """State how many days were answered lately, when they were few."""
    answered = context.quality.answered_last_14_days_count
    of_target = context.quality.target_answered_last_14_days_count
    text = "{} of the last 14 days were answered."
    if of_target is not None:
        answered = of_target
        text = f"{capitalized(was(context.history.target_measure))} answered on {{}} of the last 14 days."
    if answered >= MOSTLY_ANSWERED:
        return None
    return reason(
        ReasonCode.THIN_DATA,
        text.format(answered),
        [("answered", answered), ("day_count", 14)],
        "More days answered; a missed day can be filled in afterwards.",
    )


def stale(context: ReasonContext) -> Reason | None:
    """State that the patient has been silent for a week or more."""
    silent, last = context.quality.silent_days, context.quality.last_check_in_on
    if not context.quality.stale or silent is None or last is None:
        return None
    return reason(
        ReasonCode.STALE,
        f"No check-in for {count(silent, 'day')}, since {on(last, context.today)}; silence can itself mean "
        "getting worse.",
        [("silent_days", silent), ("last_check_in_on", last.isoformat())],
        "A new check-in.",
    )
