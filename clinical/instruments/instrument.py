"""A questionnaire, and the scoring that all of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clinical.direction import Direction


class Operator(StrEnum):
    """How a total is compared with a cut-off."""

    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer of an item: its value, and its published text."""

    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    An item that is not `scored` never enters the total, and a questionnaire is complete without it. One with
    `unless_zero` is not to be asked once that earlier item was answered with 0: it then counts 0, whatever
    was answered.
    """

    code: str
    text: str
    options: tuple[Option, ...]
    scored: bool = True
    unless_zero: str | None = None

    @property
    def values(self) -> frozenset[int]:
        """The values on this item's scale."""
        return frozenset(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Band:
    """A published name for the totals from `low` to `high`, both included."""

    low: int
    high: int
    label: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A subscale: some of the items, with a total of their own."""

    code: str
    label: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A published cut-off: shown with the scale, never applied to a patient."""

    total: int
    operator: Operator
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire; it never changes, a change is another version.

    The total is the sum of the scored items times `factor`. `condition` is what it measures, in one word.
    `language` is that of its texts, a BCP 47 tag: a translation is another instrument, with its own source.
    """

    code: str
    version: str
    title: str
    condition: str
    recall_period: str
    instruction: str
    items: tuple[Item, ...]
    direction: Direction
    bands: tuple[Band, ...]
    licence: str
    source: str
    bands_source: str | None = None
    clusters: tuple[Cluster, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    factor: int = 1
    retired: bool = False
    language: str = "en"

    @property
    def highest(self) -> int:
        """The highest total; the lowest is 0."""
        return self.factor * sum(max(item.values) for item in self.items if item.scored)

    def item(self, code: str) -> Item | None:
        """Return the item of this code, None where there is none."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of complete answers; `clusters` in the order of the instrument's."""

    total: int
    band: Band | None
    clusters: tuple[tuple[Cluster, int], ...]


def score(instrument: Instrument, answers: Mapping[str, int]) -> Scored | None:
    """Score answers by the published rule; None while a scored item is unanswered: no part is scaled up."""
    counted: dict[str, int] = {}
    for item in instrument.items:
        if not item.scored:
            continue
        skipped = item.unless_zero is not None and answers.get(item.unless_zero) == 0
        value = 0 if skipped else answers.get(item.code)
        if value is None:
            return None
        counted[item.code] = value
    total = instrument.factor * sum(counted.values())
    clusters = tuple(
        (cluster, sum(counted[code] for code in cluster.items)) for cluster in instrument.clusters
    )
    return Scored(total, band(instrument.bands, total), clusters)


def band(bands: Sequence[Band], total: int) -> Band | None:
    """Return the band of a total; None where none was published."""
    return next((found for found in bands if found.low <= total <= found.high), None)
