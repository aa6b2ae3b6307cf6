"""Simulated patients whose infusions are decided one at a time, from what was known by then.

Whatever is decided, a patient of one number and seed is the same person, with the same disturbances and the
same answering on each day of the diary, and the same half-benefit day and gain of the c-th cycle. What was
felt and answered before an infusion does not depend on it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from bench.simulation.cohort import FIRST_MONDAY, Patient, Question, asked_only
from bench.simulation.daily_states import (
    Days,
    Disturbances,
    days_of,
    drawn_disturbances,
    drawn_infusion_days,
)
from bench.simulation.diary import (
    SCORED_AT_VISITS,
    SCORED_BETWEEN,
    SCORED_EVERY,
    AnsweringOdds,
    Entry,
    Item,
    Missing,
    answered_days,
    answering_odds,
    answers_of,
    drawn_entry,
    drawn_item,
    drawn_missing,
    percent_left,
    score_of,
)
from bench.simulation.recalls import recalled
from bench.simulation.traits import Person, drawn_dose_change, drawn_person
from bench.simulation.treatment_course import (
    CYCLES,
    MIN_CYCLE,
    OTHER_REASON,
    Course,
    TrueCycle,
    drawn_induction,
    felt_at,
    gain_share,
    given_infusions,
    half_gone,
    judged_reason,
)
from bench.simulation.wear_off_shapes import Floats, day_at
from bench.simulation.worlds import USUAL, World
from clinical.half_benefit_recall import HalfBenefitRecall
from clinical.infusion import InfusionReason
from clinical.score import Score

FOLLOWED_DAYS: Final = 730
"""Days from the last infusion of the induction that are followed."""

MAX_CYCLES: Final = FOLLOWED_DAYS // MIN_CYCLE + 2

USUAL_INTERVAL: Final = 21
"""Interval at which a patient's share of days is missed: on other days the chance follows the mood."""


@dataclass(frozen=True, slots=True, eq=False)
class Circumstances:
    """What no decision changes in one patient's two years.

    `half_gone`, `gains`, `felt_at`, `judging` (k, 2) and `other_reason` are of the cycles in order; of the
    days of the diary are `missing`, `entries`, `items` and `scoring` (n, 3): whether PHQ-9 is answered at a
    visit, or between, both uniform, and its error in SDs.
    """

    number: int
    seed: int
    person: Person
    first: date
    induction: tuple[int, ...]
    half_gone: tuple[float, ...]
    gains: tuple[float, ...]
    felt_at: tuple[float, ...]
    judging: Floats
    other_reason: tuple[bool, ...]
    disturbances: Disturbances
    infusion_days: Floats
    missing: Missing
    odds: AnsweringOdds
    entries: tuple[Entry, ...]
    items: tuple[Item | None, ...]
    scoring: Floats
    recall_lean: float

    @property
    def end(self) -> int:
        """The day of the diary after the last that is followed."""
        return self.induction[-1] + FOLLOWED_DAYS


@dataclass(frozen=True, slots=True)
class Clinic:
    """What a clinic asks beyond mood and anxiety, and the longest interval between its infusions."""

    questions: frozenset[Question]
    max_interval_days: int

    @property
    def longest_cycle(self) -> int:
        """The days of a running cycle: with the one on which the next infusion may be given at the latest."""
        return self.max_interval_days + 1


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A patient of a clinic whose last cycle goes on: its `end` is not decided yet.

    `patient` and `days` reach further than today; `bench.simulation.cohort.history` is what was known.
    """

    clinic: Clinic
    course: Course
    days: Days
    patient: Patient


def circumstances(number: int, seed: int, missing: float, world: World = USUAL) -> Circumstances:
    """Return those of one patient, the same person as `bench.simulation.cohort.patient` returns."""
    words = np.random.SeedSequence((seed, number)).spawn(7)
    who, when, *_, dosed = (np.random.default_rng(each) for each in words)
    words = np.random.SeedSequence((seed, number, 4)).spawn(5)
    cycles, how, answering, scoring, recalling = (np.random.default_rng(each) for each in words)
    person = replace(drawn_person(who, missing, world), dose_change=drawn_dose_change(dosed, world))
    weekday = int(who.integers(7))
    induction = drawn_induction(when)
    length = induction[-1] + FOLLOWED_DAYS
    deviations = cycles.normal(size=(MAX_CYCLES, 3))
    disturbances = drawn_disturbances(how, person, length, weekday)
    found = Circumstances(
        number=number,
        seed=seed,
        person=person,
        first=FIRST_MONDAY + timedelta(days=weekday),
        induction=induction,
        # A benefit that shortens or lengthens does so over as many cycles as elsewhere in the simulation.
        half_gone=tuple(
            half_gone(person, min(number, CYCLES), deviation)
            for number, deviation in enumerate(deviations[:, 0].tolist(), start=1)
        ),
        gains=tuple(
            gain_share(person, min(number, CYCLES), deviation)
            for number, deviation in enumerate(deviations[:, 1].tolist(), start=1)
        ),
        felt_at=tuple(felt_at(person, deviation) for deviation in deviations[:, 2].tolist()),
        judging=cycles.random((MAX_CYCLES, 2)),
        other_reason=tuple((cycles.random(MAX_CYCLES) < OTHER_REASON).tolist()),
        disturbances=disturbances,
        infusion_days=drawn_infusion_days(how, len(induction) + MAX_CYCLES),
        missing=drawn_missing(answering, person, length),
        odds=AnsweringOdds(0.0, 0.0),
        entries=tuple(drawn_entry(answering) for _ in range(length)),
        items=tuple(drawn_item(answering, person) for _ in range(length)),
        scoring=np.column_stack((scoring.random((length, 2)), scoring.normal(size=length))),
        recall_lean=world.memory.lean_sd * float(recalling.normal()),
    )
    return replace(found, odds=answering_odds(person, _usual_moods(found)))


def begun(drawn: Circumstances, clinic: Clinic) -> Running:
    """Return the patient after the induction."""
    reasons = (InfusionReason.SCHEDULED,) * len(drawn.induction)
    first = _cycle(drawn, 1, drawn.induction[-1], clinic.longest_cycle)
    course = Course(drawn.induction, (first,), reasons)
    days, known = _days_from(drawn, course, 0)
    return Running(clinic, course, days, asked_only(known, clinic.questions))


def infused(drawn: Circumstances, running: Running, interval: int, reason: InfusionReason) -> Running:
    """Return the patient whose running cycle ended after `interval` days with the next infusion.

    `reason` is why it was given; the recorded reason depends on what was found at the visit too.
    """
    clinic = running.clinic
    *earlier, last = running.course.cycles
    ended = replace(last, end=last.start + interval)
    place = ended.number - 1
    given = InfusionReason.OTHER if drawn.other_reason[place] else reason
    given = judged_reason(drawn.person, ended, given, drawn.judging[place])
    following = _cycle(drawn, ended.number + 1, ended.end, clinic.longest_cycle)
    course = Course(drawn.induction, (*earlier, ended, following), (*running.course.reasons, given))
    days, later = _days_from(drawn, course, ended.end)
    later = asked_only(replace(later, recalls=_recalls(drawn, ended, days)), clinic.questions)
    before, from_day = running.patient, later.day(ended.end)
    return Running(
        clinic,
        course,
        days,
        replace(
            later,
            answers=(*(one for one in before.answers if one.reading.day < from_day), *later.answers),
            infusions=(*before.infusions, *later.infusions),
            scores=(*(one for one in before.scores if one.day < from_day), *later.scores),
            recalls=(*before.recalls, *later.recalls),
        ),
    )


def _cycle(drawn: Circumstances, number: int, start: int, longest: int) -> TrueCycle:
    """Return a cycle as long as it may be, or up to the end of the days that are followed."""
    half = drawn.half_gone[number - 1]
    end = min(start + longest, drawn.end)
    third = day_at(drawn.person.shape, half, 2 / 3)
    return TrueCycle(number, start, end, half, third, drawn.gains[number - 1])


def _days_from(drawn: Circumstances, course: Course, start: int) -> tuple[Days, Patient]:
    """Return every day of a course, and the patient with the answers and infusions from `start` on."""
    person = drawn.person
    days = days_of(person, course, drawn.disturbances, drawn.infusion_days)
    answered = answered_days(person, days.felt[:, 0], drawn.missing, drawn.odds)
    entries = {day: drawn.entries[day] for day in range(start, course.length) if answered[day]}
    given = given_infusions(course, person, drawn.first)[bisect_left(course.infusions, start) :]
    return days, Patient(
        number=drawn.number,
        first=drawn.first,
        person=person,
        answers=answers_of(person, days, drawn.first, entries, _items(drawn, course, days, entries)),
        infusions=given,
        scores=_scores(drawn, course, days, start),
        recalls=(),
        cycles=course.cycles,
        dips=days.dips,
    )


def _items(drawn: Circumstances, course: Course, days: Days, answered: Iterable[int]) -> dict[int, int]:
    """Return answers to the weekly item in the running cycle: each week in one of three days."""
    found = {}
    asked = set()
    start = course.cycles[-1].start
    for day in answered:
        week, late = divmod(day - start, 7)
        if week < 1 or late > 2 or week in asked:
            continue
        asked.add(week)
        item = drawn.items[day]
        if item is not None:
            found[day] = percent_left(drawn.person, days, day, item)
    return found


def _scores(drawn: Circumstances, course: Course, days: Days, start: int) -> tuple[Score, ...]:
    begin, visits = course.induction[0], set(course.infusions)
    found = []
    for day in range(max(start, begin), course.length):
        at_visit, between, deviation = drawn.scoring[day].tolist()
        scored = day == begin or (day in visits and at_visit < SCORED_AT_VISITS)
        if scored or ((day - begin) % SCORED_EVERY == 0 and between < SCORED_BETWEEN):
            found.append(score_of(drawn.person, days, drawn.first, day, deviation))
    return tuple(found)


def _recalls(drawn: Circumstances, ended: TrueCycle, days: Days) -> tuple[HalfBenefitRecall, ...]:
    draw = np.random.default_rng((drawn.seed, drawn.number, 5, ended.number))
    mood, memory = float(days.felt[ended.end - 1, 0]), drawn.person.world.memory
    answers = recalled(draw, drawn.person, ended, mood, drawn.recall_lean, memory)
    asked_on = drawn.first + timedelta(days=ended.end)
    return tuple(HalfBenefitRecall(asked_on, answer) for answer in answers)


def _usual_moods(drawn: Circumstances) -> Floats:
    starts = range(drawn.induction[-1], drawn.end, USUAL_INTERVAL)
    cycles = tuple(
        _cycle(drawn, number, start, USUAL_INTERVAL) for number, start in enumerate(starts, start=1)
    )
    reasons = (InfusionReason.SCHEDULED,) * (len(drawn.induction) + len(cycles) - 1)
    course = Course(drawn.induction, cycles, reasons)
    felt = days_of(drawn.person, course, drawn.disturbances, drawn.infusion_days).felt
    return np.asarray(felt[:, 0])
