"""Benefit of scheduling by the forecast, compared with a fixed calendar of the same mean interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import fmean
from typing import Final

from clinical.outlook.evaluation.predictions import CyclePredictions, Prediction
from clinical.protocol import Protocol
from clinical.statistics import Z80, Z_QUARTILE

PLANNED_ON_DAY: Final = 10
"""Day on which the next infusion is fixed. Source: a proposal."""
EARLIEST_DAY: Final = Protocol().min_interval_days
LATEST_DAY: Final = Protocol().max_interval_days
"""Window of the next infusion, days. Source: the plan that a new clinic starts from."""
NO_FORECAST_DAY: Final = 21
"""Day of the next infusion without a forecast. Source: a proposal: the window's middle."""

LOWER_QUARTILE_Z_RATIO: Final = Z_QUARTILE / Z80
"""Distance of the 25 % quantile from the median as a share of that of the 10 % one, if log days are normal.
Source: arithmetic."""


@dataclass(frozen=True, slots=True)
class SchedulingScore:
    """Days below half of the benefit, had every infusion been given on the scheduled day.

    `saved` is the share of the days that a fixed calendar with the same mean interval, `mean_scheduled_day`,
    would cost and the scheduled days do not; None when the calendar would cost none. `cycles` are those
    forecast on day 10 whose `half_gone` is known or that went on for 28 days without: nothing can be lost in
    these. Others are left out, which in a clinic's own data favours early infusions.
    """

    cycles: int
    mean_scheduled_day: float | None
    saved: float | None


def score_scheduling(cycles: Sequence[CyclePredictions]) -> SchedulingScore:
    """Return the score of scheduling by the 25 % quantile of the day on which half is lost."""
    scheduled = [
        (scheduled_day(prediction), cycle.length if cycle.half_gone is None else cycle.half_gone)
        for cycle in cycles
        if (prediction := cycle.on(PLANNED_ON_DAY)) is not None
        and (cycle.half_gone is not None or cycle.length >= LATEST_DAY)
    ]
    if not scheduled:
        return SchedulingScore(0, None, None)
    mean_day = fmean(day for day, _ in scheduled)
    lost = fmean(max(0.0, day - truth) for day, truth in scheduled)
    lost_by_calendar = fmean(max(0.0, mean_day - truth) for _, truth in scheduled)
    saved = 1 - lost / lost_by_calendar if lost_by_calendar else None
    return SchedulingScore(len(scheduled), mean_day, saved)


def scheduled_day(prediction: Prediction) -> float:
    """Return the day for which the infusion is scheduled; of a prediction without an interval, the median.

    Unlike the planned day of the status it is not rounded, and the quantile is derived from median and
    `lo80`.
    """
    if prediction.median is None:
        return NO_FORECAST_DAY
    median = max(prediction.median, 1.0)
    low = median if prediction.lo80 is None else max(prediction.lo80, 1.0)
    lower_quartile = median * exp(log(low / median) * LOWER_QUARTILE_Z_RATIO)
    return min(max(lower_quartile, EARLIEST_DAY), LATEST_DAY)
