"""Calibration of forecast probabilities: Brier skill score and expected calibration error."""

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
    """Scores of `p_half_lost` over all `days` on which it was given.

    `brier_skill` is 1 - Brier score / that of always forecasting the overall share: 0 is no better than
    that, 1 is perfect, None when half was lost on every day or on none. `calibration_error` (0-1) is the
    mean absolute difference between forecast and observed share over the non-empty tenths of probability.
    In a censored cycle half was not lost on any day.
    """

    days: int
    brier_skill: float | None
    calibration_error: float | None


def score_calibration(cycles: Sequence[CyclePredictions]) -> CalibrationScore:
    """Return the scores over every probability given."""
    pairs = [
        (prediction.p_half_lost, float(cycle.half_gone is not None and prediction.day >= cycle.half_gone))
        for cycle in cycles
        for prediction in cycle.predictions
        if prediction.p_half_lost is not None
    ]
    return CalibrationScore(len(pairs), _brier_skill(pairs), _calibration_error(pairs))


def _brier_skill(pairs: Sequence[tuple[float, float]]) -> float | None:
    share = mean([lost for _, lost in pairs])
    if share is None or share in {0.0, 1.0}:
        return None
    return 1 - fmean((p - lost) ** 2 for p, lost in pairs) / (share * (1 - share))


def _calibration_error(pairs: Sequence[tuple[float, float]]) -> float | None:
    tenths = defaultdict(list)
    for p, lost in pairs:
        tenths[min(int(p * TENTHS), TENTHS - 1)].append(p - lost)
    return mean([abs(fmean(differences)) for differences in tenths.values()])
