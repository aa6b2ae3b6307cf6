"""Silence of a patient, judged by how often this patient usually answers.

The usual gap is the 90th percentile (nearest rank) of the days between consecutive answers in the eight
weeks up to the last one. Silence is unusual from twice the usual gap, and never before the seven days from
which any silence is remarked on: a patient who answers daily is missed after a week, one who answers every
ten days after three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil
from typing import Final

from clinical.check_in import Reading

STALE_DAYS: Final = 7
"""Days without an answer that are remarked on. Source: a proposal."""
SILENT_DAYS: Final = 14
"""Days without an answer that are too long to forecast across. Source: a proposal."""
HABIT_DAYS: Final = 56
"""Days up to the last answer from which the usual gap is taken. Source: a proposal: two months."""
MIN_GAPS: Final = 3
"""Fewest gaps between answers for a usual gap. Source: a proposal."""
USUAL_QUANTILE: Final = 0.9
"""Quantile of the gaps that is called usual. Source: a proposal."""
UNUSUAL_FACTOR: Final = 2
"""Multiple of the usual gap from which silence is unusual. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Days since the last answer, or since `since` where there never was one.

    `usual_gap_days` is None without enough answers to tell.
    """

    days: int
    since: date
    answered_before: bool
    usual_gap_days: int | None
    unusual: bool


def silence(readings: Sequence[Reading], today: date, treated_since: date | None) -> Silence | None:
    """Return the silence on `today`; None on a day with an answer, and before treatment without answers.

    `readings` are in order of day; later ones are ignored.
    """
    days = [reading.day for reading in readings if reading.day <= today]
    if not days:
        if treated_since is None or treated_since > today:
            return None
        silent = (today - treated_since).days
        return Silence(
            days=silent,
            since=treated_since,
            answered_before=False,
            usual_gap_days=None,
            unusual=silent >= SILENT_DAYS,
        )
    silent = (today - days[-1]).days
    if silent == 0:
        return None
    usual = usual_gap(days)
    limit = SILENT_DAYS if usual is None else max(UNUSUAL_FACTOR * usual, STALE_DAYS)
    return Silence(
        days=silent,
        since=days[-1],
        answered_before=True,
        usual_gap_days=usual,
        unusual=silent >= limit,
    )


def usual_gap(days: Sequence[date]) -> int | None:
    """Return the usual gap between answers, days; None with too few answers. `days` are in order."""
    recent = [day for day in days if (days[-1] - day).days <= HABIT_DAYS]
    gaps = sorted((after - before).days for before, after in pairwise(recent))
    if len(gaps) < MIN_GAPS:
        return None
    return gaps[ceil(USUAL_QUANTILE * len(gaps)) - 1]
