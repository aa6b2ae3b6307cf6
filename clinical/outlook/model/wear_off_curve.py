"""How the benefit of an infusion wears off: s(t) = 2 ** -((t / T) ** k), on a grid of 40 T by 5 k."""

from __future__ import annotations

from typing import Final

import numpy as np

from clinical.outlook.model.wellbeing import Floats

FIRST_USABLE_DAY: Final = 2
"""First day after an infusion that the model uses. Source: a proposal: acute effects and side effects
cluster on the days before."""

MAX_CYCLE_DAYS: Final = 168
"""Most days of a cycle that the model uses. Source: twice the longest published interval of twelve weeks:
Smith-Apeldoorn 2022."""

HALF_DAYS: Final[Floats] = np.geomspace(3.0, 160.0, 40)
"""Grid of T, days until half is lost. Source: arithmetic."""
SHAPES: Final[Floats] = np.array([1.0, 1.5, 2.1, 3.0, 5.0])
"""Grid of the shape k. Source: around McInnes 2022 and Murrough 2013."""
GRID: Final = (HALF_DAYS.size, SHAPES.size)


def _curves() -> Floats:
    ratio = np.arange(MAX_CYCLE_DAYS + 1.0)[:, None, None] / HALF_DAYS[None, :, None]
    exponent = np.minimum(ratio**SHAPES, 1000.0)
    return np.asarray(np.exp2(-exponent).reshape(len(ratio), -1), dtype=np.float64)


REMAINING: Final[Floats] = _curves()
"""(169, 200): the share of the gain left after a whole number of days, a column for each grid cell."""
