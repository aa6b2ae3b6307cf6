"""A recalibration applied to the posterior of T and k on the grid.

With P(T, k) the posterior, P(T) its sum over k in a cell of T between the edges t and t', and g the map of
`clinical.outlook.recalibration`,

    P'(T, k)  =  P(T, k) * (g(F(t')) - g(F(t))) / P(T)

so that T has the distribution G = g(F) at the edges, and the shape k given T stays as it was learnt.
"""

from __future__ import annotations

import numpy as np

from clinical.outlook.model.wear_off_curve import GRID
from clinical.outlook.model.wellbeing import Floats
from clinical.outlook.recalibration import Recalibration


def recalibrated(posterior: Floats, recalibration: Recalibration) -> Floats:
    """Return the posterior (200,) of (T, k) with G in place of F at the edges of the cells of T.

    The identity returns the same array. The result sums to 1.
    """
    if recalibration.is_identity:
        return posterior
    cells = posterior.reshape(GRID)
    by_day = cells.sum(axis=1)
    at_or_below = np.concatenate(((0.0,), np.cumsum(by_day)))
    # Rounding can put a sum next to 1 above it.
    shares = np.minimum(at_or_below / at_or_below[-1], 1.0).tolist()
    wanted = np.diff([recalibration.probability(share) for share in shares])
    factors = np.divide(wanted, by_day, out=np.zeros_like(by_day), where=by_day > 0)
    weights = cells * factors[:, None]
    return np.asarray((weights / weights.sum()).ravel(), dtype=np.float64)
