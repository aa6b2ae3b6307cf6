"""A clinic of simulated patients, and what it knew of each on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from bench.simulation.daily_states import drawn_days
from bench.simulation.diary import Answer, drawn_answers, drawn_scores
from bench.simulation.recalls import drawn_recalls
from bench.simulation.traits import Person, drawn_dose_change, drawn_person
from bench.simulation.treatment_course import TrueCycle, drawn_course, given_infusions, judged
from bench.simulation.worlds import USUAL, World
from clinical.check_in import Reading
from clinical.half_benefit_recall import HalfBenefitRecall
from clinical.history import History
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.protocol import Protocol
from clinical.score import Score

FIRST_MONDAY: Final = date(2024, 1, 1)


class Question(StrEnum):
    """What a clinic may ask beyond daily mood and anxiety."""

    ENJOYMENT = "enjoyment"
    BENEFIT_LEFT = "benefit left, weekly"
    REASONS = "reasons of infusions"
    PHQ_9 = "PHQ-9"
    RECALL = "recall of half the benefit"


EVERYTHING: Final = frozenset(Question)


@dataclass(frozen=True, slots=True)
class Patient:
    """Answers and infusions with the truth; whole days count from `first`."""

    number: int
    first: date
    person: Person
    answers: tuple[Answer, ...]
    infusions: tuple[GivenInfusion, ...]
    scores: tuple[Score, ...]
    recalls: tuple[HalfBenefitRecall, ...]
    cycles: tuple[TrueCycle, ...]
    dips: tuple[tuple[int, int], ...]

    @property
    def responds(self) -> bool:
        """Whether there is a benefit to lose."""
        return self.person.responds

    def day(self, number: int) -> date:
        """Return the date of a day of the diary."""
        return self.first + timedelta(days=number)


def patients(how_many: int, seed: int, missing: float) -> list[Patient]:
    """So many patients, with the share `missing` of days not answered on average.

    A patient of one seed is the same person with the same infusions however much is missing.
    """
    return [patient(number, seed, missing) for number in range(how_many)]


def asked_only(patient: Patient, questions: Iterable[Question]) -> Patient:
    """Return the patient as known to a clinic that asks mood, anxiety and these questions, and no others."""
    asked = frozenset(questions)
    answers = tuple(replace(one, reading=_asked(one.reading, asked)) for one in patient.answers)
    infusions = patient.infusions
    if Question.REASONS not in asked:
        infusions = tuple(replace(given, reason=InfusionReason.OTHER) for given in infusions)
    scores = patient.scores if Question.PHQ_9 in asked else ()
    recalls = patient.recalls if Question.RECALL in asked else ()
    return replace(patient, answers=answers, infusions=infusions, scores=scores, recalls=recalls)


def history(patient: Patient, today: int) -> History:
    """What the clinic knew on the evening of a day of the diary."""
    on = patient.day(today)
    latest = {one.reading.day: one.reading for one in patient.answers if one.entered <= today}
    return History(
        readings=tuple(latest.values()),
        infusions=tuple(given for given in patient.infusions if given.day <= on),
        protocol=Protocol(),
        scores=tuple(score for score in patient.scores if score.day <= on),
        half_benefit_recalls=tuple(recall for recall in patient.recalls if recall.asked_on <= on),
    )


def _asked(reading: Reading, asked: frozenset[Question]) -> Reading:
    return replace(
        reading,
        enjoyment=reading.enjoyment if Question.ENJOYMENT in asked else None,
        benefit_left=reading.benefit_left if Question.BENEFIT_LEFT in asked else None,
    )


def patient(number: int, seed: int, missing: float, world: World = USUAL) -> Patient:
    """Return one patient of that clinic, the same however many others there are."""
    who, when, how, what, recalled, found_well, dosed = (
        np.random.default_rng(words) for words in np.random.SeedSequence((seed, number)).spawn(7)
    )
    person = replace(drawn_person(who, missing, world), dose_change=drawn_dose_change(dosed, world))
    course = judged(found_well, person, drawn_course(when, person))
    weekday = int(who.integers(7))
    first = FIRST_MONDAY + timedelta(days=weekday)
    days = drawn_days(how, person, course, weekday)
    return Patient(
        number=number,
        first=first,
        person=person,
        answers=drawn_answers(what, person, course, days, first),
        infusions=given_infusions(course, person, first),
        scores=drawn_scores(how, person, course, days, first),
        recalls=drawn_recalls(recalled, person, course, days, first, world.memory),
        cycles=course.cycles,
        dips=days.dips,
    )
