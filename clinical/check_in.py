"""Daily check-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

SCALE_MIN: Final = 0
"""Lowest self-rating. Source: a definition."""
SCALE_MAX: Final = 10
"""Highest self-rating. Source: a definition."""

MAX_BENEFIT_LEFT: Final = 100
"""All of the last infusion's benefit, percent. Source: a definition."""


class Severity(StrEnum):
    """Severity of a side effect, as the patient judges."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class EntryMode(StrEnum):
    """Whether a day was answered on that day, or filled in later."""

    LIVE = "live"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, order=True)
class SideEffect:
    """One side effect of one day; `code` is a code of `clinical.side_effects.CATALOGUE`."""

    code: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class CheckInDraft:
    """A patient's answers about one local day.

    `mood` and `enjoyment` run 0 worst to 10 best, `anxiety` 0 none to 10 worst. `side_effects` is None when
    they were not asked, and empty when they were asked and there were none. `benefit_left` is how much of
    what the last infusion gave is still there, 0-100 %. `ratings` are the extra ones answered, 0-10 by a
    code of `clinical.daily_ratings.CATALOGUE`; None when there are none.
    """

    time_zone: str
    recorded_at: datetime
    mood: int
    anxiety: int | None
    enjoyment: int | None = None
    side_effects: tuple[SideEffect, ...] | None = None
    note: str | None = None
    benefit_left: int | None = None
    ratings: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The ratings of one answered local day, as the trend and the outlook take them (0-10).

    `benefit_left` is in percent, 0-100.
    """

    day: date
    mood: float
    anxiety: float | None = None
    enjoyment: float | None = None
    benefit_left: int | None = None
