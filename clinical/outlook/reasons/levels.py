"""Reasons from the ratings of the running cycle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from statistics import fmean
from typing import Final

from clinical.check_in import Reading
from clinical.daily_ratings import answers
from clinical.formatting import count, runs
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.outlook.model.wear_off_curve import FIRST_USABLE_DAY
from clinical.outlook.reasons.context import (
    Number,
    ReasonContext,
    better_answers,
    from_here,
    points,
    reason,
)
from clinical.outlook.result import Basis, Reason, ReasonCode
from clinical.protocol import days_after
from clinical.sentences import Sentence, sentences
from clinical.target_measure import higher_is_worse, is_plural, is_rating, name, turned, was
from clinical.trend import Average, Measure, Rating, average, ratings

RECENT_DAYS: Final = 7
"""Days of the recent level. Source: a week."""
LIFTED_BY_DAY: Final = 10
"""Day by which a lift is expected. Source: a proposal."""
MIN_TO_MISS_A_LIFT: Final = 4
"""Fewest answers by then for its absence to be remarked on. Source: a proposal."""

SHORT_DIP_DAYS: Final = 5
"""Days from which low days in a row are no short dip any more. Source: a proposal: mood at 2 for five days is
a collapse."""

MIN_TO_COMPARE: Final = 3
"""Fewest answers of each week for a change of anxiety to be remarked on. Source: a proposal: one answer is no
change."""
ANXIETY_MOVED: Final = 1.0
"""Points between two weekly means of anxiety that are remarked on. Source: a proposal, half of what chance
does: 1.9, from Fisher 2017."""

OVER, UNDER, ON = Sentence("over"), Sentence("under"), Sentence("on")
"""Sides of the half-benefit line, in words. Operational."""


def level(context: ReasonContext) -> Reason | None:
    """State the mean mood, or target rating, lately and in the week after the infusion."""
    measure, by_rating = context.history.target_measure, is_rating(context.history.target_measure)
    since = _usable(context)
    now, then = _now_and_then(context, answers(since, measure) if by_rating else ratings(since, Measure.MOOD))
    if now.mean is None:
        return None
    day, number = context.model_input.elapsed, "target" if by_rating else "mood"
    what = name(measure).capitalized() if by_rating else Sentence("Mood")
    level = Sentence(
        "{measure} {mean:.1f} on average over {days}, {answered} answered",
        measure=what,
        mean=now.mean,
        days=_last(now),
        answered=now.answered,
    )
    text = Sentence("{level}; this is day {day}.", level=level, day=day)
    numbers: list[Number] = [
        (f"{number}_recent", points(now.mean)),
        ("answered", now.answered),
        ("day_count", now.of),
        ("day", day),
    ]
    if then.mean is not None:
        text = Sentence(
            "{level}, against {mean:.1f} in the week after the last infusion; this is day {day}.",
            level=level,
            mean=then.mean,
            day=day,
        )
        numbers.append((f"{number}_after_infusion", points(then.mean)))
    return reason(
        ReasonCode.RECENT_LEVEL,
        text,
        numbers,
        from_here(Sentence("Higher or lower check-ins")),
    )


def target_measure(context: ReasonContext) -> Reason | None:
    """State by which rating the outlook is, where it is not by wellbeing, and what it assumes."""
    measure = context.history.target_measure
    if not is_rating(measure):
        return None
    text = Sentence(
        "By {measure}, the target measure of this course (0 to 10, 10 is worst), not by mood."
        if _is_turned(context)
        else "By {measure}, the target measure of this course (0 to 10, 10 is best), not by mood.",
        measure=name(measure),
    )
    if context.forecast is not None and context.forecast.prior == PUBLISHED:
        text = sentences((text, Sentence("The prior comes from depression studies.")))
    elif context.forecast is not None:
        prior = Sentence("The prior was fitted to this clinic's patients by wellbeing.")
        text = sentences((text, prior))
    return reason(
        ReasonCode.TARGET_MEASURE,
        text,
        [("target_measure", str(measure))],
        Sentence("Another target measure of the patient's course."),
    )


def half_benefit_line(context: ReasonContext) -> Reason | None:
    """State the recent target measure compared with the level at which half of the benefit is lost."""
    forecast, running = context.forecast, context.model_input.running_cycle
    pairs = zip(running.days, running.values, strict=True)
    recent = [value for day, value in pairs if day > context.model_input.elapsed - RECENT_DAYS]
    if forecast is None or not recent:
        return None
    measure = context.history.target_measure
    line, now = turned(measure, forecast.baseline + 0.5 * forecast.gain), turned(measure, fmean(recent))
    without, whole = turned(measure, forecast.baseline), turned(measure, forecast.baseline + forecast.gain)
    side, other = (UNDER, OVER) if now < line else (OVER, UNDER)
    if round(now, 1) == round(line, 1):
        # As they are written, they are one number.
        side = ON
    number = "target" if is_rating(measure) else "wellbeing"
    numbers: list[Number] = [
        (f"{number}_recent", points(now)),
        ("half_benefit_line", points(line)),
        ("baseline", points(without)),
        ("gain", points(forecast.gain)),
    ]
    return reason(
        ReasonCode.HALF_BENEFIT_LINE,
        Sentence(
            "{measure_was} {now:.1f} lately ({days} answered), {side} the half-benefit line at {line:.1f}; "
            "they are about {without:.1f} without the benefit and {whole:.1f} with all of it."
            if is_plural(measure)
            else "{measure_was} {now:.1f} lately ({days} answered), {side} the half-benefit line at "
            "{line:.1f}; it is about {without:.1f} without the benefit and {whole:.1f} with all of it.",
            measure_was=was(measure).capitalized(),
            now=now,
            days=count(len(recent), "day"),
            side=side,
            line=line,
            without=without,
            whole=whole,
        ),
        numbers,
        Sentence("A week of check-ins {side} the line.", side=other),
    )


def little_lift(context: ReasonContext) -> Reason | None:
    """State that the last infusion has hardly helped, by what the cycles before it did."""
    forecast, running = context.forecast, context.model_input.running_cycle
    early = running.values[: bisect_left(running.days, LIFTED_BY_DAY + 1)]
    if forecast is None or forecast.basis is not Basis.PATIENT or len(early) < MIN_TO_MISS_A_LIFT:
        return None
    # What came with the infusion and was lost within days has worn off; it is no lack of a lift.
    first = fmean(early[:MIN_TO_MISS_A_LIFT])
    if max(fmean(early), first) >= forecast.previous_half_benefit_line:
        return None
    measure = context.history.target_measure
    level, line = turned(measure, fmean(early)), turned(measure, forecast.previous_half_benefit_line)
    number = "target" if is_rating(measure) else "wellbeing"
    return reason(
        ReasonCode.LITTLE_LIFT,
        Sentence(
            "The last infusion has brought little: {measure_was} {level:.1f} on the {number} days answered "
            "of the first {of}, {side} the half-benefit line of the cycles before it ({line:.1f}). The dates "
            "here are those of what benefit there is.",
            measure_was=was(measure),
            level=level,
            number=len(early),
            of=LIFTED_BY_DAY,
            side=OVER if _is_turned(context) else UNDER,
            line=line,
        ),
        [
            (f"{number}_after_infusion", points(level)),
            ("answered", len(early)),
            ("half_benefit_previous_half_benefit_line", points(line)),
        ],
        from_here(better_answers(context)),
    )


def anxiety(context: ReasonContext) -> Reason | None:
    """State a change of anxiety since the week after the infusion, when there is one worth naming.

    None where the outlook is by an optional rating, into which anxiety does not enter.
    """
    if is_rating(context.history.target_measure):
        return None
    now, then = _now_and_then(context, ratings(_usable(context), Measure.ANXIETY))
    if now.mean is None or then.mean is None or abs(now.mean - then.mean) < ANXIETY_MOVED:
        return None
    if min(now.answered, then.answered) < MIN_TO_COMPARE:
        return None
    numbers: list[Number] = [
        ("anxiety_recent", points(now.mean)),
        ("anxiety_after_infusion", points(then.mean)),
        ("answered", now.answered),
    ]
    return reason(
        ReasonCode.ANXIETY_MOVED,
        Sentence(
            "Anxiety is up to {now:.1f} over {days}, {answered} answered, from {then:.1f} in the week after "
            "the last infusion."
            if now.mean > then.mean
            else "Anxiety is down to {now:.1f} over {days}, {answered} answered, from {then:.1f} in the week "
            "after the last infusion.",
            now=now.mean,
            days=_last(now),
            answered=now.answered,
            then=then.mean,
        ),
        numbers,
        Sentence("A week of anxiety ratings back where they were."),
    )


def short_dips(context: ReasonContext) -> Reason | None:
    """State the low days that were counted less."""
    days = [day for run in _low_runs(context) if _length(run) < SHORT_DIP_DAYS for day in run]
    if not days:
        return None
    return reason(
        ReasonCode.SHORT_DIPS,
        Sentence(
            "{days} far above the curve ({runs}), counted less, as for a short rise."
            if _is_turned(context)
            else "{days} far below the curve ({runs}), counted less, as for a short dip.",
            days=count(len(days), "day"),
            runs=runs(days, context.today),
        ),
        [("days", len(days)), ("first_day", days[0].isoformat()), ("last_day", days[-1].isoformat())],
        Sentence("More such days, which would then count."),
    )


def lasting_low(context: ReasonContext) -> Reason | None:
    """State the low days in a row that are too many for a short dip."""
    days = [day for run in _low_runs(context) if _length(run) >= SHORT_DIP_DAYS for day in run]
    if not days:
        return None
    return reason(
        ReasonCode.LASTING_LOW,
        Sentence(
            "{days} far above the curve ({runs}): too long for a short rise, though each day counts less "
            "than one near the curve."
            if _is_turned(context)
            else "{days} far below the curve ({runs}): too long for a short dip, though each day counts less "
            "than one near the curve.",
            days=count(len(days), "answered day"),
            runs=runs(days, context.today),
        ),
        [("days", len(days)), ("first_day", days[0].isoformat()), ("last_day", days[-1].isoformat())],
        from_here(better_answers(context)),
    )


def _is_turned(context: ReasonContext) -> bool:
    return higher_is_worse(context.history.target_measure)


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


def _last(now: Average) -> Sentence:
    return Sentence("the last day") if now.of == 1 else Sentence("the last {number} days", number=now.of)


def _usable(context: ReasonContext) -> Sequence[Reading]:
    """Return the readings from the first usable day of the cycle on."""
    settled = days_after(context.model_input.start, FIRST_USABLE_DAY)
    return context.readings[bisect_left(context.readings, settled, key=attrgetter("day")) :]


def _now_and_then(context: ReasonContext, series: Sequence[Rating]) -> tuple[Average, Average]:
    """Return the means of up to 7 days to today and of the first 7 usable days.

    The second is empty if they overlap.
    """
    start, elapsed = context.model_input.start, context.model_input.elapsed
    settled = days_after(start, FIRST_USABLE_DAY)
    days = max(min(RECENT_DAYS, elapsed - FIRST_USABLE_DAY + 1), 1)
    now = average(series, context.today, days)
    overlapping = elapsed < FIRST_USABLE_DAY + 2 * RECENT_DAYS - 1
    first_week = days_after(settled, RECENT_DAYS - 1)
    return now, average(() if overlapping else series, first_week, RECENT_DAYS)
