"""Wilson score interval of a proportion."""

from __future__ import annotations

from math import sqrt

from clinical.statistics import Z95


def wilson(numerator: int, denominator: int) -> tuple[float, float]:
    """Return the 95 % interval (0-1) of the proportion of independent people.

    The score interval of Wilson 1927, without a correction: right on average down to few people, and never
    beyond 0 or 1 (Newcombe 1998; Brown, Cai and DasGupta 2001). Raises ValueError for counts that cannot be.
    """
    if not 0 <= numerator <= denominator or denominator == 0:
        raise ValueError("the numerator lies between 0 and the denominator, which is at least 1")
    share, spread = numerator / denominator, Z95**2 / denominator
    centre = share + spread / 2
    reach = sqrt(spread * (share * (1 - share) + spread / 4))
    # At none and at all one limit is exactly 0 or 1, which rounding would miss.
    low = 0.0 if numerator == 0 else (centre - reach) / (1 + spread)
    high = 1.0 if numerator == denominator else (centre + reach) / (1 + spread)
    return low, high
