"""Backtested cycles of made-up patients whose forecasts are wrong in a known way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil, exp, log

import numpy as np

from clinical.outlook.evaluation import CyclePredictions, Prediction
from clinical.outlook.evaluation.retrospective import Finding, RetrospectiveCycle
from clinical.outlook.learning.later_evidence import LANDMARKS
from clinical.outlook.learning.recalibration_estimation import EDGES
from clinical.outlook.recalibration import normal_cumulative
from clinical.statistics import Z80
from services.reports.backtest import OUTLOOK, RULES, ReplayedCycle

SPREAD = 0.4
"""Log SD of T in every forecast."""
CYCLES = 4
START = date(2026, 2, 2)


def patients(
    how_many: int = 50,
    *,
    location: float = 0.0,
    scale: float = 1.0,
    seed: int = 5,
    lengths: tuple[int, int] = (20, 36),
) -> list[list[CyclePredictions]]:
    """Return patients whose T has the deviate location + scale * N(0, 1) in its forecast.

    The next infusion comes after a number of days that does not depend on T, and whether half was lost is
    known exactly until then.
    """
    draw = np.random.default_rng(seed)
    return [
        [_cycle(draw, number, location, scale, lengths) for number in range(1, CYCLES + 1)]
        for _ in range(how_many)
    ]


def replayed(cycles: Sequence[CyclePredictions]) -> list[ReplayedCycle]:
    """Return one patient's cycles as a backtest stores them."""
    return [
        ReplayedCycle(
            RetrospectiveCycle(
                START + timedelta(days=40 * cycle.number),
                cycle.number,
                cycle.length,
                cycle.length,
                Finding.CENSORED if cycle.half_gone is None else Finding.SEEN,
                4.0,
                None if cycle.half_gone is None else round(cycle.half_gone),
                observable_until=cycle.observable_until,
            ),
            dict.fromkeys((OUTLOOK, *RULES), cycle.predictions),
            cycle.later_evidence,
        )
        for cycle in cycles
    ]


def _cycle(
    draw: np.random.Generator, number: int, location: float, scale: float, lengths: tuple[int, int]
) -> CyclePredictions:
    median = 24 * exp(0.3 * draw.normal())
    lost_on = median * exp(SPREAD * (location + scale * draw.normal()))
    length = int(draw.integers(*lengths))
    predictions = tuple(_prediction(median, day) for day in range(length))
    evidence = tuple((day, _evidence(median, lost_on, length)) for day in LANDMARKS if day < length)
    seen = ceil(lost_on) if lost_on < length else None
    return CyclePredictions(number, length, seen, None, predictions, length, evidence)


def _prediction(median: float, day: int) -> Prediction:
    width = exp(Z80 * SPREAD)
    p_half_lost = normal_cumulative(log(day / median) / SPREAD) if day else 0.0
    return Prediction(day, median, median / width, median * width, p_half_lost)


def _evidence(median: float, lost_on: float, length: int) -> tuple[float, ...]:
    """Return the likelihood of T in its cell, or of T in every cell from the censoring on.

    Scaled so that the forecast expects 1.
    """
    bounds = np.log(np.concatenate(((EDGES[0] / 2,), EDGES, (2 * EDGES[-1],))))
    over = np.clip((log(length) - bounds[:-1]) / np.diff(bounds), 0, 1)
    seen = np.arange(over.size) == np.searchsorted(EDGES, lost_on)
    likelihood = seen * over if lost_on < length else 1 - over
    edges = [normal_cumulative(log(day / median) / SPREAD) for day in EDGES.tolist()]
    forecast = np.diff([0.0, *edges, 1.0])
    return tuple((likelihood / (likelihood @ forecast)).tolist())
