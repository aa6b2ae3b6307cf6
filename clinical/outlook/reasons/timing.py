"""Reasons from the course of infusions, the forecast and the plan."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from statistics import median
from typing import Final

from clinical.infusion import InfusionReason
from clinical.outlook.forecast import SCHEDULE_QUANTILE
from clinical.outlook.formatting import count, in_a_hundred, on, span
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.outlook.reasons.context import (
    Number,
    ReasonContext,
    better_answers,
    chance,
    points,
    reason,
    worse_answers,
)
from clinical.outlook.result import Basis, Pace, Reason, ReasonCode, Status
from clinical.outlook.status import P_PROBABLY_LOST, pace, planned_day, status
from clinical.protocol import Phase, PhaseKind, days_after
from clinical.target_measure import is_rating, name

INTERVALS_SHOWN: Final = 4
"""Past intervals that are named. Source: a proposal."""


_WORDS: Final = {
    Status.NOT_DUE: "Not due",
    Status.APPROACHING: "Due soon",
    Status.DUE: "Due",
    Status.OVERDUE: "Overdue",
}
"""The status as the headline writes it. Operational."""


def status_and_day(context: ReasonContext) -> Reason | None:
    """State the status and the recommended day, with the rule of one in four that it follows."""
    word = _WORDS.get(context.status)
    if word is None:
        return None
    if context.forecast is None:
        return reason(
            ReasonCode.STATUS,
            f"{word}, by the plan's dates alone.",
            [("status", str(context.status))],
            "The next infusion, or another interval in the patient's plan.",
        )
    planned = planned_day(context.forecast, context.history.protocol)
    day = days_after(context.model_input.start, planned)
    ahead = (day - context.today).days
    when = f"is today, {on(day, context.today)}"
    if ahead > 0:
        when = f"is {on(day, context.today)}, in {count(ahead, 'day')}"
    elif ahead < 0:
        when = f"was {on(day, context.today)}, {count(-ahead, 'day')} ago"
    moved = "" if planned == ceil(context.forecast.plan_by) else ", moved into the plan's window"
    return reason(
        ReasonCode.STATUS,
        f"{word}: the day to plan for {when}. It is the day by which half of the benefit is lost with a "
        f"chance of one in four{moved}.",
        [
            ("status", str(context.status)),
            ("recommended_on", day.isoformat()),
            ("days_ahead", ahead),
            ("quantile", SCHEDULE_QUANTILE),
        ],
        "Higher or lower check-ins from here.",
    )


def past_intervals(context: ReasonContext) -> Reason | None:
    """State how far apart the last infusions were."""
    starts = context.model_input.opened
    days = [(after - before).days for before, after in pairwise(starts)]
    shown = days[-INTERVALS_SHOWN:]
    if not shown:
        return None
    which = "last interval was" if len(shown) == 1 else f"last {len(shown)} intervals were"
    numbers: list[Number] = [
        ("intervals", len(shown)),
        ("shortest", min(shown)),
        ("longest", max(shown)),
        ("median", float(median(shown))),
    ]
    return reason(
        ReasonCode.PAST_INTERVALS,
        f"The {which} {span(shown)} {'day' if max(shown) == 1 else 'days'}.",
        numbers,
        "The next infusion's date.",
    )


def personal_interval(context: ReasonContext) -> Reason | None:
    """State how long this patient's benefit lasted in finished cycles."""
    forecast = context.forecast
    if forecast is None or forecast.basis is Basis.POPULATION_PRIOR:
        return None
    finished = sum(len(cycle.days) > 0 for cycle in context.model_input.finished_cycles)
    before = sum(len(cycle.days) > 0 for course in context.model_input.earlier for cycle in course.cycles)
    own = forecast.personal_interval
    cycles = count(finished, "finished cycle")
    if before:
        cycles = f"{cycles} of this course and {before} of earlier ones, which count less"
    numbers: list[Number] = [
        ("finished_cycles", finished),
        *([("earlier_course_cycles", before)] if before else []),
        ("median_days", points(own.median)),
        ("lo80_days", points(own.lo80)),
        ("hi80_days", points(own.hi80)),
    ]
    return reason(
        ReasonCode.PERSONAL_INTERVAL,
        f"From {cycles}, half of this patient's benefit is gone about "
        f"{own.median:.0f} days after an infusion (8 in 10 cycles: {own.lo80:.0f} to {own.hi80:.0f}).",
        numbers,
        "Each further cycle with check-ins.",
    )


def first_cycle(context: ReasonContext) -> Reason | None:
    """State that the population prior is used in place of the patient's own past."""
    if context.forecast is None or context.forecast.basis is not Basis.POPULATION_PRIOR:
        return None
    prior = context.forecast.prior
    source = "published studies" if prior == PUBLISHED else "this clinic's own patients"
    if is_rating(context.history.target_measure):
        source += f", of wellbeing and not of {name(context.history.target_measure)},"
    return reason(
        ReasonCode.FIRST_CYCLE,
        f"No finished cycle with check-ins yet: an average of {prior.median_days:.0f} days from {source} is "
        "the starting point, with a wide margin.",
        [("average_days", points(prior.median_days)), ("prior", prior.version)],
        "A finished cycle with check-ins.",
    )


def probability_half_lost(context: ReasonContext) -> Reason | None:
    """State the probability that half of the benefit is lost, today and soon."""
    forecast = context.forecast
    if forecast is None:
        return None
    return reason(
        ReasonCode.PROBABILITY_HALF_LOST,
        f"The chance that half of the benefit is gone is {in_a_hundred(forecast.p_half_lost)} today, "
        f"{in_a_hundred(forecast.p_half_lost_in_7_days)} in a week and "
        f"{in_a_hundred(forecast.p_half_lost_in_14_days)} in two.",
        [
            ("p_half_lost", chance(forecast.p_half_lost)),
            ("p_half_lost_in_7_days", chance(forecast.p_half_lost_in_7_days)),
            ("p_half_lost_in_14_days", chance(forecast.p_half_lost_in_14_days)),
        ],
        "Check-ins over the coming days.",
    )


def pace_of_cycle(context: ReasonContext) -> Reason | None:
    """State that this cycle wears off sooner or later than the patient's cycles usually do."""
    forecast = context.forecast
    if forecast is None or forecast.basis is not Basis.PATIENT or pace(forecast) is Pace.AS_USUAL:
        return None
    sooner = pace(forecast) is Pace.SOONER
    return reason(
        ReasonCode.SOONER_THAN_USUAL if sooner else ReasonCode.LATER_THAN_USUAL,
        f"This time the benefit probably wears off {'sooner' if sooner else 'later'} than is usual for this "
        f"patient: half of it by about day {ceil(forecast.half_benefit_day.median)}.",
        [
            ("median_day", points(forecast.half_benefit_day.median)),
            ("usual_day", points(forecast.personal_interval.median)),
            ("p_sooner", chance(forecast.p_sooner)),
        ],
        f"{better_answers(context) if sooner else worse_answers(context)} from here.",
    )


def status_hysteresis(context: ReasonContext) -> Reason | None:
    """State that hysteresis retained yesterday's status."""
    if context.forecast is None:
        return None
    without_hysteresis = status(Phase(PhaseKind.MAINTENANCE), context.forecast, context.history.protocol)
    if without_hysteresis is context.status:
        return None
    return reason(
        ReasonCode.STATUS_HYSTERESIS,
        f"On today's check-ins alone the status would be {without_hysteresis.replace('_', ' ')}; it stays "
        f"{context.status.replace('_', ' ')}, as it was, until the difference is clear.",
        [("without_hysteresis", str(without_hysteresis)), ("status", str(context.status))],
        "More check-ins like today's.",
    )


def early(context: ReasonContext) -> Reason | None:
    """State that the benefit has probably worn off before the plan allows another infusion."""
    earliest, day = context.history.protocol.min_interval_days, context.model_input.elapsed
    if context.forecast is None or context.forecast.p_half_lost < P_PROBABLY_LOST or day >= earliest:
        return None
    return reason(
        ReasonCode.EARLY_WEAR_OFF,
        f"Half of the benefit has probably gone by day {day}, before the plan's earliest day {earliest}; the "
        "date shown stays inside the plan.",
        [("day", day), ("earliest_day", earliest)],
        f"{better_answers(context)}, or another interval in the patient's plan.",
    )


def window(context: ReasonContext) -> Reason | None:
    """State that the plan's window, not the forecast, decided the planned day."""
    if context.forecast is None:
        return None
    planned, wanted = planned_day(context.forecast, context.history.protocol), context.forecast.plan_by
    if planned - 1 < wanted <= planned:
        return None
    return reason(
        ReasonCode.WINDOW_DECIDES,
        f"The forecast alone would plan for day {wanted:.0f}; the plan's window makes it day {planned}.",
        [("forecast_day", points(wanted)), ("planned_day", planned)],
        "Another interval in the patient's plan.",
    )


def protocol_limit(context: ReasonContext) -> Reason | None:
    """State that the plan's latest day has come."""
    latest = days_after(context.model_input.start, context.history.protocol.max_interval_days)
    if context.today < latest:
        return None
    past = (context.today - latest).days
    when = "is today" if past == 0 else f"was {count(past, 'day')} ago"
    return reason(
        ReasonCode.PROTOCOL_LIMIT,
        f"The plan's latest day, {on(latest, context.today)}, {when}.",
        [("latest", latest.isoformat()), ("days_past", past)],
        "The next infusion, or another interval in the patient's plan.",
    )


def given_for_symptoms(context: ReasonContext) -> Reason | None:
    """State that the last infusion was itself given because symptoms had returned."""
    start = context.model_input.start
    symptoms = InfusionReason.SYMPTOMS_RETURNED
    if context.forecast is None or not context.model_input.finished_cycles:
        return None
    if not any(given.day == start and given.reason is symptoms for given in context.history.infusions):
        return None
    return reason(
        ReasonCode.GIVEN_FOR_SYMPTOMS,
        f"The last infusion, on {on(start, context.today)}, was given because symptoms had returned; the "
        "forecast takes half of the benefit before it as probably gone by then.",
        [("day", start.isoformat())],
        "Another reason recorded for that infusion.",
    )
