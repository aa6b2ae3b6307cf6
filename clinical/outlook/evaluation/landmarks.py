"""Errors of the forecasts made on a fixed day of the cycle (landmark analysis).

Forecasts are scored at fixed days after the infusion, never at "a week before the event": conditioning on the
event favours a rule that always predicts it soon (the forecaster's dilemma, Lerch 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clinical.outlook.evaluation.averages import mean
from clinical.outlook.evaluation.predictions import CyclePredictions, Prediction
from clinical.outlook.result import HORIZON_DAYS
from clinical.protocol import Protocol

NO_FORECAST_AS_DAYS: Final = Protocol().max_interval_days
"""Days charged where there is no forecast, as if the calendar had been followed. Source: a proposal: the
calendar."""

MISS_WEIGHT: Final = 10.0
"""Cost of a day outside an 80 % interval in the interval score, 2 / 0.20. Source: Gneiting 2007. Changed
by: nobody."""


@dataclass(frozen=True, slots=True)
class LandmarkScore:
    """Scores of the forecasts made `day` days after the infusion, in cycles not half lost by then.

    `cycles` are those with a known later `half_gone`: error, bias (above 0 is too late) and
    `no_forecast_share` are theirs; a missing forecast counts as day 28, and both days are capped at 56.
    Coverage, width and interval score (days, lower is better) are of those answered with an interval.
    `censored` are the cycles that went beyond the day and ended before the loss was observed: they are in
    none of these figures, and `interval_reaches_end` is the share of their intervals that reach to the
    cycle's end at least.
    """

    day: int
    cycles: int
    no_forecast_share: float | None
    mean_error: float | None
    bias: float | None
    coverage: float | None
    mean_width: float | None
    interval_score: float | None
    censored: int
    interval_reaches_end: float | None


def score_landmark(cycles: Sequence[CyclePredictions], day: int) -> LandmarkScore:
    """Return the scores of the forecasts made on that day of each cycle."""
    found = [(cycle, prediction) for cycle in cycles if (prediction := cycle.on(day)) is not None]
    scored = [
        (cycle.half_gone, prediction)
        for cycle, prediction in found
        if cycle.half_gone is not None and cycle.half_gone > day
    ]
    errors = [_error(truth, prediction) for truth, prediction in scored]
    intervals = [
        (truth, prediction.lo80, prediction.hi80)
        for truth, prediction in scored
        if prediction.lo80 is not None and prediction.hi80 is not None
    ]
    censored = [(cycle, prediction) for cycle, prediction in found if cycle.half_gone is None]
    return LandmarkScore(
        day=day,
        cycles=len(scored),
        no_forecast_share=mean([prediction.median is None for _, prediction in scored]),
        mean_error=mean([abs(error) for error in errors]),
        bias=mean(errors),
        coverage=mean([low <= truth <= high for truth, low, high in intervals]),
        mean_width=mean([high - low for _, low, high in intervals]),
        interval_score=mean(
            [high - low + MISS_WEIGHT * max(low - truth, truth - high, 0) for truth, low, high in intervals]
        ),
        censored=len(censored),
        interval_reaches_end=mean(
            [prediction.hi80 >= cycle.length for cycle, prediction in censored if prediction.hi80 is not None]
        ),
    )


def _error(truth: float, prediction: Prediction) -> float:
    median = NO_FORECAST_AS_DAYS if prediction.median is None else prediction.median
    return min(median, HORIZON_DAYS) - min(truth, HORIZON_DAYS)
