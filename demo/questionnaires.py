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
from demo.records import Habits, at
from models.baselines import Baseline
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from models.scores import Score

ANSWERING: Final = 0.7
"""The share of the days on which it is asked, and the check-in given, that it is answered."""

ERROR_POINTS: Final = 15.0
STEP_POINTS: Final = 5
FULL_GAIN: Final = 2.0
"""Points of mood: with a smaller gain, patients report less of the benefit left."""

PHQ_9_AT_MOOD_3: Final = 16.0
PHQ_9_A_POINT: Final = 2.6
PHQ_9_ERROR: Final = 3.0
MIN_DAYS: Final = 3
MONTH: Final = 28
WEEK: Final = 7
AT_NINE: Final = 9.0
BEFORE_ITEM_9: Final = tuple(item.code for item in PHQ_9.items if item.scored and item.code != ITEM_9)


def with_benefit_left(course: Course, profile: Profile, plan: Protocol, chance: Random) -> Course:
    """Return the answers with the benefit left on most of the days on which it is asked."""
    infusions = tuple(GivenInfusion(given.day, given.reason) for given in course.infusions)
    answers = (
        _with_benefit_left(answer, profile, chance)
        if asks_benefit_left(plan, infusions, answer.day) and chance.random() < ANSWERING
        else answer
        for answer in course.answers
    )
    return replace(course, answers=tuple(answers))


def scores(
    course: Course,
    habits: Habits,
    plan: Protocol,
    until: tuple[date, datetime],
    chance: Random,
    *,
    weekly: bool = False,
) -> Iterator[Score]:
    """PHQ-9 totals: before the first infusion, a week after induction and each month from then on; or weekly.

    `until` is the patient's present day and the present moment.
    """
    today, now = until
    for day in _each_week(course, today) if weekly else _days_of_phq_9(course, plan, today):
        total = _phq_9(course, day, chance)
        entered = at(day, AT_NINE, habits.time_zone)
        if total is not None and entered <= now:
            yield Score(
                clinic_id=habits.clinic_id,
                patient_id=habits.patient_id,
                instrument=str(Instrument.PHQ_9),
                local_date=day,
                version=1,
                total=total,
                rater=str(Rater.SELF),
                removed=False,
                recorded_by=habits.clinician_id,
                known_from=entered,
                known_until=None,
            )


def filled_in(
    scores: Iterable[Score], habits: Habits, first_item_9: int = 0
) -> Iterator[QuestionnaireResponse | Score]:
    """The same PHQ-9s as forms of the patient's; a total beyond those items stays so.

    Item 9 is "not at all", except in the first form where it is answered.
    """
    for place, row in enumerate(scores):
        answers = _answers(row.total, 0 if place else first_item_9)
        if sum(answers.values()) != row.total:
            yield row
            continue
        yield QuestionnaireResponse(
            clinic_id=habits.clinic_id,
            patient_id=habits.patient_id,
            id=uuid5(habits.patient_id, f"phq-9 {row.local_date}"),
            version=1,
            instrument=PHQ_9.code,
            instrument_version=PHQ_9.version,
            local_date=row.local_date,
            time_zone=habits.time_zone,
            recorded_at=row.known_from,
            received_at=row.known_from,
            reported_by="patient",
            answers=answers,
            total=row.total,
            removed=False,
            recorded_by=habits.account_id,
            known_from=row.known_from,
            known_until=None,
        )


def schedules(course: Course, habits: Habits, *, weekly: bool = False) -> Iterator[QuestionnaireSchedule]:
    """A PHQ-9 before each infusion and after a drop in mood, or every week; a GAD-7 a week after each."""
    for code, before, after, dropped in (("phq-9", True, [], True), ("gad-7", False, [7], False)):
        yield QuestionnaireSchedule(
            clinic_id=habits.clinic_id,
            patient_id=habits.patient_id,
            instrument=code,
            version=1,
            weekly=weekly and code == PHQ_9.code,
            before_infusion=before,
            days_after_infusion=after,
            window_days=3,
            on_mood_drop=dropped,
            recorded_by=habits.clinician_id,
            known_from=at(course.enrolled, AT_NINE, habits.time_zone),
            known_until=None,
        )


def _answers(total: int, item_9: int) -> dict[str, int]:
    """Spread what item 9 leaves of a total over the first eight items as evenly as it goes."""
    each, over = divmod(total - item_9, len(BEFORE_ITEM_9))
    spread = {code: min(each + (place < over), 3) for place, code in enumerate(BEFORE_ITEM_9)}
    return {**spread, ITEM_9: item_9}


def baseline(course: Course, habits: Habits, profile: Profile) -> Baseline:
    """How a clinician judged the weeks before the first infusion; entered when the patient enrolled."""
    first = course.infusions[0].day
    return Baseline(
        clinic_id=habits.clinic_id,
        patient_id=habits.patient_id,
        version=1,
        assessed_on=first - timedelta(days=1),
        mood=round(profile.level),
        anxiety=round(profile.worry),
        removed=False,
        recorded_by=habits.clinician_id,
        known_from=at(course.enrolled, AT_NINE, habits.time_zone),
        known_until=None,
    )


def _with_benefit_left(answer: Answer, profile: Profile, chance: Random) -> Answer:
    felt = answer.left * min(max(profile.gain / FULL_GAIN, 0.0), 1.0)
    points = MAX_BENEFIT_LEFT * felt + chance.gauss(0, ERROR_POINTS)
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


def _phq_9(course: Course, day: date, chance: Random) -> int | None:
    """Follow the mood of the two weeks that the questionnaire asks about; None where hardly any is known."""
    moods = [answer.mood for answer in course.answers if 0 <= (day - answer.day).days < PHQ_9_LOOKS_BACK_DAYS]
    if len(moods) < MIN_DAYS:
        return None
    total = PHQ_9_AT_MOOD_3 - PHQ_9_A_POINT * (fmean(moods) - 3) + chance.gauss(0, PHQ_9_ERROR)
    return min(max(round(total), 0), PHQ_9_HIGHEST)
