"""The predictive distribution of T on the days between the figures of a stored prediction.

A prediction holds three quantiles and the probability of one day. On the scale of normal deviates against the
logarithm of the day these are points, and the distribution is interpolated between them in straight lines,
which go on beyond the outer two: a log-normal distribution in pieces.

    Phi^-1(F(lo80)) = -z80,  Phi^-1(F(median)) = 0,  Phi^-1(F(hi80)) = z80,  F(day) = p_half_lost
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, inf, log
from typing import Final

from clinical.outlook.evaluation.predictions import CyclePredictions, Prediction
from clinical.outlook.recalibration import Recalibration, normal_deviate
from clinical.statistics import Z80

LEAST_APART: Final = 0.05
"""Least difference of two points in log days for the day's own probability to be used: the slope between two
that are closer would be of their rounding. Operational."""


@dataclass(frozen=True, slots=True)
class PredictiveDistribution:
    """Points of a distribution of T: logarithms of days, and normal deviates; both strictly increasing."""

    log_days: tuple[float, ...]
    deviates: tuple[float, ...]

    def deviate(self, day: float) -> float:
        """Return Phi^-1(F(day)); days after the infusion, minus infinity for day 0 and before."""
        return _line(self.log_days, self.deviates, log(day)) if day > 0 else -inf

    def day(self, deviate: float) -> float:
        """Return the day with that deviate: the quantile of T at Phi(deviate)."""
        return exp(_line(self.deviates, self.log_days, deviate))


def predictive_distribution(prediction: Prediction) -> PredictiveDistribution | None:
    """Return the distribution of T that a prediction gives; None without an interval."""
    low, median, high, probability = (
        prediction.lo80,
        prediction.median,
        prediction.hi80,
        prediction.p_half_lost,
    )
    if low is None or median is None or high is None or low <= 0:
        return None
    points = [(log(low), -Z80), (log(median), 0.0), (log(high), Z80)]
    if prediction.day > 0 and probability is not None and 0 < probability < 1:
        today = log(prediction.day)
        if all(abs(today - log_day) >= LEAST_APART for log_day, _ in points):
            points = sorted([*points, (today, normal_deviate(probability))])
    days, deviates = zip(*points, strict=True)
    increasing = all(first < second for each in (days, deviates) for first, second in pairwise(each))
    return PredictiveDistribution(days, deviates) if increasing else None


def recalibrated_prediction(prediction: Prediction, recalibration: Recalibration) -> Prediction:
    """Return a prediction as the recalibration would have made it; one without a forecast is unchanged."""
    found = predictive_distribution(prediction)
    if found is None or prediction.p_half_lost is None:
        return prediction
    low, median, high = (found.day(recalibration.deviate_before(deviate)) for deviate in (-Z80, 0.0, Z80))
    return Prediction(prediction.day, median, low, high, recalibration.probability(prediction.p_half_lost))


def recalibrated_cycle(cycle: CyclePredictions, recalibration: Recalibration) -> CyclePredictions:
    """Return the predictions of a cycle as the recalibration would have made them."""
    made = (recalibrated_prediction(each, recalibration) for each in cycle.predictions)
    return replace(cycle, predictions=tuple(made))


def _line(xs: Sequence[float], ys: Sequence[float], x: float) -> float:
    """Return y at x on the lines between points, the outer two lines going on."""
    after = min(max(bisect_left(xs, x), 1), len(xs) - 1)
    before = after - 1
    slope = (ys[after] - ys[before]) / (xs[after] - xs[before])
    return ys[before] + slope * (x - xs[before])
