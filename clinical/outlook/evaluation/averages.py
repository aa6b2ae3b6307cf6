"""Averages that are None where there is nothing to average."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from statistics import median as middle_of


def mean(values: Sequence[float]) -> float | None:
    """The mean of some numbers; of truth values, their share."""
    return fmean(values) if values else None


def median(values: Sequence[float]) -> float | None:
    """The median of some numbers."""
    return float(middle_of(values)) if values else None
