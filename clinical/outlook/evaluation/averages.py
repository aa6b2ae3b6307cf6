"""Averages that are None where there is nothing to average."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from statistics import median as middle_of


def mean(values: Sequence[float]) -> float | None:
    """Return the mean of numbers, or the share of true values."""
    return fmean(values) if values else None


def median(values: Sequence[float]) -> float | None:
    """Return the median of numbers."""
    return float(middle_of(values)) if values else None
