"""A questionnaire's total, as it was told on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Instrument(StrEnum):
    """The questionnaires whose totals are kept."""

    PHQ_9 = "phq-9"


HIGHEST_TOTAL: Final[dict[Instrument, int]] = {Instrument.PHQ_9: 27}
"""Nine items of 0 to 3 (Kroenke 2001); the lowest total is 0, and higher is worse."""

PHQ_9_LOOKS_BACK_DAYS: Final = 14
"""PHQ-9 asks about the last two weeks (Kroenke 2001)."""


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """One total, by the day on which the questionnaire was answered."""

    day: date
    instrument: Instrument
    total: int


def totals(scores: Sequence[Score], instrument: Instrument) -> list[Score]:
    """One instrument's scores, in order of day."""
    return sorted(score for score in scores if str(score.instrument) == str(instrument))
