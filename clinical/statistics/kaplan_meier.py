"""Survival curve from censored times: the Kaplan-Meier estimate."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt
from typing import Final

from clinical.statistics import Z95

ONE_SIDE: Final = 0.025
"""What a 95 % interval leaves on either side. Source: a convention."""

HALF: Final = 0.5 + 1e-12
"""The share at which a median lies, with room for rounding. Source: arithmetic."""


@dataclass(frozen=True, slots=True)
class Span:
    """One person's time in days; `ended` is False where they were only followed so long (censored)."""

    days: float
    ended: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One day on which a subject had the event or was censored.

    `surviving` is the share still without the event after that day, `lo95` and `hi95` its band; `at_risk`
    were followed up to that day, `events` of them had the event on it.
    """

    day: float
    at_risk: int
    events: int
    surviving: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The estimate; before the first step all survive."""

    subjects: int
    events: int
    steps: tuple[Step, ...]

    @property
    def median(self) -> float | None:
        """The first day by which half or more had ended; None while more than half survive."""
        # A product of shares is half to within its rounding.
        return next((step.day for step in self.steps if step.surviving <= HALF), None)

    def at(self, day: float) -> Step:
        """Return the estimate after a day, with `at_risk` and `events` of the last step.

        On day 0 all survive by definition. From then until the first event the range rests on those
        who are still followed.
        """
        place = bisect_right(self.steps, day, key=lambda step: step.day)
        last = self.steps[place - 1] if place else Step(0, self.subjects, 0, 1, 1, 1)
        if day <= 0 or last.surviving < 1:
            return last
        return replace(last, lo95=_least(self.followed(day)))

    def followed(self, day: float) -> int:
        """Return how many were followed up to a day without an event before it."""
        return next((step.at_risk for step in self.steps if step.day >= day), 0)


def kaplan_meier(spans: Sequence[Span]) -> Curve:
    """Estimate the share that survives each day (Kaplan and Meier 1958), with Greenwood's variance.

    A subject censored on the day of another's event counts as at risk for it. The 95 % band is
    taken on the scale of log(-log S), so that it stays between 0 and 1 (Kalbfleisch and Prentice 1980).
    At survival 1 or 0 that scale has no band: the exact limits of 0 events among those at risk are given
    (Clopper and Pearson 1934), since 0 of 5 is no certainty.
    Raises ValueError for a time below 0 or without end.
    """
    if any(not 0 <= span.days < inf for span in spans):
        raise ValueError("a time is a finite number of days, at least 0")
    at_risk, surviving, spread, steps = len(spans), 1.0, 0.0, []
    for day in sorted({span.days for span in spans}):
        events = sum(span.ended for span in spans if span.days == day)
        if events == at_risk:
            surviving, spread = 0.0, inf
        else:
            surviving *= 1 - events / at_risk
            spread += events / (at_risk * (at_risk - events))
        steps.append(Step(day, at_risk, events, surviving, *_band(surviving, spread, at_risk)))
        at_risk -= sum(span.days == day for span in spans)
    return Curve(len(spans), sum(step.events for step in steps), tuple(steps))


def _band(surviving: float, spread: float, at_risk: int) -> tuple[float, float]:
    """Return the 95 % band; `spread` is Greenwood's sum."""
    if surviving == 1:
        return _least(at_risk), 1
    if surviving == 0:
        return 0, 1 - _least(at_risk)
    centre = log(-log(surviving))
    reach = Z95 * sqrt(spread) / -log(surviving)
    return exp(-exp(centre + reach)), exp(-exp(centre - reach))


def _least(people: int) -> float:
    """Return the exact lower 95 % limit of survival when all `people` survived."""
    return ONE_SIDE ** (1 / people) if people else 0
