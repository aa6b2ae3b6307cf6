"""How the benefit of one infusion is lost, in four shapes.

The engine knows one of them, a Weibull curve; real wear-off may be any of these, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHARES: Final = (0.40, 0.20, 0.20, 0.20)
"""How many patients lose their benefit in which shape, in the order of `ShapeKind`; a proposal."""

FAST_DAYS: Final = 0.12
"""The fast part of a two-speed loss, as a share of the half-benefit day."""

FURTHEST: Final = 30.0
"""Where the search for a crossing ends, in half-benefit days."""


class ShapeKind(StrEnum):
    """The four shapes."""

    WEIBULL = "weibull"
    PARTIAL = "partial"
    HELD_THEN_LINEAR = "held, then linear"
    TWO_SPEEDS = "two speeds"


@dataclass(frozen=True, slots=True)
class Shape:
    """One patient's shape.

    `form` is the exponent of a Weibull curve (also of the part that is lost), the share of the half-benefit
    day before which nothing is lost, or the share lost fast; `asymptote` is what is never lost, 0-1.
    """

    kind: ShapeKind
    form: float
    asymptote: float = 0.0


def drawn_shape(draw: np.random.Generator) -> Shape:
    """Return a patient's shape; exponents around 1.8 as fitted to published relapse (1.2-2.0)."""
    kind = list(ShapeKind)[int(draw.choice(len(SHARES), p=SHARES))]
    exponent = float(np.clip(1.8 * np.exp(0.3 * draw.normal()), 0.9, 4.0))
    if kind is ShapeKind.WEIBULL:
        return Shape(kind, exponent)
    if kind is ShapeKind.PARTIAL:
        return Shape(kind, exponent, asymptote=float(draw.uniform(0.1, 0.3)))
    if kind is ShapeKind.HELD_THEN_LINEAR:
        return Shape(kind, float(draw.uniform(0.3, 0.7)))
    return Shape(kind, float(draw.uniform(0.2, 0.42)))


def remaining(shape: Shape, half_days: float, days: Floats) -> Floats:
    """Return the share of the gain left `days` after the infusion, 1 at first and 0.5 after `half_days`."""
    ratio = np.maximum(days, 0.0) / half_days
    if shape.kind is ShapeKind.HELD_THEN_LINEAR:
        return np.asarray(np.clip(1 - 0.5 * (ratio - shape.form) / (1 - shape.form), 0, 1))
    if shape.kind is ShapeKind.TWO_SPEEDS:
        fast, slow = shape.form, log((1 - shape.form) / (0.5 - shape.form * exp(-1 / FAST_DAYS)))
        return np.asarray(fast * np.exp(-ratio / FAST_DAYS) + (1 - fast) * np.exp(-slow * ratio))
    lost = log((1 - shape.asymptote) / (0.5 - shape.asymptote))
    return np.asarray(shape.asymptote + (1 - shape.asymptote) * np.exp(-lost * ratio**shape.form))


def day_at(shape: Shape, half_days: float, share: float) -> float:
    """Return the first day with no more than `share` of the gain left; at most 30 half-benefit days."""
    low, high = 0.0, FURTHEST * half_days
    for _ in range(60):
        middle = (low + high) / 2
        left = remaining(shape, half_days, np.array([middle]))
        low, high = (low, middle) if left[0] <= share else (middle, high)
    return high
