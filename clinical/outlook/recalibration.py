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

_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Recalibration:
    """The map under the name `version`, by its `location` and its `scale`, which is above 0."""

    version: str
    location: float
    scale: float

    def probability(self, forecast: float) -> float:
        """Return G where the forecast probability is F; both 0-1."""
        if not 0 < forecast < 1:
            return forecast
        return _NORMAL.cdf((_NORMAL.inv_cdf(forecast) - self.location) / self.scale)

    def forecast_probability(self, probability: float) -> float:
        """Return the forecast probability F at which G is `probability`, inside (0, 1)."""
        return _NORMAL.cdf(self.location + self.scale * _NORMAL.inv_cdf(probability))
