"""How the benefit of an infusion wears off: s(t) = 2 ** -((t / T) ** k), on a grid of 40 T by 5 k."""

from __future__ import annotations

from typing import Final

import numpy as np

from clinical.outlook.model.wellbeing import Floats

FIRST_USABLE_DAY: Final = 2
"""The day of an infusion and the next are left out: acute effects and side effects cluster there."""

MAX_CYCLE_DAYS: Final = 168
"""Days of a cycle that are read: twice the longest published interval of twelve weeks."""

HALF_DAYS: Final[Floats] = np.geomspace(3.0, 160.0, 40)
SHAPES: Final[Floats] = np.array([1.0, 1.5, 2.1, 3.0, 5.0])
GRID: Final = (HALF_DAYS.size, SHAPES.size)


def _curves() -> Floats:
    ratio = np.arange(MAX_CYCLE_DAYS + 1.0)[:, None, None] / HALF_DAYS[None, :, None]
    exponent = np.minimum(ratio**SHAPES, 1000.0)
    return np.asarray(np.exp2(-exponent).reshape(len(ratio), -1), dtype=np.float64)


REMAINING: Final[Floats] = _curves()
"""(169, 200): the share of the gain left after a whole number of days, a column for each grid cell."""
