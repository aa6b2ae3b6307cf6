"""What the course of infusions, the forecast and the plan say."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Final

from clinical.infusion import InfusionReason
from clinical.outlook.answer import Basis, Reason
from clinical.outlook.patient import PRIOR_HALF_DAYS
from clinical.outlook.reasons.grounds import Grounds, Number, chance, points, reason
from clinical.outlook.status import PROBABLY_GONE, planned_day
from clinical.outlook.wording import count, in_a_hundred, on, span
from clinical.protocol import days_after

INTERVALS_SHOWN: Final = 4


def past_intervals(grounds: Grounds) -> Reason | None:
    """How far apart the last infusions were."""
    starts = grounds.cycle_starts
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
        "past_intervals",
        f"The {which} {span(shown)} {'day' if max(shown) == 1 else 'days'}.",
        numbers,
        "The next infusion's date.",
    )


def personal_interval(grounds: Grounds) -> Reason | None:
    """What finished cycles say about how long this patient's benefit lasts."""
    made = grounds.made
    if made is None or made.basis is Basis.CLINIC_PRIOR:
        return None
    finished = sum(len(cycle.days) > 0 for cycle in grounds.material.finished)
    own = made.personal_interval
    numbers: list[Number] = [
        ("finished_cycles", finished),
        ("median_days", points(own.median)),
        ("lo80_days", points(own.lo80)),
        ("hi80_days", points(own.hi80)),
    ]
    return reason(
        "personal_interval",
        f"From {count(finished, 'finished cycle')}, half of this patient's benefit is gone about "
        f"{own.median:.0f} days after an infusion (8 in 10 cycles: {own.lo80:.0f} to {own.hi80:.0f}).",
        numbers,
        "Each further cycle with check-ins.",
    )


def first_cycle(grounds: Grounds) -> Reason | None:
    """That published averages stand in for the patient's own past."""
    if grounds.made is None or grounds.made.basis is not Basis.CLINIC_PRIOR:
        return None
    return reason(
        "first_cycle",
        f"No finished cycle with check-ins yet: an average of {PRIOR_HALF_DAYS:.0f} days from published "
        "studies is the starting point, with a wide margin.",
        [("average_days", points(PRIOR_HALF_DAYS))],
        "A finished cycle with check-ins.",
    )


def chance_gone(grounds: Grounds) -> Reason | None:
    """The chances that half of the benefit is gone, today and soon."""
    made = grounds.made
    if made is None:
        return None
    return reason(
        "chance_gone",
        f"The chance that half of the benefit is gone is {in_a_hundred(made.p_crossed)} today, "
        f"{in_a_hundred(made.p_within_7)} in a week and {in_a_hundred(made.p_within_14)} in two.",
        [
            ("p_crossed", chance(made.p_crossed)),
            ("p_within_7", chance(made.p_within_7)),
            ("p_within_14", chance(made.p_within_14)),
        ],
        "Check-ins over the coming days.",
    )


def early(grounds: Grounds) -> Reason | None:
    """That the benefit has probably worn off before the plan allows another infusion."""
    earliest, day = grounds.protocol.min_interval_days, grounds.material.elapsed
    if grounds.made is None or grounds.made.p_crossed < PROBABLY_GONE or day >= earliest:
        return None
    return reason(
        "early_wear_off",
        f"Half of the benefit has probably gone by day {day}, before the plan's earliest day {earliest}; the "
        "date shown stays inside the plan.",
        [("day", day), ("earliest_day", earliest)],
        "Higher check-ins, or another interval in the patient's plan.",
    )


def window(grounds: Grounds) -> Reason | None:
    """That the plan's window, not the forecast, decided the planned day."""
    if grounds.made is None:
        return None
    planned, wanted = planned_day(grounds.made, grounds.protocol), grounds.made.plan_by
    if planned - 1 < wanted <= planned:
        return None
    return reason(
        "window_decides",
        f"The forecast alone would plan for day {wanted:.0f}; the plan's window makes it day {planned}.",
        [("forecast_day", points(wanted)), ("planned_day", planned)],
        "Another interval in the patient's plan.",
    )


def protocol_limit(grounds: Grounds) -> Reason | None:
    """That the plan's latest day has come."""
    latest = days_after(grounds.material.start, grounds.protocol.max_interval_days)
    if grounds.today < latest:
        return None
    past = (grounds.today - latest).days
    when = "is today" if past == 0 else f"was {count(past, 'day')} ago"
    return reason(
        "protocol_limit",
        f"The plan's latest day, {on(latest)}, {when}.",
        [("latest", latest.isoformat()), ("days_past", past)],
        "The next infusion, or another interval in the patient's plan.",
    )


def given_for_symptoms(grounds: Grounds) -> Reason | None:
    """That the last infusion was itself given because symptoms had returned."""
    start = grounds.material.start
    symptoms = InfusionReason.SYMPTOMS_RETURNED
    if not any(given.day == start and given.reason is symptoms for given in grounds.infusions):
        return None
    return reason(
        "given_for_symptoms",
        f"The last infusion, on {on(start)}, was given because symptoms had returned; the forecast makes no "
        "use of that.",
        [("day", start.isoformat())],
        "Nothing: it is shown for the clinician's own judgement.",
    )
