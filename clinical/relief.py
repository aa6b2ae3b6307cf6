"""Whether thoughts of death or self-harm that were there before an infusion were gone within three days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinical.safety import NOT_AT_ALL

DAYS_BEFORE: Final = 7
"""How long before an infusion an answer still says how it was before. A proposal."""

DAYS_AFTER: Final = 3
"""By when relief is asked for: the day 3 of Abbar 2022."""


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """One local day's safety answer, 0 to 3."""

    day: date
    answer: int


@dataclass(frozen=True, slots=True)
class Relief:
    """One infusion before which such thoughts were endorsed, and how it was by day 3.

    `before` and `after` are the last answers of the 7 days before and of days 1 to 3 after; `after` is None
    where none of those days was answered, or another infusion came before one was.
    """

    infused_on: date
    before: int
    after: int | None

    @property
    def relieved(self) -> bool | None:
        """Whether "not at all" was told last; None where nothing was."""
        return None if self.after is None else self.after == NOT_AT_ALL


@dataclass(frozen=True, slots=True)
class ReliefCounts:
    """Infusions before which such thoughts were endorsed; of those, how many were answered and relieved."""

    endorsed: int
    answered: int
    relieved: int

    @property
    def rate(self) -> float | None:
        """The share relieved of those answered; None where none was."""
        return self.relieved / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure and what it cannot say of our patients."""

    source: str
    rate: float
    compared_with: float | None
    limits: str


ABBAR_2022: Final = Published(
    "Abbar 2022 (BMJ)",
    0.630,
    0.316,
    "Inpatients with suicidal ideation, two infusions 24 hours apart, full remission of ideation at day 3 "
    "against placebo. The effect was in bipolar disorder (odds ratio 14.1); in depressive disorder it was "
    "not significant (1.3, 0.3 to 5.2). Not to be repeated to patients as the benefit to expect.",
)
MCINNES_2022: Final = Published(
    "McInnes 2022",
    0.730,
    None,
    "537 outpatients of 178 practices after 4 to 8 infusions: item 9 of the PHQ-9 fell, which is less than "
    "gone, and not by day 3; in 6.0 % it rose.",
)


def reliefs(answers: Iterable[DayAnswer], infused_on: Iterable[date]) -> list[Relief]:
    """One entry for each infusion day before which an answer above "not at all" stood last, in order of day.

    Only daily answers can say so: item 9 of the PHQ-9 looks back two weeks, across the infusion. The day of
    the infusion itself counts for neither side, as nobody knows which came first.
    """
    told = sorted(answers, key=lambda each: each.day)
    days = sorted(set(infused_on))
    found = []
    for place, day in enumerate(days):
        ends = day + timedelta(days=DAYS_AFTER)
        if place + 1 < len(days):
            # What follows the next infusion is that one's.
            ends = min(ends, days[place + 1] - timedelta(days=1))
        before = _last(told, day - timedelta(days=DAYS_BEFORE), day - timedelta(days=1))
        if before is not None and before > NOT_AT_ALL:
            found.append(Relief(day, before, _last(told, day + timedelta(days=1), ends)))
    return found


def count(found: Sequence[Relief]) -> ReliefCounts:
    """Add up infusions, of one patient or of many."""
    answered = [each for each in found if each.relieved is not None]
    return ReliefCounts(len(found), len(answered), sum(bool(each.relieved) for each in answered))


def _last(told: Sequence[DayAnswer], first: date, last: date) -> int | None:
    within = [each.answer for each in told if first <= each.day <= last]
    return within[-1] if within else None
