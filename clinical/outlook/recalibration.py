"""One monotone map of the forecast distribution of T, estimated from a clinic's own record.

With F the distribution of T, the half-benefit day, that the model forecasts on a day, and Phi the normal
distribution function, the recalibrated distribution is

    G(t)  =  Phi((Phi^-1(F(t)) - location) / scale)

A location above 0 says that half is lost later than forecast, a scale above 1 that the intervals are too
narrow. One map serves the interval, the probabilities and the planned day, so that they agree with one
another, and since it rises with F, the probability that half is lost never falls from one day to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from clinical.outlook.model.half_benefit_time import cumulative
from clinical.outlook.model.wear_off_curve import GRID
from clinical.outlook.model.wellbeing import Floats

LEAST_P: Final = 1e-12
"""Probability below which, and above 1 less which, no quantile is distinguished. Operational."""

_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Recalibration:
    """The map under the name `version`, by its `location` and its `scale`, which is above 0."""

    version: str
    location: float
    scale: float

    def probability(self, forecast: float) -> float:
        """Return G where the forecast probability is F; both 0-1."""
        if not LEAST_P < forecast < 1 - LEAST_P:
            return forecast
        return _NORMAL.cdf((_NORMAL.inv_cdf(forecast) - self.location) / self.scale)

    def forecast_probability(self, probability: float) -> float:
        """Return the forecast probability F at which G is `probability`, inside (0, 1)."""
        return _NORMAL.cdf(self.location + self.scale * _NORMAL.inv_cdf(probability))


def recalibrated(posterior: Floats, recalibration: Recalibration | None) -> Floats:
    """Return the posterior (200,) whose distribution of T is G at the edges of its 40 cells.

    Within a cell of T the shapes k keep their proportions. None changes nothing.
    """
    if recalibration is None:
        return posterior
    forecast = cumulative(posterior)
    mapped = np.diff([recalibration.probability(p) for p in forecast.tolist()])
    before = np.diff(forecast)
    factors = np.divide(mapped, before, out=np.zeros_like(before), where=before > 0)
    weights = posterior.reshape(GRID) * factors[:, None]
    return np.asarray((weights / weights.sum()).ravel(), dtype=np.float64)
