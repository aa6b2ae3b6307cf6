"""Custom instruments: scales of one clinic, whose totals are entered and shown next to the catalogue's.

The outlook does not use them. They are judged only by thresholds that the clinic states with their source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from clinical.direction import Direction
from clinical.instruments.change import Thresholds, thresholds_of
from clinical.instruments.instrument import Band
from clinical.score import KINDS, Instrument

PREFIX: Final = "clinic-"
"""Beginning of every custom code, so that none is that of a catalogue instrument, of a later release
neither. Operational."""


MAX_CODE_LENGTH: Final = 32
"""Longest code, characters. Operational."""

CODE_PATTERN: Final = f"{PREFIX}[a-z0-9]+(-[a-z0-9]+)*"
"""Form of a custom code. Operational."""

EVERY_CODE_PATTERN: Final = f"^({'|'.join(Instrument)}|{CODE_PATTERN})$"
"""Form of the code of any instrument whose totals are stored. Operational."""


@dataclass(frozen=True, slots=True)
class StatedBand:
    """A name for the totals from `from_total` to the next band."""

    from_total: int
    label: str


@dataclass(frozen=True, slots=True)
class CustomInstrument:
    """One scale of a clinic: range, direction, and thresholds, each with the source that the clinic states.

    `response_share` is the share of the total before treatment that must be lost, `reliable_change_points`
    the points beyond measurement error; None where the clinic states none. No new total of a `retired` one is
    accepted.
    """

    code: str
    name: str
    lowest: int
    highest: int
    direction: Direction
    unit: str | None = None
    bands: tuple[StatedBand, ...] = ()
    bands_source: str | None = None
    response_share: float | None = None
    response_share_source: str | None = None
    reliable_change_points: float | None = None
    reliable_change_source: str | None = None
    retired: bool = False

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds that a change of its total is judged by."""
        sources = {
            "response_share": self.response_share_source,
            "reliable_change_points": self.reliable_change_source,
        }
        return Thresholds(
            self.direction,
            response_share=self.response_share,
            reliable_change_points=self.reliable_change_points,
            sources={name: source for name, source in sources.items() if source is not None},
        )

    @property
    def total_bands(self) -> tuple[Band, ...]:
        """The bands with their highest total, in order."""
        if not self.bands:
            return ()
        ends = [band.from_total for band in self.bands[1:]] + [self.highest + 1]
        starts = [band.from_total for band in self.bands]
        return tuple(
            Band(low, high - 1, band.label) for low, high, band in zip(starts, ends, self.bands, strict=True)
        )


CustomInstruments = Mapping[str, CustomInstrument]
NO_CUSTOM_INSTRUMENTS: Final[CustomInstruments] = {}


def is_custom(code: str) -> bool:
    """Return whether a code is that of a custom instrument."""
    return len(code) <= MAX_CODE_LENGTH and re.fullmatch(CODE_PATTERN, code) is not None


def known_thresholds(code: str, custom: CustomInstruments) -> Thresholds:
    """Return the thresholds of an instrument of the catalogue or of the clinic."""
    return custom[code].thresholds if code in custom else thresholds_of(code)


def display_name(code: str, custom: CustomInstruments) -> str:
    """Return the name of an instrument of the catalogue or of the clinic."""
    return custom[code].name if code in custom else KINDS[Instrument(code)].title


def in_ascending_order(bands: tuple[StatedBand, ...]) -> bool:
    """Return whether each band begins above the one before it."""
    return all(before.from_total < after.from_total for before, after in pairwise(bands))
