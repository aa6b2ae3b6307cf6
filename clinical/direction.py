"""Direction of a scale."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Whether a higher value of a scale is better or worse."""

    HIGHER_IS_BETTER = "higher_is_better"
    HIGHER_IS_WORSE = "higher_is_worse"
