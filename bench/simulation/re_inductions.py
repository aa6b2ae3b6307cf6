"""Simulated patients who come back for a second treatment course, after months or years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import numpy as np

from bench.simulation.cohort import Patient, patient
from bench.simulation.daily_states import drawn_days
from bench.simulation.diary import Answer, drawn_answers, drawn_scores
from bench.simulation.traits import Person
from bench.simulation.treatment_course import drawn_course, given_infusions
from clinical.treatment_course import CourseKind, TreatmentCourse

BREAK_DAYS: Final = (150, 900)
"""Shortest and longest break between the courses; a proposal."""

CYCLES_BEFORE: Final = (2, 6)
"""Fewest and most maintenance cycles of the first course; a proposal."""

CYCLES_AGAIN: Final = 4
"""Maintenance cycles of the second course that are forecast."""

BETWEEN_SPREAD: Final = 0.25
"""Log SD of the change of a patient's half-benefit day from one course to the next; a proposal, a little more
than from cycle to cycle. Nobody has published it."""

LEVEL_SD: Final = 0.7
GAIN_SPREAD: Final = 0.25
"""By how much the level before treatment (points) and the gain (log SD) differ in the second course; a
proposal."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A patient with two courses: `patient` has all answers and infusions, and the second course's cycles.

    `began` is the day of the second course's first infusion.
    """

    patient: Patient
    began: int

    @property
    def course(self) -> TreatmentCourse:
        """The second course, as a clinician records it."""
        began_on = self.patient.day(self.began)
        return TreatmentCourse(UUID(int=2), 2, CourseKind.RE_INDUCTION, began_on)


def returned(number: int, seed: int, missing: float, spread: float = BETWEEN_SPREAD) -> Returned:
    """Return one patient with two courses; the first is that of the patient of the same number and seed."""
    words = np.random.SeedSequence((seed, number, 2)).spawn(4)
    who, when, how, what = (np.random.default_rng(each) for each in words)
    first = _stopped(
        patient(number, seed, missing), int(who.integers(CYCLES_BEFORE[0], CYCLES_BEFORE[1] + 1))
    )
    start = first.cycles[-1].end + int(who.integers(*BREAK_DAYS))
    person = _again(who, first.person, spread)
    course = drawn_course(when, person)
    begins = first.day(start)
    days = drawn_days(how, person, course, begins.weekday())
    answers = drawn_answers(what, person, course, days, begins)
    return Returned(
        replace(
            first,
            person=person,
            answers=(*first.answers, *(Answer(start + one.entered, one.reading) for one in answers)),
            infusions=(*first.infusions, *given_infusions(course, person, begins)),
            scores=(*first.scores, *drawn_scores(how, person, course, days, begins)),
            cycles=tuple(
                replace(cycle, start=start + cycle.start, end=start + cycle.end)
                for cycle in course.cycles[:CYCLES_AGAIN]
            ),
            dips=tuple((start + day, length) for day, length in days.dips),
        ),
        start + course.induction[0],
    )


def second_course_only(found: Returned) -> Patient:
    """Return the patient as known to a clinic that knows nothing of the first course."""
    began = found.patient.day(found.began)
    known_from = began - timedelta(days=90)
    patient = found.patient
    return replace(
        patient,
        answers=tuple(one for one in patient.answers if one.reading.day >= known_from),
        infusions=tuple(given for given in patient.infusions if given.day >= began),
        scores=tuple(score for score in patient.scores if score.day >= known_from),
    )


def _again(draw: np.random.Generator, person: Person, spread: float) -> Person:
    """Return the person in the second course: another level, gain and half-benefit day, all else the same."""
    shift, factor = LEVEL_SD * float(draw.normal()), float(np.exp(GAIN_SPREAD * draw.normal()))
    mood, enjoyment, calm = (float(np.clip(level + shift, 0.5, 7.0)) for level in person.levels)
    one, two, three = (gain * factor for gain in person.gains)
    return replace(
        person,
        levels=(mood, enjoyment, calm),
        gains=(one, two, three),
        half_days=person.half_days * float(np.exp(spread * draw.normal())),
    )


def _stopped(patient: Patient, cycles: int) -> Patient:
    """Return the patient with so many cycles at most, after which they stopped coming and answering."""
    first_cycles = patient.cycles[:cycles]
    end = patient.day(first_cycles[-1].end)
    return replace(
        patient,
        answers=tuple(one for one in patient.answers if one.reading.day < end),
        infusions=tuple(given for given in patient.infusions if given.day < end),
        scores=tuple(score for score in patient.scores if score.day < end),
        cycles=first_cycles,
        dips=tuple((day, days) for day, days in patient.dips if day < first_cycles[-1].end),
    )
