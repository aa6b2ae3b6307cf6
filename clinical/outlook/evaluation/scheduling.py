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

LATE_QUARTER: Final = Z_QUARTILE / Z80
"""How far the 25 % quantile lies from the median towards the 10 % one, if log days are normal. Source:
arithmetic."""


@dataclass(frozen=True, slots=True)
class SchedulingScore:
    """Days below half of the benefit, had every infusion been given on the planned day.

    `every` is the mean planned day. `saved` is the share of those days that is spared against giving all on
    day `every`; None when a fixed calendar would cost none. `cycles` are those forecast on day 10 whose
    `half_gone` is known or that went on for 28 days without: nothing can be lost in these. Others are left
    out, which in a clinic's own data favours early infusions.
    """

    cycles: int
    every: float | None
    saved: float | None


def timing(cycles: Sequence[CyclePredictions]) -> SchedulingScore:
    """Return the score of planning by the 25 % quantile of the day on which half is lost."""
    planned = [
        (planned_day(prediction), cycle.length if cycle.half_gone is None else cycle.half_gone)
        for cycle in cycles
        if (prediction := cycle.on(PLANNED_ON_DAY)) is not None
        and (cycle.half_gone is not None or cycle.length >= LATEST_DAY)
    ]
    if not planned:
        return SchedulingScore(0, None, None)
    every = fmean(day for day, _ in planned)
    lost = fmean(max(0.0, day - truth) for day, truth in planned)
    at_fixed = fmean(max(0.0, every - truth) for _, truth in planned)
    return SchedulingScore(len(planned), every, 1 - lost / at_fixed if at_fixed else None)


def planned_day(prediction: Prediction) -> float:
    """Return the planned day of the infusion; a rule without an interval plans on the day it names."""
    if prediction.median is None:
        return NO_FORECAST_DAY
    median = max(prediction.median, 1.0)
    low = median if prediction.lo80 is None else max(prediction.lo80, 1.0)
    quarter = median * exp(log(low / median) * LATE_QUARTER)
    return min(max(quarter, EARLIEST_DAY), LATEST_DAY)
