"""Simulated questionnaires, baselines and benefit ratings of the demo clinic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from statistics import fmean
from typing import Final
from uuid import uuid5

from clinical.check_in import MAX_BENEFIT_LEFT
from clinical.infusion import GivenInfusion
from clinical.instruments.phq9 import ITEM_9, PHQ_9
from clinical.protocol import Protocol, cycle_starts
from clinical.questions import asks_benefit_left
from clinical.score import PHQ_9_HIGHEST, PHQ_9_LOOKS_BACK_DAYS, Instrument, Rater
from demo.courses import Answer, Course, Profile, clinic_day
from demo.records import SimulatedPatient, at
from models.baselines import Baseline
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from models.scores import Score

ANSWERING: Final = 0.7
"""Share of the check-ins with the question that answer it."""

ERROR_POINTS: Final = 15.0
STEP_POINTS: Final = 5
FULL_GAIN: Final = 2.0
"""Points of mood: with a smaller gain, patients report less benefit left."""

PHQ_9_AT_MOOD_3: Final = 16.0
PHQ_9_A_POINT: Final = 2.6
PHQ_9_ERROR: Final = 3.0
MIN_DAYS: Final = 3
MONTH: Final = 28
WEEK: Final = 7
AT_NINE: Final = 9.0
BEFORE_ITEM_9: Final = tuple(item.code for item in PHQ_9.items if item.scored and item.code != ITEM_9)


def with_benefit_left(course: Course, profile: Profile, plan: Protocol, rng: Random) -> Course:
    """Return the answers with the benefit left on most of the days on which it is asked."""
    infusions = tuple(GivenInfusion(given.day, given.reason) for given in course.infusions)
    answers = (
        _with_benefit_left(answer, profile, rng)
        if asks_benefit_left(plan, infusions, answer.day) and rng.random() < ANSWERING
        else answer
        for answer in course.answers
    )
    return replace(course, answers=tuple(answers))


def scores(
    course: Course,
    patient: SimulatedPatient,
    plan: Protocol,
    until: tuple[date, datetime],
    rng: Random,
    *,
    weekly: bool = False,
) -> Iterator[Score]:
    """Yield PHQ-9 totals: before the first infusion, a week after induction and then monthly; or weekly.

    `until` is the patient's present day and the present instant.
    """
    today, now = until
    for day in _each_week(course, today) if weekly else _days_of_phq_9(course, plan, today):
        total = _phq_9(course, day, rng)
        entered = at(day, AT_NINE, patient.time_zone)
        if total is not None and entered <= now:
            yield Score(
                source="entered",
                clinic_id=patient.clinic_id,
                patient_id=patient.patient_id,
                instrument=str(Instrument.PHQ_9),
                local_date=day,
                version=1,
                total=total,
                rater=str(Rater.SELF),
                removed=False,
                recorded_by=patient.clinician_id,
                known_from=entered,
                known_until=None,
            )


def as_forms(
    scores: Iterable[Score], patient: SimulatedPatient, first_item_9: int = 0
) -> Iterator[QuestionnaireResponse | Score]:
    """Yield the PHQ-9 totals as forms that the patient filled in, or as totals where the items cannot add up.

    Item 9 is "not at all", except in the first form, where it is `first_item_9`.
    """
    for place, row in enumerate(scores):
        answers = _answers(row.total, 0 if place else first_item_9)
        if sum(answers.values()) != row.total:
            yield row
            continue
        yield QuestionnaireResponse(
            clinic_id=patient.clinic_id,
            patient_id=patient.patient_id,
            id=uuid5(patient.patient_id, f"phq-9 {row.local_date}"),
            version=1,
            instrument=PHQ_9.code,
            instrument_version=PHQ_9.version,
            local_date=row.local_date,
            time_zone=patient.time_zone,
            recorded_at=row.known_from,
            received_at=row.known_from,
            reported_by="patient",
            answers=answers,
            total=row.total,
            removed=False,
            recorded_by=patient.account_id,
            known_from=row.known_from,
            known_until=None,
        )


def schedules(
    course: Course, patient: SimulatedPatient, *, weekly: bool = False
) -> Iterator[QuestionnaireSchedule]:
    """Yield schedules: PHQ-9 before infusions and after a drop in mood, or weekly; GAD-7 after a week."""
    for code, before, after, dropped in (("phq-9", True, [], True), ("gad-7", False, [7], False)):
        yield QuestionnaireSchedule(
            clinic_id=patient.clinic_id,
            patient_id=patient.patient_id,
            instrument=code,
            version=1,
            weekly=weekly and code == PHQ_9.code,
            before_infusion=before,
            days_after_infusion=after,
            window_days=3,
            on_mood_drop=dropped,
            recorded_by=patient.clinician_id,
            known_from=at(course.enrolled, AT_NINE, patient.time_zone),
            known_until=None,
        )


def _answers(total: int, item_9: int) -> dict[str, int]:
    """Return item scores that add up to a total, spread evenly over the first eight items."""
    each, over = divmod(total - item_9, len(BEFORE_ITEM_9))
    spread = {code: min(each + (place < over), 3) for place, code in enumerate(BEFORE_ITEM_9)}
    return {**spread, ITEM_9: item_9}


def baseline(course: Course, patient: SimulatedPatient, profile: Profile) -> Baseline:
    """Return a clinician's rating of the weeks before the first infusion, recorded at enrolment."""
    first = course.infusions[0].day
    return Baseline(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        version=1,
        assessed_on=first - timedelta(days=1),
        mood=round(profile.level),
        anxiety=round(profile.worry),
        removed=False,
        recorded_by=patient.clinician_id,
        known_from=at(course.enrolled, AT_NINE, patient.time_zone),
        known_until=None,
    )


def _with_benefit_left(answer: Answer, profile: Profile, rng: Random) -> Answer:
    felt = answer.left * min(max(profile.gain / FULL_GAIN, 0.0), 1.0)
    points = MAX_BENEFIT_LEFT * felt + rng.gauss(0, ERROR_POINTS)
    rounded = STEP_POINTS * round(points / STEP_POINTS)
    return replace(answer, benefit_left=min(max(rounded, 0), MAX_BENEFIT_LEFT))


def _days_of_phq_9(course: Course, plan: Protocol, today: date) -> Iterator[date]:
    infusions = [GivenInfusion(given.day) for given in course.infusions]
    if infusions:
        yield clinic_day(infusions[0].day - timedelta(days=3))
    opened = cycle_starts(plan, infusions, today)
    day = opened[0] + timedelta(days=7) if opened else today
    while day < today:
        yield clinic_day(day)
        day += timedelta(days=MONTH)


def _each_week(course: Course, today: date) -> Iterator[date]:
    day = course.infusions[0].day - timedelta(days=3)
    while day < today:
        yield clinic_day(day)
        day += timedelta(days=WEEK)


def _phq_9(course: Course, day: date, rng: Random) -> int | None:
    """Return a total that follows the mood of the recall period; None with too few answers."""
    moods = [answer.mood for answer in course.answers if 0 <= (day - answer.day).days < PHQ_9_LOOKS_BACK_DAYS]
    if len(moods) < MIN_DAYS:
        return None
    total = PHQ_9_AT_MOOD_3 - PHQ_9_A_POINT * (fmean(moods) - 3) + rng.gauss(0, PHQ_9_ERROR)
    return min(max(round(total), 0), PHQ_9_HIGHEST)
