"""Population prior of T, the duration of benefit of a new patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Prior:
    """Log-normal prior of a patient's median T: its median in days, and the SD of its logarithm."""

    version: str
    median_days: float
    spread: float


PUBLISHED: Final = Prior("published-1", median_days=28.0, spread=0.50)
"""Published prior of a new patient's T. Source: between medians of 18 (Murrough 2013), 27.5 (Feder 2021)
and 57 days (Ekstrand 2022), with a spread that covers both ends. Changed by: an admin, `PATCH
/v1/clinics/{id}/settings`."""
