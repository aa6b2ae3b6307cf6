"""Retrospective reference: the day on which half of a cycle's benefit was lost, from the finished cycle.

The benefit cannot be observed directly, so on a clinic's own patients the reference is the smoothed level of
the target measure, wellbeing or a rating, from all answers of the cycle: the day from which it lies below the
line half-way between the level before treatment and that of the week after the infusion, and stays there
until the next infusion. A level that returns above the line was a dip. The reference uses no forecast, and
answers that came later than any forecast of the cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import fmean
from typing import Final

from clinical.answer_timing import days_before_infusion
from clinical.check_in import Reading
from clinical.current_course import current_course
from clinical.history import History
from clinical.infusion import InfusionReason
from clinical.outlook.model.cycle_fit import Segment
from clinical.outlook.model.segments import ModelInput, build_model_input, up_to
from clinical.outlook.model.wear_off_curve import FIRST_USABLE_DAY, MAX_CYCLE_DAYS
from clinical.protocol import days_after
from clinical.statistics.kaplan_meier import Span
from clinical.target_measure import TargetMeasure
from clinical.trend import MIN_TO_ESTIMATE, Rating, TrendDay, trend

MIN_BASELINE_ANSWERS: Final = 3
"""Fewest answers before treatment for a reference. Source: a proposal."""
MIN_ANSWERS: Final = MIN_TO_ESTIMATE
"""Fewest answers of a cycle for a reference. Source: a proposal."""
LAST_PLATEAU_DAY: Final = 8
"""Last day of the plateau, the week from the second day after the infusion. Source: a proposal."""

MIN_OBSERVED_GAIN: Final = 1.0
"""Minimum benefit whose loss is determined, points of W. Source: a proposal."""

MIN_DAYS_UNDER: Final = 3
"""Minimum answered days below the line by the end of the data. Source: a proposal."""

MAX_SILENCE_DAYS: Final = 7
"""Most days between the answers on either side of the line for the day of crossing to be known. Source: a
proposal."""

HALF_LEFT_REPORTED: Final = 50
"""Percent of benefit left at or under which the patient reports the loss of half. Source: a definition."""


class Finding(StrEnum):
    """Result of the retrospective analysis of a finished cycle."""

    SEEN = "seen"
    CENSORED = "censored"
    NO_BENEFIT = "no_benefit"
    NO_BASELINE = "no_baseline"
    TOO_FEW_ANSWERS = "too_few_answers"


@dataclass(frozen=True, slots=True)
class RetrospectiveCycle:
    """One finished cycle in retrospect; days count from the infusion that opened it, on `start`.

    `number` is the patient's cycle, from 1; `interval` the days until the next infusion. `length` is the days
    of follow-up, at most MAX_CYCLE_DAYS; of a censored cycle, up to the day after the last answer; of a cycle
    that cannot be scored, `interval`. `half_gone` and `third_gone` are the first days on which the level had
    fallen by a half and a third of `gain` (points of `target_measure`) and stayed there. `observable_until`
    is the last day on which a loss of half would have been seen, the third last one that was answered; None
    of a cycle that cannot be scored. Two external anchors
    are stored with it and never merged: `patient_reported_half_loss`, the day of the first weekly answer of
    half or less left, and `for_symptoms`, whether the next infusion was given because symptoms had returned.
    """

    start: date
    number: int
    interval: int
    length: int
    finding: Finding
    gain: float | None = None
    half_gone: int | None = None
    third_gone: int | None = None
    patient_reported_half_loss: int | None = None
    for_symptoms: bool = False
    target_measure: TargetMeasure = TargetMeasure.WELLBEING
    observable_until: int | None = None

    @property
    def can_be_scored(self) -> bool:
        """Whether forecasts of this cycle can be scored."""
        return self.finding in {Finding.SEEN, Finding.CENSORED}


def retrospective_cycles(history: History, today: date) -> tuple[RetrospectiveCycle, ...]:
    """Return every maintenance cycle that had ended by `today`, from all that is known by then, in order.

    Cycles of earlier courses come first, each course's by its own measure and baseline; they are numbered
    through.
    """
    current = current_course(history, today)
    found: list[RetrospectiveCycle] = []
    for course in (*current.earlier_courses, current):
        found += _of_course(course, today, len(found) + 1)
    return tuple(found)


def _of_course(history: History, today: date, first_number: int) -> tuple[RetrospectiveCycle, ...]:
    readings = up_to(history.readings, today)
    model_input = build_model_input(history, readings, today)
    if model_input is None:
        return ()
    baseline = _baseline(model_input)
    spans = pairwise(model_input.opened)
    return tuple(
        _with_anchors(_retrospective_cycle(number, start, end, segment, baseline), history, readings)
        for number, ((start, end), segment) in enumerate(
            zip(spans, model_input.finished_cycles, strict=True), start=first_number
        )
    )


def _baseline(model_input: ModelInput) -> float | None:
    """Return the level before treatment: the mean of its answers, else the clinician-rated one."""
    if len(model_input.baseline.days) >= MIN_BASELINE_ANSWERS:
        return fmean(model_input.baseline.values)
    return model_input.baseline.auxiliary.rated_baseline


def _retrospective_cycle(
    number: int, start: date, end: date, segment: Segment, baseline: float | None
) -> RetrospectiveCycle:
    interval = (end - start).days
    levels = _levels(start, segment)
    plateau = [day.level for day in levels if (day.day - start).days <= LAST_PLATEAU_DAY]
    if len(segment.days) < MIN_ANSWERS or not plateau:
        return RetrospectiveCycle(start, number, interval, interval, Finding.TOO_FEW_ANSWERS)
    if baseline is None:
        return RetrospectiveCycle(start, number, interval, interval, Finding.NO_BASELINE)
    gain = fmean(plateau) - baseline
    if gain < MIN_OBSERVED_GAIN:
        return RetrospectiveCycle(start, number, interval, interval, Finding.NO_BENEFIT, round(gain, 4))
    half = _stays_under(levels, baseline + gain / 2, start)
    third = _stays_under(levels, baseline + 2 * gain / 3, start)
    followed = min(interval, MAX_CYCLE_DAYS)
    return RetrospectiveCycle(
        start=start,
        number=number,
        interval=interval,
        length=min(followed, segment.days[-1] + 1) if half is None else followed,
        finding=Finding.CENSORED if half is None else Finding.SEEN,
        gain=round(gain, 4),
        half_gone=half,
        third_gone=third,
        observable_until=segment.days[-MIN_DAYS_UNDER],
    )


def _levels(start: date, segment: Segment) -> Sequence[TrendDay]:
    pairs = zip(segment.days, segment.values, strict=True)
    return trend(Rating(days_after(start, day), value) for day, value in pairs).days


def _stays_under(levels: Sequence[TrendDay], line: float, start: date) -> int | None:
    """Return the first day from which the level stays below a line, if enough later days were answered.

    None also where the crossing lies in a gap of answers longer than MAX_SILENCE_DAYS.
    """
    over = [index for index, day in enumerate(levels) if day.level >= line]
    first = over[-1] + 1 if over else 0
    answered = [index for index, day in enumerate(levels) if day.answered]
    under = [index for index in answered if index >= first]
    if len(under) < MIN_DAYS_UNDER:
        return None
    silence = under[0] - max((index for index in answered if index < first), default=first)
    return None if silence > MAX_SILENCE_DAYS else (levels[first].day - start).days


def _with_anchors(
    cycle: RetrospectiveCycle, history: History, readings: Sequence[Reading]
) -> RetrospectiveCycle:
    end = days_after(cycle.start, cycle.interval)
    before = days_before_infusion(readings, history.infusions)
    reported_days = (
        (reading.day - cycle.start).days
        for reading in readings
        if reading.benefit_left is not None
        and reading.benefit_left <= HALF_LEFT_REPORTED
        and days_after(cycle.start, FIRST_USABLE_DAY) <= reading.day
        and (reading.day < end or (reading.day == end and end in before))
    )
    symptoms = InfusionReason.SYMPTOMS_RETURNED
    for_symptoms = any(given.day == end and given.reason is symptoms for given in history.infusions)
    return replace(
        cycle,
        patient_reported_half_loss=next(reported_days, None),
        for_symptoms=for_symptoms,
        target_measure=history.target_measure,
    )


def first_cycle_spans(patients: Iterable[Iterable[RetrospectiveCycle]]) -> list[Span]:
    """Return the days until half was lost, of each patient in the first cycle that can be scored.

    Only the first, since cycles of one patient are not independent. A cycle that ended before is censored at
    its last answer.
    """
    firsts = (next((each for each in cycles if each.can_be_scored), None) for cycles in patients)
    return [
        Span(cycle.length, ended=False) if cycle.half_gone is None else Span(cycle.half_gone, ended=True)
        for cycle in firsts
        if cycle is not None
    ]
