"""A demo clinic of a few patients, for what does not depend on their number: it is made in a moment."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from demo import clinic
from demo.profiles import Profile, profiles
from demo.worklist_entries import ENTRIES

NAMED = frozenset(entry.label for entry in ENTRIES)


def make_it_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo clinic have the patient who signs in, and those whom the staff handed to one another."""

    def few(today: date, rng: Random) -> tuple[Profile, ...]:
        first, *others = profiles(today, rng)
        return (first, *(each for each in others if each.label in NAMED))

    monkeypatch.setattr(clinic, "profiles", few)
