"""Comparators, simple rules that a forecast has to outperform: the calendar, and the mean of seven days.

Each maps a history and a day to a `Prediction`, so that the simulation and a clinic's backtest use the same
ones. None means that no cycle has opened; a `Prediction` without figures is no forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import erf, sqrt
from statistics import fmean
from typing import Final

from clinical.baseline import BASELINE_DAYS
from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.evaluation.predictions import Prediction
from clinical.protocol import cycle_starts, first_infusion
from clinical.statistics import Z80
from clinical.target_measure import is_rating, rated, rating_of

Rule = Callable[[History, date], Prediction | None]

PLATEAU: Final = (2, 8)
"""First and last day of the plateau after an infusion. Source: a proposal."""
RECENT_DAYS: Final = 7
"""Days of the recent mean. Source: a proposal."""
MIN_READINGS: Final = 3
"""Fewest answers of a mean. Source: a proposal."""
MIN_RECENT: Final = 2
"""Fewest answers of the recent mean. Source: a proposal."""

MIN_RULE_GAIN: Final = 0.5
"""Points of mood below which the rule finds no benefit. Source: a proposal."""

USUAL_DAYS: Final = 28
"""Days until half is lost without an interval of the patient's own. Source: Feder 2021: 27.5 days."""

PACE_SPREAD: Final = 0.4
"""Spread of those days, log SD. Source: medians from 18 to 57 days: Murrough 2013, Ekstrand 2022."""

DAY_SD: Final = 1.4
"""SD of one day's mood. Source: 1.4 to 1.8: Jang 2024, Neubauer 2021."""
CARRY_OVER: Final = 1.5
"""Factor by which autocorrelation inflates the variance of a mean of a few days. Source: arithmetic from a
lag-1 correlation of .2."""


def calendar(days: int) -> Rule:
    """Return the rule that half is lost `days` days after the infusion, whatever the answers."""

    def rule(history: History, today: date) -> Prediction | None:
        course = current_course(history, today)
        starts = cycle_starts(course.protocol, course.infusions, today)
        if not starts:
            return None
        since = (today - starts[-1]).days
        return Prediction(since, median=days, p_half_lost=float(since >= days))

    return rule


def seven_day_mean(history: History, today: date) -> Prediction | None:
    """Return a prediction from the 7-day mean of mood, or of the rating that is the target measure.

    Half is lost when it is nearer the baseline.

    The plateau is the mean of days 2 to 8 after the infusion, the baseline that of the four weeks before the
    first one. From the mean the benefit is extrapolated in a straight line at the usual pace, and the day of
    crossing is averaged with the calendar's, weighted by precision: the line alone has larger errors than
    the calendar. `p_half_lost` is the probability that the true mean is below the half-way line, so its
    natural alarm is at 0.5.
    """
    history = current_course(history, today)
    starts = cycle_starts(history.protocol, history.infusions, today)
    if not starts:
        return None
    treated_from = first_infusion(history.protocol, history.infusions, today)
    start, first = starts[-1].toordinal(), 0 if treated_from is None else treated_from.toordinal()
    since = today.toordinal() - start
    baseline = _values(history, first - BASELINE_DAYS, first - 1)
    plateau = _values(history, start + PLATEAU[0], start + min(PLATEAU[1], since))
    recent = _values(history, start + max(PLATEAU[0], since - RECENT_DAYS + 1), start + since)
    enough = min(len(baseline), len(plateau)) >= MIN_READINGS and len(recent) >= MIN_RECENT
    if not enough or fmean(plateau) - fmean(baseline) < MIN_RULE_GAIN:
        return Prediction(since)
    return _projected(since, fmean(baseline), fmean(plateau), recent)


def _projected(since: int, baseline: float, plateau: float, recent: Sequence[float]) -> Prediction:
    half = (plateau - baseline) / 2
    above = fmean(recent) - (baseline + half)
    error = DAY_SD * sqrt(CARRY_OVER / len(recent))
    pace = half / (USUAL_DAYS - fmean(PLATEAU))
    middle = since - min(RECENT_DAYS - 1, max(since - PLATEAU[0], 0)) / 2
    projected = middle + above / pace
    precision = 1 / ((error / pace) ** 2 + (PACE_SPREAD * above / pace) ** 2)
    calendar_precision = 1 / (PACE_SPREAD * USUAL_DAYS) ** 2
    total_precision = precision + calendar_precision
    median = max((precision * projected + calendar_precision * USUAL_DAYS) / total_precision, 1.0)
    half_width = Z80 / sqrt(total_precision)
    return Prediction(
        since,
        median=median,
        lo80=max(median - half_width, 1.0),
        hi80=median + half_width,
        p_half_lost=0.5 * (1 - erf(above / (error * sqrt(2)))),
    )


def _values(history: History, first: int, last: int) -> list[float]:
    """Return the moods of some days, or the target rating on the model's scale."""
    measure = history.target_measure
    readings = [each for each in history.readings if first <= each.day.toordinal() <= last]
    if is_rating(measure):
        return [rating_of(reading, measure) for reading in rated(readings, measure)]
    return [reading.mood for reading in readings]
