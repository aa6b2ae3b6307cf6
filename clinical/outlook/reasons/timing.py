"""Reasons from the course of infusions, the forecast and the plan."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor
from statistics import median
from typing import Final

from clinical.formatting import count, in_a_hundred, on, span
from clinical.outlook.forecast import SCHEDULE_QUANTILE
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.outlook.reasons.context import (
    Number,
    ReasonContext,
    better_answers,
    chance,
    from_here,
    points,
    reason,
    worse_answers,
)
from clinical.outlook.result import Basis, Pace, Reason, ReasonCode, Status
from clinical.outlook.status import P_PROBABLY_LOST, pace, planned_day, status
from clinical.protocol import Phase, PhaseKind, days_after
from clinical.sentences import NOTHING, Sentence
from clinical.target_measure import is_rating, name

INTERVALS_SHOWN: Final = 4
"""Past intervals that are named. Source: a proposal."""
LONG_BEYOND_DAYS: Final = 4
"""Days past the plan's latest day from which a forecast is a long one: 32 days in a plan of up to 28.
Source: a proposal."""


_WORDS: Final = {
    Status.NOT_DUE: Sentence("Not due"),
    Status.APPROACHING: Sentence("Due soon"),
    Status.DUE: Sentence("Due"),
    Status.OVERDUE: Sentence("Overdue"),
}
"""The status as the headline writes it. Operational."""

_IN_A_SENTENCE: Final = {
    Status.NOT_DUE: Sentence("not due"),
    Status.APPROACHING: Sentence("approaching"),
    Status.DUE: Sentence("due"),
    Status.OVERDUE: Sentence("overdue"),
    Status.INSUFFICIENT_DATA: Sentence("insufficient data"),
}
"""The status in the middle of a sentence: those of a patient in maintenance without a lack of benefit.
Operational."""


def status_and_day(context: ReasonContext) -> Reason | None:
    """State the status and the recommended day, with the rule of one in four that it follows."""
    word = _WORDS.get(context.status)
    if word is None:
        return None
    if context.forecast is None:
        return reason(
            ReasonCode.STATUS,
            Sentence("{status}, by the plan's dates alone.", status=word),
            [("status", str(context.status))],
            Sentence("The next infusion, or another interval in the patient's plan."),
        )
    planned = planned_day(context.forecast, context.history.protocol)
    day = days_after(context.model_input.start, planned)
    ahead = (day - context.today).days
    date_of = on(day, context.today)
    when = Sentence("is today, {day}", day=date_of)
    if ahead > 0:
        when = Sentence("is {day}, in {days}", day=date_of, days=count(ahead, "day"))
    elif ahead < 0:
        when = Sentence("was {day}, {days} ago", day=date_of, days=count(-ahead, "day"))
    moved = NOTHING
    if planned != ceil(context.forecast.plan_by):
        moved = Sentence(", moved into the plan's window")
    return reason(
        ReasonCode.STATUS,
        Sentence(
            "{status}: the recommended day {when}. It is the day by which half of the benefit is lost with a "
            "chance of one in four{moved}.",
            status=word,
            when=when,
            moved=moved,
        ),
        [
            ("status", str(context.status)),
            ("recommended_on", day.isoformat()),
            ("days_ahead", ahead),
            ("quantile", SCHEDULE_QUANTILE),
        ],
        from_here(Sentence("Higher or lower check-ins")),
    )


def past_intervals(context: ReasonContext) -> Reason | None:
    """State how far apart the last infusions were."""
    starts = context.model_input.opened
    days = [(after - before).days for before, after in pairwise(starts)]
    shown = days[-INTERVALS_SHOWN:]
    if not shown:
        return None
    text = Sentence("The last {number} intervals were {span} days.", number=len(shown), span=span(shown))
    if len(shown) == 1:
        text = Sentence("The last interval was {days}.", days=count(shown[0], "day"))
    elif min(shown) == max(shown):
        days_each = count(shown[0], "day")
        text = Sentence("The last {number} intervals were {days} each.", number=len(shown), days=days_each)
    numbers: list[Number] = [
        ("intervals", len(shown)),
        ("shortest", min(shown)),
        ("longest", max(shown)),
        ("median", float(median(shown))),
    ]
    return reason(
        ReasonCode.PAST_INTERVALS,
        text,
        numbers,
        Sentence("The next infusion's date."),
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
        cycles = Sentence(
            "{cycles} of this course and {number} of earlier ones, which count less",
            cycles=cycles,
            number=before,
        )
    numbers: list[Number] = [
        ("finished_cycles", finished),
        *([("earlier_course_cycles", before)] if before else []),
        ("median_days", points(own.median)),
        ("lo80_days", points(own.lo80)),
        ("hi80_days", points(own.hi80)),
    ]
    return reason(
        ReasonCode.PERSONAL_INTERVAL,
        Sentence(
            "From {cycles}, half of this patient's benefit is gone about {median:.0f} days after an infusion "
            "(8 in 10 cycles: {low:.0f} to {high:.0f}).",
            cycles=cycles,
            median=own.median,
            low=own.lo80,
            high=own.hi80,
        ),
        numbers,
        Sentence("Each further cycle with check-ins."),
    )


def first_cycle(context: ReasonContext) -> Reason | None:
    """State that the population prior is used in place of the patient's own past."""
    if context.forecast is None or context.forecast.basis is not Basis.POPULATION_PRIOR:
        return None
    prior = context.forecast.prior
    source = Sentence("published studies") if prior == PUBLISHED else Sentence("this clinic's own patients")
    if is_rating(context.history.target_measure):
        source = Sentence(
            "{source}, of wellbeing and not of {measure},",
            source=source,
            measure=name(context.history.target_measure),
        )
    return reason(
        ReasonCode.FIRST_CYCLE,
        Sentence(
            "No finished cycle with check-ins yet: an average of {days:.0f} days from {source} is the "
            "starting point, with a wide margin.",
            days=prior.median_days,
            source=source,
        ),
        [("average_days", points(prior.median_days)), ("prior", prior.version)],
        Sentence("A finished cycle with check-ins."),
    )


def probability_half_lost(context: ReasonContext) -> Reason | None:
    """State the probability that half of the benefit is lost, today and soon."""
    forecast = context.forecast
    if forecast is None:
        return None
    today, week = in_a_hundred(forecast.p_half_lost), in_a_hundred(forecast.p_half_lost_in_7_days)
    two_weeks = in_a_hundred(forecast.p_half_lost_in_14_days)
    text = Sentence(
        "The chance that half of the benefit is gone is {today} today, {week} in a week and {two_weeks} in "
        "two.",
        today=today,
        week=week,
        two_weeks=two_weeks,
    )
    if today == two_weeks:
        text = Sentence(
            "The chance that half of the benefit is gone is {today} today, and stays so over the next two "
            "weeks.",
            today=today,
        )
    return reason(
        ReasonCode.PROBABILITY_HALF_LOST,
        text,
        [
            ("p_half_lost", chance(forecast.p_half_lost)),
            ("p_half_lost_in_7_days", chance(forecast.p_half_lost_in_7_days)),
            ("p_half_lost_in_14_days", chance(forecast.p_half_lost_in_14_days)),
        ],
        Sentence("Check-ins over the coming days."),
    )


def pace_of_cycle(context: ReasonContext) -> Reason | None:
    """State that this cycle wears off sooner or later than the patient's cycles usually do."""
    forecast = context.forecast
    if forecast is None or forecast.basis is not Basis.PATIENT or pace(forecast) is Pace.AS_USUAL:
        return None
    sooner = pace(forecast) is Pace.SOONER
    return reason(
        ReasonCode.SOONER_THAN_USUAL if sooner else ReasonCode.LATER_THAN_USUAL,
        Sentence(
            "This time the benefit probably wears off sooner than is usual for this patient: half of it by "
            "about day {day}."
            if sooner
            else "This time the benefit probably wears off later than is usual for this patient: half of it "
            "by about day {day}.",
            day=ceil(forecast.half_benefit_day.median),
        ),
        [
            ("median_day", points(forecast.half_benefit_day.median)),
            ("usual_day", points(forecast.personal_interval.median)),
            ("p_sooner", chance(forecast.p_sooner)),
        ],
        from_here(better_answers(context) if sooner else worse_answers(context)),
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
        Sentence(
            "On today's check-ins alone the status would be {other}; it stays {status}, as it was, until the "
            "difference is clear.",
            other=_IN_A_SENTENCE[without_hysteresis],
            status=_IN_A_SENTENCE[context.status],
        ),
        [("without_hysteresis", str(without_hysteresis)), ("status", str(context.status))],
        Sentence("More check-ins like today's."),
    )


def early(context: ReasonContext) -> Reason | None:
    """State that the benefit has probably worn off before the plan allows another infusion."""
    earliest, day = context.history.protocol.min_interval_days, context.model_input.elapsed
    if context.forecast is None or context.forecast.p_half_lost < P_PROBABLY_LOST or day >= earliest:
        return None
    return reason(
        ReasonCode.EARLY_WEAR_OFF,
        Sentence(
            "Half of the benefit has probably gone by day {day}, before the plan's earliest day {earliest}; "
            "the date shown stays inside the plan.",
            day=day,
            earliest=earliest,
        ),
        [("day", day), ("earliest_day", earliest)],
        Sentence("{answers}, or another interval in the patient's plan.", answers=better_answers(context)),
    )


def window(context: ReasonContext) -> Reason | None:
    """State that the plan's window, not the forecast, decided the planned day."""
    if context.forecast is None:
        return None
    planned, wanted = planned_day(context.forecast, context.history.protocol), context.forecast.plan_by
    if planned - 1 < wanted <= planned or round(wanted) == planned:
        return None
    return reason(
        ReasonCode.WINDOW_DECIDES,
        Sentence(
            "The forecast alone would plan for day {wanted:.0f}; the plan's window makes it day {planned}.",
            wanted=wanted,
            planned=planned,
        ),
        [("forecast_day", points(wanted)), ("planned_day", planned)],
        Sentence("Another interval in the patient's plan."),
    )


def protocol_limit(context: ReasonContext) -> Reason | None:
    """State that the plan's latest day has come."""
    latest = days_after(context.model_input.start, context.history.protocol.max_interval_days)
    if context.today < latest:
        return None
    past = (context.today - latest).days
    day = on(latest, context.today)
    text = Sentence("The plan's latest day, {day}, is today.", day=day)
    if past:
        ago = count(past, "day")
        text = Sentence("The plan's latest day, {day}, was {days} ago.", day=day, days=ago)
    return reason(
        ReasonCode.PROTOCOL_LIMIT,
        text,
        [("latest", latest.isoformat()), ("days_past", past)],
        Sentence("The next infusion, or another interval in the patient's plan."),
    )


def longer_interval_untested(context: ReasonContext) -> Reason | None:
    """State that a long forecast is a lower limit, where no cycle has shown the loss of half."""
    forecast = context.forecast
    if forecast is None or forecast.loss_seen:
        return None
    latest = context.history.protocol.max_interval_days
    if forecast.half_benefit_day.median <= latest + LONG_BEYOND_DAYS:
        return None
    at_least = floor(forecast.half_benefit_day.lo80)
    return reason(
        ReasonCode.LONGER_INTERVAL_UNTESTED,
        Sentence(
            "No cycle has shown yet when half of the benefit is lost: read the forecast as at least {days}, "
            "and an interval longer than {latest} as a trial.",
            days=count(at_least, "day"),
            latest=count(latest, "day"),
        ),
        [("at_least_days", at_least), ("latest_days", latest)],
        Sentence("A cycle in which the benefit wears off before the next infusion."),
    )
