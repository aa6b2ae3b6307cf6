"""Recency and completeness of the check-ins that an outlook is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from clinical.answering_habit import STALE_DAYS
from clinical.check_in import Reading
from clinical.outlook.result import DataQuality
from clinical.target_measure import TargetMeasure, is_rating, rated

WEEK: Final = 7
"""Shorter period whose answered days are counted, days. Source: a week."""
FORTNIGHT: Final = 14
"""Longer period whose answered days are counted, days. Source: two weeks."""


def data_quality(
    readings: Sequence[Reading], today: date, measure: TargetMeasure = TargetMeasure.WELLBEING
) -> DataQuality:
    """Return the data quality of the readings up to `today`, in order of day, none of them later."""
    recent = [reading for reading in readings[-FORTNIGHT:] if (today - reading.day).days < FORTNIGHT]
    last = readings[-1].day if readings else None
    silent = None if last is None else (today - last).days
    return DataQuality(
        answered_last_7_days_count=sum((today - reading.day).days < WEEK for reading in recent),
        answered_last_14_days_count=len(recent),
        last_check_in_on=last,
        silent_days=silent,
        stale=silent is not None and silent >= STALE_DAYS,
        anxiety_share=_share(sum(reading.anxiety is not None for reading in recent), len(recent)),
        enjoyment_share=_share(sum(reading.enjoyment is not None for reading in recent), len(recent)),
        target_answered_last_14_days_count=len(rated(recent, measure)) if is_rating(measure) else None,
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
