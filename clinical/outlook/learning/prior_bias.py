"""Check of the bias of an estimated prior, by what was observed without any model of the wear-off.

The median of a prior is the day by which half of new patients have lost half of their benefit. The same day
is estimated without a prior and without a curve from each patient's first cycle that can be scored, by Kaplan
and Meier: a cycle that ended before the loss is censored. Its 95 % interval are the days on which the band of
that estimate contains one half. A prior further outside than TOLERANCE is biased, for a curve of another
shape or for a record that is too short; one that cannot be compared is not known to be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from clinical.statistics.kaplan_meier import Span, kaplan_meier

MIN_LOSSES: Final = 10
"""Fewest losses of half seen in first cycles for the check. Source: a proposal."""
TOLERANCE: Final = 1.15
"""Factor by which a prior may lie outside that interval. Source: a proposal: the day on which a loss is seen
lags by a day or two."""
ONE_HALF: Final = 0.5
"""Share of patients at the median. Source: arithmetic."""


class PriorBias(StrEnum):
    """Whether the median of an estimated prior lies within what was observed, or on which side."""

    NONE_SEEN = "none_seen"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class ObservedMedian:
    """The observed median in days with its 95 % interval; each None where the curve does not reach it."""

    median_days: float | None
    lo95: float | None
    hi95: float | None
    losses: int

    def bias_of(self, median_days: float) -> PriorBias:
        """Return the bias of a prior with that median."""
        if self.losses < MIN_LOSSES or self.lo95 is None:
            return PriorBias.NOT_CHECKED
        if median_days * TOLERANCE < self.lo95:
            return PriorBias.TOO_EARLY
        if self.hi95 is not None and median_days > TOLERANCE * self.hi95:
            return PriorBias.TOO_LATE
        return PriorBias.NONE_SEEN


def observed_median(first_cycles: Sequence[Span]) -> ObservedMedian:
    """Return the observed median from each patient's first cycle that can be scored."""
    curve = kaplan_meier(first_cycles)
    return ObservedMedian(
        curve.median,
        next((step.day for step in curve.steps if step.lo95 <= ONE_HALF), None),
        next((step.day for step in curve.steps if step.hi95 <= ONE_HALF), None),
        curve.events,
    )
