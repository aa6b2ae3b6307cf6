"""Cycles written by hand, with what was said in them."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.outlook.evaluation import CyclePredictions, Prediction


def result(probabilities: Mapping[int, float], days: int) -> tuple[Prediction, ...]:
    """Something said on every day from 1 to `days`: a chance where one is given, and 0 elsewhere."""
    return tuple(
        Prediction(day, median=30, lo80=20, hi80=40, p_half_lost=probabilities.get(day, 0.0))
        for day in range(1, days + 1)
    )


def cycle(
    *predictions: Prediction,
    half: float | None = 20.0,
    third: float | None = 15.0,
    length: int = 30,
    number: int = 1,
) -> CyclePredictions:
    """A cycle of 30 days that lost a third of its benefit by day 15 and half by day 20."""
    return CyclePredictions(number, length, half, third, predictions)
