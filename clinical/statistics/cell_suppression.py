"""Small-cell suppression: which counts of a table may be shown without disclosing a small group."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from clinical.statistics import MIN_GROUP_SIZE

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Count:
    """A numerator and denominator, numbers of people."""

    numerator: int
    denominator: int

    @property
    def small(self) -> bool:
        """Whether those counted, or those left over, are too few to be shown."""
        return min(self.numerator, self.denominator - self.numerator) < MIN_GROUP_SIZE

    def __add__(self, other: Count) -> Count:
        """Both groups together."""
        return Count(self.numerator + other.numerator, self.denominator + other.denominator)


NOBODY: Final = Count(0, 0)
"""A count of no people. Operational."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a table: some of its groups, and perhaps their total."""

    groups: frozenset[Hashable]
    total: bool


def shown(counts: Mapping[Group, Count]) -> Shown:
    """Return what may be shown of disjoint groups and their total (primary and complementary suppression).

    The sum of the hidden groups can be computed by subtracting the rest from the total. So it must not be
    small, nor a single group: if it is, the smallest of the others is hidden too, and in the end the total.
    """
    total = sum(counts.values(), NOBODY)
    hidden = {group for group, count in counts.items() if count.small}
    if total.small:
        return Shown(frozenset(), total=False)
    visible = [group for group in counts if group not in hidden]
    for group in sorted(visible, key=lambda one: counts[one].denominator):
        if not _is_derivable(counts, hidden):
            break
        hidden.add(group)
    return Shown(frozenset(counts) - hidden, total=not _is_derivable(counts, hidden))


def _is_derivable(counts: Mapping[Group, Count], hidden: set[Group]) -> bool:
    """Return whether subtraction discloses a hidden group."""
    return bool(hidden) and (len(hidden) == 1 or sum((counts[group] for group in hidden), NOBODY).small)
