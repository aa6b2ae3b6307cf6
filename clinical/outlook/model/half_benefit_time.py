"""Posterior of T, the day on which half of the benefit is lost, as probabilities, days and shares.

Every figure is rounded to DECIMALS as it leaves numpy. Processors add in different orders: between the
kernels of one BLAS the unrounded figures differed by less than 1e-12 (504 forecasts of simulated courses,
five kernels), and a comparison with a threshold may not depend on that.
"""

from __future__ import annotations

from math import log
from typing import Final

import numpy as np

from clinical.outlook.model.wear_off_curve import GRID, HALF_DAYS, MAX_CYCLE_DAYS, REMAINING
from clinical.outlook.model.wellbeing import Floats
from clinical.outlook.result import Estimate

DECIMALS: Final = 9
"""Decimals to which the model's figures are rounded before anything is compared with them. Operational."""

_STEP: Final = float(np.log(HALF_DAYS[1] / HALF_DAYS[0]))
"""Step of the grid of T, log days. Operational."""
_LOG_EDGES: Final[Floats] = np.log(HALF_DAYS[0]) + _STEP * (np.arange(HALF_DAYS.size + 1) - 0.5)
"""Edges of the grid of T, log days. Operational."""


def probability_by(posterior: Floats, day: float) -> float:
    """Return P(T <= day), nondecreasing in `day`; days after the infusion."""
    if day <= 0:
        return 0.0
    return round(float(np.interp(log(day), _LOG_EDGES, _cumulative(posterior))), DECIMALS)


def days_at(posterior: Floats, *probabilities: float) -> tuple[float, ...]:
    """Return the quantiles of T, days after the infusion; probabilities inside (0, 1)."""
    found = np.exp(np.interp(probabilities, _cumulative(posterior), _LOG_EDGES))
    return tuple(round(float(day), DECIMALS) for day in found)


def interval(posterior: Floats) -> Estimate:
    """Return the median and the central 80 % interval of T, days."""
    return Estimate(*days_at(posterior, 0.5, 0.1, 0.9))


def benefit_left(posterior: Floats, day: int) -> Estimate:
    """Return the median and the central 80 % interval of s(day), the share of the gain left, 0-1."""
    shares = REMAINING[min(max(day, 0), MAX_CYCLE_DAYS)]
    order = np.argsort(shares, kind="stable")
    # Not interpolated: interpolation could make a quantile rise from one day to the next.
    at = np.searchsorted(np.round(np.cumsum(posterior[order]), DECIMALS), (0.5, 0.1, 0.9))
    median, low, high = shares[order[np.minimum(at, order.size - 1)]].tolist()
    return Estimate(round(median, DECIMALS), round(low, DECIMALS), round(high, DECIMALS))


def _cumulative(posterior: Floats) -> Floats:
    """Return (41,): the probability of T at or below each edge of its 40 cells, exactly 1 at the last.

    `posterior` (200,) sums to 1 up to rounding errors, so it is divided by its sum.
    """
    at_or_below = np.concatenate(((0.0,), np.cumsum(posterior.reshape(GRID).sum(axis=1))))
    return np.asarray(at_or_below / at_or_below[-1], dtype=np.float64)
