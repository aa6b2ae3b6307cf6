"""A demo clinic of a few patients, for what does not depend on their number: it is made in a moment."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from demo import clinic
from demo.courses import Profile
from demo.profiles import profiles
from demo.worklist_entries import ENTRIES

NAMED = frozenset(entry.label for entry in ENTRIES)


def make_it_small(monkeypatch: pytest.MonkeyPatch, patients: int = 1) -> None:
    """Let the demo clinic have so many patients, and those whom its staff handed to one another.

    The first one signs in.
    """

    def few(today: date, rng: Random) -> tuple[Profile, ...]:
        found = profiles(today, rng)
        return tuple(each for at, each in enumerate(found) if at < patients or each.label in NAMED)

    monkeypatch.setattr(clinic, "profiles", few)
