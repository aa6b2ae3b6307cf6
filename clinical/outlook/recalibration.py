"""Recalibration of the predictive distribution of T, the day on which half of the benefit is lost.

With F(t) the engine's probability of T <= t and Phi the standard normal distribution, the recalibrated one is

    G(t)  =  g(F(t)),    g(p)  =  Phi((Phi^-1(p) - a) / s)

with the location a (above 0: half is lost later than forecast) and the scale s (above 1: the intervals are
too narrow). g is increasing with g(0) = 0 and g(1) = 1, so that G is a distribution of T again: its quantiles
are the window and the planned day, its values the probabilities, and they agree. a = 0 and s = 1 change
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, inf, sqrt
from statistics import NormalDist
from typing import Final

from clinical.outlook.engine_version import ENGINE_VERSION
from clinical.outlook.model.population_prior import PopulationPrior

NONE: Final = "none"
"""Name of the setting of a clinic whose forecasts are not recalibrated. Operational."""

_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Recalibration:
    """A map g under the name `version`, and the forecasts that it was fitted to.

    `location` is in standard normal deviates, `scale` a factor above 0. It corrects forecasts of one engine
    version with one prior: of another one nothing is known.
    """

    version: str
    location: float
    scale: float
    engine_version: str
    prior_version: str

    def corrects(self, prior: PopulationPrior) -> bool:
        """Return whether it was fitted to forecasts of the running engine with that prior."""
        return (self.engine_version, self.prior_version) == (ENGINE_VERSION, prior.version)

    @property
    def is_identity(self) -> bool:
        """Whether it changes nothing."""
        return self.location == 0 and self.scale == 1

    def probability(self, probability: float) -> float:
        """Return g of a probability."""
        return normal_cumulative((normal_deviate(probability) - self.location) / self.scale)

    def deviate_before(self, deviate: float) -> float:
        """Return the normal deviate of F at which G has the deviate `deviate`: the inverse of g."""
        return self.scale * deviate + self.location


def normal_deviate(probability: float) -> float:
    """Return Phi^-1 of a probability; infinite at 0 and 1."""
    if probability <= 0:
        return -inf
    return inf if probability >= 1 else _NORMAL.inv_cdf(probability)


def normal_cumulative(deviate: float) -> float:
    """Return Phi, exact in both tails to the precision of a float."""
    return 0.5 * erfc(-deviate / sqrt(2))
