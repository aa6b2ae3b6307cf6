"""A clinician-rated baseline: mood and anxiety before the first infusion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

BASELINE_DAYS: Final = 28
"""Days before the first infusion that are the baseline. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class AssessedBaseline:
    """The usual mood and anxiety of the weeks before `assessed_on`, on the daily ratings' scale of 0-10.

    It replaces the check-ins that a patient did not give before the first infusion.
    """

    assessed_on: date
    mood: int
    anxiety: int | None = None
