"""Detection of wear-off: sensitivity, delay, false alarms and lead times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from clinical.outlook.evaluation.averages import mean, median
from clinical.outlook.evaluation.predictions import CyclePredictions, Prediction

DAYS_OF_A_YEAR: Final = 365.25
"""Days of a year. Source: the calendar."""

ALARM_GRACE_DAYS: Final = 7
"""Days after the loss of half on which an alarm still counts. Source: a proposal."""

NOTICE_DAYS: Final = 7
"""Days ahead of the median at which a cycle is flagged, enough to book. Source: a proposal."""

MIN_LED_DAYS: Final = 10
"""Shortest cycle with room for a week's notice, days. Source: a proposal."""

IN_TIME: Final = (2, 12)
"""Fewest and most days of notice that serve a clinic. Source: a proposal."""

NEVER_FLAGGED: Final = -9
"""Days of notice charged to a cycle that was never flagged. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class DetectionScore:
    """Sensitivity, delay and false alarms; an alarm is a day with `p_half_lost` at or above a level.

    `followed` are the cycles followed for a week beyond `half_gone`; `sensitivity` is the share of them
    with an alarm between `third_gone` and a week after `half_gone`. `median_delay` is in days from
    `half_gone` to the first alarm at or after `third_gone`, below 0 when it came before, over those that
    had one. `false_alarm_count` are the alarms that begin before `third_gone`, and `years` the patient-years
    of predictions before it, days without a forecast included. In a cycle without a `third_gone`
    every day lies before it.
    """

    followed: int
    sensitivity: float | None
    median_delay: float | None
    false_alarm_count: int
    years: float
    false_alarms_per_year: float | None


@dataclass(frozen=True, slots=True)
class LeadScore:
    """Lead times: from the first day whose median lay at most a week ahead to the day half was lost.

    Over `cycles` of ten days and more that were flagged or followed past `half_gone`; censored ones have no
    day to count to. `median_lead` is in days, ideally 7; `timely_share` is the share of 2 to 12. A cycle
    never flagged counts as a miss, with -9 days.
    """

    cycles: int
    median_lead: float | None
    timely_share: float | None


def score_detection(cycles: Sequence[CyclePredictions], alarm_at: float) -> DetectionScore:
    """Return sensitivity, delay and false alarms with an alarm from that probability (0-1)."""
    detected: list[bool] = []
    delays: list[float] = []
    false_alarm_count = days_before_loss = 0
    for cycle in cycles:
        third = inf if cycle.third_gone is None else cycle.third_gone
        false_alarm_count += sum(day < third for day in onsets(cycle, alarm_at))
        days_before_loss += sum(prediction.day < third for prediction in cycle.predictions)
        half = cycle.half_gone
        if half is None or half + ALARM_GRACE_DAYS > cycle.length - 1:
            continue
        first = next((day for day in _alarm_days(cycle, alarm_at) if day >= third), None)
        detected.append(first is not None and first <= half + ALARM_GRACE_DAYS)
        if first is not None:
            delays.append(first - half)
    years = days_before_loss / DAYS_OF_A_YEAR
    return DetectionScore(
        followed=len(detected),
        sensitivity=mean(detected),
        median_delay=median(delays),
        false_alarm_count=false_alarm_count,
        years=years,
        false_alarms_per_year=false_alarm_count / years if years else None,
    )


def score_lead_times(cycles: Sequence[CyclePredictions]) -> LeadScore:
    """Return the lead times of forecasts before half was lost."""
    found: list[float] = []
    for cycle in cycles:
        half = cycle.half_gone
        if half is None or half < MIN_LED_DAYS:
            continue
        first = next((prediction.day for prediction in cycle.predictions if _is_flagged(prediction)), None)
        if first is not None:
            found.append(half - first)
        elif half <= cycle.length - 1:
            found.append(NEVER_FLAGGED)
    soonest, furthest = IN_TIME
    return LeadScore(len(found), median(found), mean([soonest <= lead <= furthest for lead in found]))


def onsets(cycle: CyclePredictions, alarm_at: float) -> tuple[int, ...]:
    """Return the days on which an alarm starts: the previous prediction, if there is one, was no alarm."""
    days = []
    in_alarm = False
    for prediction in cycle.predictions:
        is_alarm = _is_alarm(prediction, alarm_at)
        if is_alarm and not in_alarm:
            days.append(prediction.day)
        in_alarm = is_alarm
    return tuple(days)


def _alarm_days(cycle: CyclePredictions, alarm_at: float) -> tuple[int, ...]:
    return tuple(prediction.day for prediction in cycle.predictions if _is_alarm(prediction, alarm_at))


def _is_alarm(prediction: Prediction, alarm_at: float) -> bool:
    return prediction.p_half_lost is not None and prediction.p_half_lost >= alarm_at


def _is_flagged(prediction: Prediction) -> bool:
    return prediction.median is not None and prediction.median - prediction.day <= NOTICE_DAYS
