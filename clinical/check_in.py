"""Daily check-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
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


class Reporter(StrEnum):
    """Whose entry a day's answers are; an imported diary is the patient's own."""

    PATIENT = "patient"
    STAFF = "staff"
    IMPORT = "import"


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

    `benefit_left` is in percent, 0-100. `answered_at` is None where the time of the answer is not known.
    `ratings` are the optional ones answered, by their code; None without any.
    """

    day: date
    mood: float
    anxiety: float | None = None
    enjoyment: float | None = None
    benefit_left: int | None = None
    answered_at: datetime | None = None
    ratings: Mapping[str, int] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class MergedEntry:
    """A clinician's entry over a patient's answers, and the names of the answers that it changed or added."""

    draft: CheckInDraft
    clinic_answers: tuple[str, ...]


def merged(answered: CheckInDraft, entered: CheckInDraft) -> MergedEntry:
    """Return a clinician's entry over the patient's answers: what was not entered stays as answered.

    Optional ratings are merged one by one. The time zone and the moment are those of the entry.
    """
    members = [each.name for each in fields(entered) if each.name not in _MOMENT]
    sent = {name: value for name in members if (value := getattr(entered, name)) is not None}
    if entered.side_effects is not None:
        sent["side_effects"] = tuple(sorted(entered.side_effects))
    if entered.ratings is not None:
        sent["ratings"] = {**(answered.ratings or {}), **entered.ratings}
    changed = tuple(name for name in sent if sent[name] != getattr(answered, name))
    timed = replace(answered, time_zone=entered.time_zone, recorded_at=entered.recorded_at)
    return MergedEntry(replace(timed, **sent), changed)


_MOMENT: Final = frozenset({"time_zone", "recorded_at"})
