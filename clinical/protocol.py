"""Induction, maintenance, what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Protocol:
    """A patient's treatment plan: the clinic's settings with the patient's own overrides applied.

    Induction is `induction_infusions` within `induction_days`; maintenance follows every
    `min_interval_days` to `max_interval_days`. `paused_until` is the first day after the pause, None for
    an open one; from `ended_on` the course is completed.
    """

    induction_infusions: int = 6
    induction_days: int = 21
    min_interval_days: int = 14
    max_interval_days: int = 28
    paused_from: date | None = None
    paused_until: date | None = None
    ended_on: date | None = None
