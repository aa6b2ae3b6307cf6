"""Figures of a policy's setting, and comparisons with another family's curve at equal infusions a year.

A curve is the line through a family's settings, in order of infusions a year. With F_i the value of patient i
on the curve, between the settings a and b that have fewer and more infusions than the setting compared,

    F_i  =  (1 - w) * y_ai + w * y_bi  +  s * (x_i - (1 - w) * x_ai - w * x_bi)

x the infusions and y the days below half a year, s the slope from a to b, and w such that the bracket is 0 on
average. The second term is the error of the place on the curve: standard errors are those of y_i - F_i, of
the same patients (delta method).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean
from typing import Final

import numpy as np

from bench.forecasts.closed_loop.follow import Followed
from bench.forecasts.closed_loop.settings import Setting
from bench.simulation.decided_courses import FOLLOWED_DAYS
from bench.simulation.wear_off_shapes import Floats
from clinical.outlook.evaluation.detection import DAYS_OF_A_YEAR

YEARS: Final = FOLLOWED_DAYS / DAYS_OF_A_YEAR
APART: Final = 0.1
"""Fewest infusions a year between two settings for a slope."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over patients with its standard error."""

    mean: float
    standard_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A setting on its family's curve; (n,) a patient: infusions and days below half a year.

    `mean_interval` is the mean over patients of theirs, days; `below_per_cycle` that of days over all cycles.
    """

    setting: Setting
    infusions: Floats
    below: Floats
    mean_interval: float
    below_per_cycle: float


def points(found: Mapping[Setting, Sequence[Followed]], *, responds: bool) -> dict[str, tuple[Point, ...]]:
    """Return each family's curve, in order of infusions a year, of patients with or without a benefit."""
    curves: dict[str, list[Point]] = {}
    for setting, followed in found.items():
        chosen = [one for one in followed if one.responds == responds]
        if chosen:
            curves.setdefault(setting.family, []).append(_point(setting, chosen))
    return {
        family: tuple(sorted(curve, key=lambda point: float(point.infusions.mean())))
        for family, curve in curves.items()
    }


def bought(fewer: Point, more: Point) -> float | None:
    """Return the days below half avoided by each further infusion a year; None where hardly any is added."""
    infusions = float(more.infusions.mean() - fewer.infusions.mean())
    return float(fewer.below.mean() - more.below.mean()) / infusions if infusions >= APART else None


def difference(point: Point, curve: Sequence[Point]) -> Estimate | None:
    """Return by how many days below half it is above a curve at equal infusions; None beyond its ends."""
    on_curve = _on_curve(point, curve)
    return None if on_curve is None else estimate(point.below - on_curve)


def saved(point: Point, curve: Sequence[Point]) -> Estimate | None:
    """Return the share avoided of a curve's days below half at equal infusions, None beyond its ends."""
    on_curve = _on_curve(point, curve)
    if on_curve is None or not on_curve.mean():
        return None
    share = float(1 - point.below.mean() / on_curve.mean())
    # The influence of each patient on the ratio.
    errors = ((1 - share) * on_curve - point.below) / on_curve.mean()
    return Estimate(share, estimate(errors).standard_error)


def estimate(values: Floats) -> Estimate:
    """Return the mean of a figure of independent patients."""
    error = float(values.std(ddof=1)) / sqrt(values.size) if values.size > 1 else float("nan")
    return Estimate(float(values.mean()), error)


def _point(setting: Setting, followed: Sequence[Followed]) -> Point:
    infusions = np.array([len(one.intervals) for one in followed], dtype=np.float64)
    below = np.array([one.days_below for one in followed], dtype=np.float64)
    return Point(
        setting,
        infusions / YEARS,
        below / YEARS,
        fmean(fmean(one.intervals) for one in followed),
        float(below.sum() / (infusions + 1).sum()),
    )


def _on_curve(point: Point, curve: Sequence[Point]) -> Floats | None:
    at = float(point.infusions.mean())
    for fewer, more in pairwise(curve):
        low, high = float(fewer.infusions.mean()), float(more.infusions.mean())
        if low <= at <= high and low < high:
            share = (at - low) / (high - low)
            slope = float(more.below.mean() - fewer.below.mean()) / (high - low)
            below = (1 - share) * fewer.below + share * more.below
            off = point.infusions - (1 - share) * fewer.infusions - share * more.infusions
            return np.asarray(below + slope * off)
    return None
