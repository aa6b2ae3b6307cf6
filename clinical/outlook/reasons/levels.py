"""Reasons from the ratings of the running cycle."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from operator import attrgetter
from statistics import fmean
from typing import Final

from clinical.outlook.formatting import count, runs
from clinical.outlook.model.wear_off_curve import FIRST_USABLE_DAY
from clinical.outlook.reasons.context import Number, ReasonContext, points, reason
from clinical.outlook.result import Basis, Reason, ReasonCode
from clinical.protocol import days_after
from clinical.trend import Average, Measure, average, ratings

RECENT_DAYS: Final = 7
"""Days of the recent level. Source: a week."""
LIFTED_BY_DAY: Final = 10
"""Day by which a lift is expected. Source: a proposal."""
MIN_TO_MISS_A_LIFT: Final = 4
"""Fewest answers by then for its absence to be remarked on. Source: a proposal."""

SHORT_DIP_DAYS: Final = 5
"""Days from which low days in a row are no short dip any more. Source: a proposal: mood at 2 for five days is
a collapse."""

ANXIETY_MOVED: Final = 1.0
"""Points between two weekly means of anxiety that are remarked on. Source: a proposal, half of what chance
does: 1.9, from Fisher 2017."""


def level(context: ReasonContext) -> Reason | None:
    """State the mean mood lately and in the week after the infusion."""
    now, then = _now_and_then(context, Measure.MOOD)
    if now.mean is None:
        return None
    day = context.model_input.elapsed
    text = f"Mood {now.mean:.1f} on average over {_last(now)}, {now.answered} answered"
    numbers: list[Number] = [
        ("mood_recent", points(now.mean)),
        ("answered", now.answered),
        ("day_count", now.of),
        ("day", day),
    ]
    if then.mean is not None:
        text += f", against {then.mean:.1f} in the week after the last infusion"
        numbers.append(("mood_after_infusion", points(then.mean)))
    return reason(
        ReasonCode.RECENT_LEVEL,
        f"{text}; this is day {day}.",
        numbers,
        "Higher or lower check-ins from here.",
    )


def half_benefit_line(context: ReasonContext) -> Reason | None:
    """State recent wellbeing compared with the level at which half of the benefit is lost."""
    forecast, running = context.forecast, context.model_input.running_cycle
    pairs = zip(running.days, running.values, strict=True)
    recent = [value for day, value in pairs if day > context.model_input.elapsed - RECENT_DAYS]
    if forecast is None or not recent:
        return None
    line, now = forecast.baseline + 0.5 * forecast.gain, fmean(recent)
    side, other = ("under", "over") if now < line else ("over", "under")
    numbers: list[Number] = [
        ("wellbeing_recent", points(now)),
        ("half_benefit_line", points(line)),
        ("baseline", points(forecast.baseline)),
        ("gain", points(forecast.gain)),
    ]
    return reason(
        ReasonCode.HALF_BENEFIT_LINE,
        f"Wellbeing was {now:.1f} on the {count(len(recent), 'day')} answered "
        f"lately, {side} the half-benefit line at {line:.1f}; it is about {forecast.baseline:.1f} without "
        f"the benefit and {forecast.baseline + forecast.gain:.1f} with all of it.",
        numbers,
        f"A week of check-ins {other} the line.",
    )


def little_lift(context: ReasonContext) -> Reason | None:
    """State that the last infusion has hardly lifted wellbeing, by what the cycles before it did."""
    forecast, running = context.forecast, context.model_input.running_cycle
    early = running.values[: bisect_left(running.days, LIFTED_BY_DAY + 1)]
    if forecast is None or forecast.basis is not Basis.PATIENT or len(early) < MIN_TO_MISS_A_LIFT:
        return None
    if fmean(early) >= forecast.previous_half_benefit_line:
        return None
    return reason(
        ReasonCode.LITTLE_LIFT,
        f"The last infusion has brought little: wellbeing was {fmean(early):.1f} on the {len(early)} days "
        f"answered of the first {LIFTED_BY_DAY}, under the half-benefit line of the cycles before it "
        f"({forecast.previous_half_benefit_line:.1f}). The dates here are those of what benefit there is.",
        [
            ("wellbeing_after_infusion", points(fmean(early))),
            ("answered", len(early)),
            ("half_benefit_previous_half_benefit_line", points(forecast.previous_half_benefit_line)),
        ],
        "Higher check-ins from here.",
    )


def anxiety(context: ReasonContext) -> Reason | None:
    """State a change of anxiety since the week after the infusion, when there is one worth naming."""
    now, then = _now_and_then(context, Measure.ANXIETY)
    if now.mean is None or then.mean is None or abs(now.mean - then.mean) < ANXIETY_MOVED:
        return None
    numbers: list[Number] = [
        ("anxiety_recent", points(now.mean)),
        ("anxiety_after_infusion", points(then.mean)),
        ("answered", now.answered),
    ]
    return reason(
        ReasonCode.ANXIETY_MOVED,
        f"Anxiety is {'up' if now.mean > then.mean else 'down'} to {now.mean:.1f} over {_last(now)}, "
        f"{now.answered} answered, from {then.mean:.1f} in the week after the last infusion.",
        numbers,
        "A week of anxiety ratings back where they were.",
    )


def short_dips(context: ReasonContext) -> Reason | None:
    """State the low days that were counted less."""
    days = [day for run in _low_runs(context) if _length(run) < SHORT_DIP_DAYS for day in run]
    if not days:
        return None
    return reason(
        ReasonCode.SHORT_DIPS,
        f"{count(len(days), 'day')} far below the curve ({runs(days, context.today)}), counted less, as for "
        "a short dip.",
        [("days", len(days)), ("first_day", days[0].isoformat()), ("last_day", days[-1].isoformat())],
        "More days as low as these, which would then count.",
    )


def lasting_low(context: ReasonContext) -> Reason | None:
    """State the low days in a row that are too many for a short dip."""
    days = [day for run in _low_runs(context) if _length(run) >= SHORT_DIP_DAYS for day in run]
    if not days:
        return None
    return reason(
        ReasonCode.LASTING_LOW,
        f"{count(len(days), 'answered day')} far below the curve ({runs(days, context.today)}): too long for "
        "a short dip, though each day counts less than one near the curve.",
        [("days", len(days)), ("first_day", days[0].isoformat()), ("last_day", days[-1].isoformat())],
        "Higher check-ins from here.",
    )


def _low_runs(context: ReasonContext) -> list[list[date]]:
    """Return the days far below the curve in runs, each without an answered day in between."""
    if context.forecast is None:
        return []
    low, start = set(context.forecast.outlier_days), context.model_input.start
    found: list[list[date]] = []
    after_low = False
    for day in context.model_input.running_cycle.days:
        if day in low and after_low:
            found[-1].append(days_after(start, day))
        elif day in low:
            found.append([days_after(start, day)])
        after_low = day in low
    return found


def _length(run: list[date]) -> int:
    return (run[-1] - run[0]).days + 1


def _last(now: Average) -> str:
    return "the last day" if now.of == 1 else f"the last {now.of} days"


def _now_and_then(context: ReasonContext, measure: Measure) -> tuple[Average, Average]:
    """Return the means of up to 7 days to today and of the first 7 usable days.

    The second is empty if they overlap.
    """
    start, elapsed = context.model_input.start, context.model_input.elapsed
    settled = days_after(start, FIRST_USABLE_DAY)
    first = bisect_left(context.readings, settled, key=attrgetter("day"))
    series = ratings(context.readings[first:], measure)
    days = max(min(RECENT_DAYS, elapsed - FIRST_USABLE_DAY + 1), 1)
    now = average(series, context.today, days)
    overlapping = elapsed < FIRST_USABLE_DAY + 2 * RECENT_DAYS - 1
    first_week = days_after(settled, RECENT_DAYS - 1)
    return now, average(() if overlapping else series, first_week, RECENT_DAYS)
