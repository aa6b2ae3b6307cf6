"""The model's input: a history's readings divided into segments, the baseline and the cycles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from clinical.answer_timing import days_before_infusion
from clinical.baseline import BASELINE_DAYS
from clinical.check_in import Reading
from clinical.history import History
from clinical.outlook.model.auxiliary_by_cycle import assign_to_cycles
from clinical.outlook.model.cycle_fit import WEEKDAY, WEEKEND, Segment
from clinical.outlook.model.patient_state import CourseSegments
from clinical.outlook.model.treatment_changes import NO_CHANGE, TreatmentChange, treatment_changes
from clinical.outlook.model.wear_off_curve import FIRST_USABLE_DAY, MAX_CYCLE_DAYS
from clinical.outlook.model.wellbeing import Mask, Wellbeing, of_rating, wellbeing
from clinical.protocol import cycle_starts, first_infusion
from clinical.target_measure import is_rating, rated

SATURDAY: Final = 5
"""Days after Monday on which the weekend begins. Source: the calendar."""


MIN_BASELINE_READINGS: Final = 3
"""Fewest answers before treatment for a forecast. Source: a proposal: SD 1.4 to 1.8 (Neubauer 2021, Jang
2024)."""


@dataclass(frozen=True, slots=True)
class ModelInput:
    """Input of the running cycle's forecast on the day `elapsed` days after its start.

    `opened` are the days of the infusions that opened the finished cycles and, last, the running one, `start`
    that of the running one. `used` are the readings in the segments, in order of day. `earlier` are the
    segments of the patient's earlier treatment courses, those with a baseline and a cycle with check-ins.
    `change` is what changed in the treatment before or in the running cycle. The values of every segment are
    of the target measure, turned so that higher is better.
    """

    first_infusion: date | None
    opened: tuple[date, ...]
    start: date
    elapsed: int
    baseline: Segment
    finished_cycles: tuple[Segment, ...]
    running_cycle: Segment
    used: tuple[Reading, ...]
    anxiety_used: bool
    enjoyment_used: bool
    earlier: tuple[CourseSegments, ...] = ()
    change: TreatmentChange = NO_CHANGE


def up_to(readings: Sequence[Reading], today: date) -> tuple[Reading, ...]:
    """Return the readings up to `today`, in order of day."""
    return tuple(sorted((r for r in readings if r.day <= today), key=lambda r: r.day))


def build_model_input(history: History, readings: Sequence[Reading], today: date) -> ModelInput | None:
    """Return the model's input from `readings`, those up to `today`; None while no cycle has opened.

    A day without the target measure is as one without a reading, but for its reported benefit left.
    """
    starts = cycle_starts(history.protocol, history.infusions, today)
    if not starts:
        return None
    treated_from = first_infusion(history.protocol, history.infusions, today)
    every_reading, readings = readings, rated(readings, history.target_measure)
    opened = np.array([start.toordinal() for start in starts])
    days = np.array([reading.day.toordinal() for reading in readings], dtype=np.intp)
    # A reading given before the infusion of its day belongs to the time before that infusion.
    before = days_before_infusion(readings, history.infusions)
    given_before = np.array([reading.day in before for reading in readings], dtype=np.intp)
    cycle = np.searchsorted(opened, days - given_before, side="right") - 1
    since = days - opened[np.maximum(cycle, 0)]
    # A course that began elsewhere on an unknown day has no days before treatment.
    first = 0 if treated_from is None else treated_from.toordinal()
    in_baseline = (days - given_before < first) & (days >= first - BASELINE_DAYS)
    in_cycle = (cycle >= 0) & (since >= FIRST_USABLE_DAY) & (since <= MAX_CYCLE_DAYS)
    running_number = len(starts) - 1
    merged = _values(history, readings, in_baseline | (in_cycle & (cycle < running_number)))
    offsets = np.where(in_baseline, days - (first - BASELINE_DAYS), since)
    # Ordinal 1 is a Monday.
    weekend = np.where((days - 1) % 7 >= SATURDAY, WEEKEND, WEEKDAY)
    usable = in_baseline | in_cycle
    chosen = np.flatnonzero(usable)
    segment_of = np.where(in_baseline, -1, cycle)[chosen]
    bounds = np.searchsorted(segment_of, np.arange(-1, len(starts) + 1))
    numbers, values = offsets[chosen].tolist(), merged.values[chosen].tolist()
    weekends = weekend[chosen].tolist()
    auxiliary = assign_to_cycles(history, every_reading, starts, today, with_anxiety=merged.anxiety_used)
    changes = treatment_changes(history, starts, today)
    changed = (False, *(change != NO_CHANGE for change in changes))
    # Today may still be answered, and so may a day of an infusion before it begins.
    ends = [(end - start).days - 1 for start, end in pairwise((*starts, today))]
    observed_to = (0, *(min(max(end, 0), MAX_CYCLE_DAYS) for end in ends))
    segments = [
        Segment(tuple(numbers[low:high]), tuple(values[low:high]), tuple(weekends[low:high]), *others)
        for low, high, others in zip(
            bounds[:-1].tolist(),
            bounds[1:].tolist(),
            zip(auxiliary, changed, observed_to, strict=True),
            strict=True,
        )
    ]
    return ModelInput(
        first_infusion=treated_from,
        opened=starts,
        start=starts[-1],
        elapsed=(today - starts[-1]).days,
        baseline=segments[0],
        finished_cycles=tuple(segments[1:-1]),
        running_cycle=segments[-1],
        used=tuple(readings[index] for index in chosen.tolist()),
        anxiety_used=merged.anxiety_used,
        enjoyment_used=merged.enjoyment_used,
        earlier=tuple(_earlier(history)),
        change=changes[-1],
    )


def _values(history: History, readings: Sequence[Reading], reference: Mask) -> Wellbeing:
    if is_rating(history.target_measure):
        return of_rating(readings, history.target_measure)
    return wellbeing(readings, reference)


def _earlier(history: History) -> Iterator[CourseSegments]:
    for course in history.earlier_courses:
        if not course.infusions:
            continue
        # Its readings end where the next course begins, so that any later day gives the same segments.
        last_day = max([course.infusions[-1].day, *(reading.day for reading in course.readings)])
        found = build_model_input(_by_measure_of(history, course), course.readings, last_day)
        if found is None or not has_baseline(found):
            continue
        cycles = (*found.finished_cycles, found.running_cycle)
        if any(cycle.days for cycle in cycles):
            yield CourseSegments(found.baseline, cycles)


def _by_measure_of(history: History, course: History) -> History:
    """Return an earlier course by the measure of this one, of which another one is no evidence."""
    measure = history.target_measure
    baseline = course.target_baseline if course.target_measure is measure else None
    return replace(course, earlier_courses=(), target_measure=measure, target_baseline=baseline)


def has_baseline(model_input: ModelInput) -> bool:
    """Return whether there is a level to measure a benefit against."""
    baseline = model_input.baseline
    return len(baseline.days) >= MIN_BASELINE_READINGS or baseline.auxiliary.rated_baseline is not None
