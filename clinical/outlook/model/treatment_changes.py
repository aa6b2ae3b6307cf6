"""Cycles whose wear-off may differ from the patient's earlier ones, because the treatment changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from clinical.current_course import NEW_COURSE_GAP_DAYS
from clinical.events import EventKind
from clinical.history import History

DOSE_CHANGE: Final = 0.10
"""Least change of the dose from one infusion to the next, as a share of the first, that counts as one.
Source: a proposal: less is within what a new weight or a rounded dose changes."""


@dataclass(frozen=True, slots=True)
class TreatmentChange:
    """What changed before or in a cycle; each is None where it did not.

    `dose_mg` is the dose of the infusion that opened the cycle and of the one before, `medication_on` the
    last day of a change of medication since that one, `paused_days` the days between the two.
    """

    dose_mg: tuple[float, float] | None = None
    medication_on: date | None = None
    paused_days: int | None = None


NO_CHANGE: Final = TreatmentChange()


def treatment_changes(history: History, starts: Sequence[date], today: date) -> tuple[TreatmentChange, ...]:
    """Return for each cycle that `starts` opens what changed since the one before; never in the first.

    Changes of medication count up to `today`, from the infusion before the cycle's own to the cycle's end: it
    is not known how long one takes to act. A dose that was not recorded is no change.
    """
    if not starts:
        return ()
    doses = {given.day: given.dose_mg for given in history.infusions}
    medication = sorted(
        event.day
        for event in history.events
        if event.kind is EventKind.MEDICATION_CHANGE and event.day <= today
    )
    return NO_CHANGE, *_after_the_first(doses, medication, (*starts, date.max))


def _after_the_first(
    doses: dict[date, float | None], medication: Sequence[date], starts: Sequence[date]
) -> Iterator[TreatmentChange]:
    ends = starts[2:]
    for (before, start), end in zip(pairwise(starts[:-1]), ends, strict=True):
        dose_before, dose = doses.get(before), doses.get(start)
        changed = None
        if dose and dose_before and abs(dose - dose_before) >= DOSE_CHANGE * dose_before:
            changed = dose_before, dose
        paused = (start - before).days
        yield TreatmentChange(
            dose_mg=changed,
            medication_on=max((day for day in medication if before <= day < end), default=None),
            paused_days=paused if paused > NEW_COURSE_GAP_DAYS else None,
        )
