"""Questionnaires whose newest total is reliably worse than the one before treatment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinical.custom_instrument import NO_CUSTOM_INSTRUMENTS, CustomInstruments, known_thresholds
from clinical.instruments.change import ChangeVerdict, before_treatment, change_by
from clinical.score import Score

CURRENT_DAYS: Final = 56
"""Days for which a total is taken as the present state. Source: a proposal: two monthly questionnaires."""


@dataclass(frozen=True, slots=True)
class Worsening:
    """An instrument whose total reliably worsened since before treatment, by its published threshold.

    `name` is what it is called in a sentence.
    """

    instrument: str
    before: int
    total: int
    on: date
    name: str


def reliable_worsenings(
    scores: Sequence[Score],
    first_infusion: date | None,
    today: date,
    custom: CustomInstruments = NO_CUSTOM_INSTRUMENTS,
) -> tuple[Worsening, ...]:
    """Return the instruments whose newest total is reliably worse than the one before treatment.

    Only instruments with a published reliable change are judged (`clinical.instruments.change`), and custom
    ones for which the clinic states one with its source.
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
        known = known_thresholds(instrument, custom)
        if change_by(known, before[1], total).reliable_change is ChangeVerdict.WORSENED:
            name = custom[instrument].name if instrument in custom else instrument.upper()
            found.append(Worsening(instrument, before[1], total, day, name))
    return tuple(found)
