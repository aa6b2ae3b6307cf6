"""Population prior: the distribution of the median half-benefit time between patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PopulationPrior:
    """Log-normal prior of the median m of a new patient's T, its hyperparameters under the name `version`.

    `median_days` is exp(E[log m]), `spread` the SD of log m. T itself scatters about m from cycle to cycle.
    """

    version: str
    median_days: float
    spread: float


PUBLISHED: Final = PopulationPrior("published-1", median_days=28.0, spread=0.50)
"""Published prior of the median of a new patient's T. Source: between medians of 18 (Murrough 2013), 27.5
(Feder 2021) and 57 days (Ekstrand 2022), with a spread that covers both ends. Changed by: an admin, `PATCH
/v1/clinics/{id}/settings`."""
