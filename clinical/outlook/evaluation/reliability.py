"""Reliability of forecast probabilities: what was forecast against what was observed.

For each tenth of `p_half_lost` and each cycle the first day counts on which the forecast lay in that tenth,
since the days of one cycle are not independent. A calibrated forecast of p is followed by a loss in a share p
of such days, whichever rule chooses them, as long as it uses nothing that was learnt later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from clinical.outlook.evaluation.calibration import TENTHS
from clinical.outlook.evaluation.predictions import CyclePredictions
from clinical.statistics.wilson import wilson


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One tenth of probability, from `low` to `high`.

    `forecast` is the mean probability, `observed` the share of the cycles in which half was lost by that
    day, `lo95` and `hi95` its Wilson interval; all are 0 to 1.
    """

    low: float
    high: float
    cycles: int
    forecast: float
    observed: float
    lo95: float
    hi95: float


def reliability(cycles: Sequence[CyclePredictions]) -> tuple[ReliabilityBin, ...]:
    """Return the tenths in which there is a forecast, the lowest first.

    In a censored cycle half was not lost on any day. Days after `observable_until` are left out of every
    cycle: a loss on one of them could not have been seen.
    """
    tenths = defaultdict(list)
    for cycle in cycles:
        for tenth, (forecast, lost) in _first_days(cycle).items():
            tenths[tenth].append((forecast, lost))
    return tuple(_bin(tenth, tenths[tenth]) for tenth in sorted(tenths))


def mean_miss(bins: Sequence[ReliabilityBin]) -> float | None:
    """Return the mean difference between forecast and observed share, 0 to 1; None without a forecast.

    Weighted by cycles, so that a tenth with few of them counts little.
    """
    cycles = sum(each.cycles for each in bins)
    missed = sum(each.cycles * abs(each.forecast - each.observed) for each in bins)
    return missed / cycles if cycles else None


def _first_days(cycle: CyclePredictions) -> dict[int, tuple[float, bool]]:
    found: dict[int, tuple[float, bool]] = {}
    for prediction in cycle.predictions:
        forecast = prediction.p_half_lost
        if cycle.observable_until is not None and prediction.day > cycle.observable_until:
            break
        if forecast is not None:
            lost = cycle.half_gone is not None and prediction.day >= cycle.half_gone
            found.setdefault(min(int(forecast * TENTHS), TENTHS - 1), (forecast, lost))
    return found


def _bin(tenth: int, pairs: Sequence[tuple[float, bool]]) -> ReliabilityBin:
    lost = sum(each for _, each in pairs)
    low, high = wilson(lost, len(pairs))
    return ReliabilityBin(
        tenth / TENTHS,
        (tenth + 1) / TENTHS,
        len(pairs),
        fmean(forecast for forecast, _ in pairs),
        lost / len(pairs),
        low,
        high,
    )
