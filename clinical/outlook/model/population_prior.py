"""What is believed about how long benefit lasts before a patient has shown it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Prior:
    """The spread of T between patients: its median in days, and the SD of its logarithm."""

    version: str
    median_days: float
    spread: float


PUBLISHED: Final = Prior("published-1", median_days=28.0, spread=0.50)
"""Published medians to relapse run from 18 days (Murrough 2013) over 27.5 (Feder 2021) to 57 (Ekstrand 2022);
28 lies between them, and the spread takes in both ends."""
