"""Patients treated for something else than depression: a rating shows the benefit and its loss, mood hardly.

Nobody has published daily ratings of craving, intrusive thoughts, eating urges or rumination after repeated
infusions. Every figure here is a proposal; the half-benefit days are those of the depression studies, times a
factor that is varied.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.simulation.cohort import FIRST_MONDAY, Patient
from bench.simulation.daily_states import Days, drawn_days
from bench.simulation.diary import Answer, drawn_answers
from bench.simulation.traits import Person, drawn_person
from bench.simulation.treatment_course import Course, drawn_course, given_infusions
from bench.simulation.wear_off_shapes import Floats
from clinical.target_measure import TargetMeasure

LEVEL: Final = (7.0, 1.2)
"""Mean and SD of the rating before treatment, 10 is worst; a proposal."""

MOOD_LEVEL: Final = (5.2, 1.2)
"""Mean and SD of the mood, which is not low in most; a proposal."""

MOOD_SHARE: Final = 0.2
"""Mood rises by at most this share of the rating's gain; a proposal."""

NOISE: Final = 1.2
"""How many times as noisy as mood the rating is: it asks for the strongest of the day; a proposal."""

COUPLING: Final = 0.3
"""Points by which the rating is worse for each point that a dip, drift or noise takes from mood; a
proposal."""

ANSWERED: Final = 0.92
"""Share of check-ins in which the rating is answered; a proposal."""


def target_patient(
    number: int, seed: int, missing: float, measure: TargetMeasure, pace: float = 1.0
) -> Patient:
    """Return one patient whose benefit is in a rating; `pace` multiplies the half-benefit days."""
    words = np.random.SeedSequence((seed, number, 3)).spawn(5)
    who, when, how, what, which = (np.random.default_rng(each) for each in words)
    rated = _rated(who, drawn_person(who, missing), pace)
    course = drawn_course(when, rated)
    weekday = int(who.integers(7))
    first = FIRST_MONDAY + timedelta(days=weekday)
    person = _of_mood(who, rated)
    days = drawn_days(how, person, course, weekday)
    rating = _ratings(which, rated, course, weekday, _apart_from_benefit(person, days))
    answered = which.random(course.length) < ANSWERED
    return Patient(
        number=number,
        first=first,
        person=rated,
        answers=tuple(
            _with_rating(answer, measure, rating, answered, (answer.reading.day - first).days)
            for answer in drawn_answers(what, person, course, days, first)
        ),
        infusions=given_infusions(course, person, first),
        scores=(),
        recalls=(),
        cycles=course.cycles,
        dips=days.dips,
    )


def _rated(draw: np.random.Generator, person: Person, pace: float) -> Person:
    """Return the person by the rating, turned so that higher is better."""
    level = float(np.clip(10 - draw.normal(*LEVEL), 0.5, 6.0))
    return replace(
        person,
        levels=(level, level, level),
        half_days=person.half_days * pace,
        noise_sd=person.noise_sd * NOISE,
        weekend=0.0,
    )


def _of_mood(draw: np.random.Generator, rated: Person) -> Person:
    mood = float(np.clip(draw.normal(*MOOD_LEVEL), 2.0, 8.5))
    gain = rated.gains[0] * float(draw.uniform(0, MOOD_SHARE))
    return replace(
        rated,
        levels=(mood, mood, float(np.clip(draw.normal(4.5, 1.3), 1.0, 8.0))),
        gains=(gain, gain, gain),
        noise_sd=rated.noise_sd / NOISE,
    )


def _apart_from_benefit(person: Person, days: Days) -> Floats:
    """(n,) points by which mood is off its level and benefit."""
    return np.asarray(days.felt[:, 0] - person.levels[0] - person.gains[0] * days.left)


def _ratings(draw: np.random.Generator, rated: Person, course: Course, weekday: int, mood: Floats) -> Floats:
    """(n,) the rating of each day as it is answered, 0 to 10."""
    own = drawn_days(draw, rated, course, weekday).felt[:, 0]
    return np.asarray(np.clip(np.rint(10 - own - COUPLING * mood), 0, 10))


def _with_rating(
    answer: Answer, measure: TargetMeasure, rating: Floats, answered: NDArray[np.bool_], day: int
) -> Answer:
    if not answered[day]:
        return answer
    return replace(answer, reading=replace(answer.reading, ratings={str(measure): int(rating[day])}))
