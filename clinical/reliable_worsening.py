"""Questionnaires whose newest total is reliably worse than the one before treatment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinical.instruments.change import ChangeVerdict, before_treatment, change
from clinical.score import Score

CURRENT_DAYS: Final = 56
"""Days for which a total is taken as the present state. Source: a proposal: two monthly questionnaires."""


@dataclass(frozen=True, slots=True)
class Worsening:
    """An instrument whose total reliably worsened since before treatment, by its published threshold."""

    instrument: str
    before: int
    total: int
    on: date


def reliable_worsenings(
    scores: Sequence[Score], first_infusion: date | None, today: date
) -> tuple[Worsening, ...]:
    """Return the instruments whose newest total is reliably worse than the one before treatment.

    Only instruments with a published reliable change are judged: `clinical.instruments.change`.
    """
    if first_infusion is None:
        return ()
    found = []
    for instrument in sorted({score.instrument for score in scores}):
        points = [
            (score.day, score.total)
            for score in scores
            if score.instrument == instrument and score.day <= today
        ]
        before = before_treatment(points, first_infusion)
        day, total = max(points, default=(date.min, 0))
        if before is None or day <= before[0] or day <= today - timedelta(days=CURRENT_DAYS):
            continue
        if change(instrument, before[1], total).reliable_change is ChangeVerdict.WORSENED:
            found.append(Worsening(instrument, before[1], total, day))
    return tuple(found)
