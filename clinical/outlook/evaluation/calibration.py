"""Calibration: whether predicted probabilities occur as often as predicted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from clinical.outlook.evaluation.averages import mean
from clinical.outlook.evaluation.predictions import CyclePredictions

TENTHS: Final = 10
"""Groups of probabilities that are compared with what occurred. Source: a convention."""


@dataclass(frozen=True, slots=True)
class CalibrationScore:
    """How good `p_half_lost` was over all `days` with a prediction.

    `brier_skill` is 1 - Brier score / that of always saying the overall share: 0 is no better than that, 1
    is perfect, None when it was gone on every day or on none. `calibration_error` (0-1) is the mean
    difference between predicted and observed over the tenths of probability that occur. In a censored cycle
    half was not gone on any day, and each of them counts so.
    """

    days: int
    brier_skill: float | None
    calibration_error: float | None


def score_calibration(cycles: Sequence[CyclePredictions]) -> CalibrationScore:
    """Return the score of every predicted probability."""
    pairs = [
        (prediction.p_half_lost, float(cycle.half_gone is not None and prediction.day >= cycle.half_gone))
        for cycle in cycles
        for prediction in cycle.predictions
        if prediction.p_half_lost is not None
    ]
    return CalibrationScore(len(pairs), _brier_skill(pairs), _calibration_error(pairs))


def _brier_skill(pairs: Sequence[tuple[float, float]]) -> float | None:
    share = mean([gone for _, gone in pairs])
    if share is None or share in {0.0, 1.0}:
        return None
    return 1 - fmean((chance - gone) ** 2 for chance, gone in pairs) / (share * (1 - share))


def _calibration_error(pairs: Sequence[tuple[float, float]]) -> float | None:
    tenths = defaultdict(list)
    for chance, gone in pairs:
        tenths[min(int(chance * TENTHS), TENTHS - 1)].append(chance - gone)
    return mean([abs(fmean(differences)) for differences in tenths.values()])
