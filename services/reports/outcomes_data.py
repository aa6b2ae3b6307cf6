"""Load each patient's course for the outcomes of a clinic, in nine queries for all patients."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.answer_timing import first_starts, scores_before_treatment
from clinical.current_course import all_courses, current_course, numbered
from clinical.history import History
from clinical.infusion import GIVEN, GivenInfusion
from clinical.instruments.change import Point
from clinical.outcome import BEFORE_DAYS, RELIEF_BY_DAY
from clinical.protocol import Protocol, first_infusion
from clinical.score import Score, one_a_day
from clinical.suitability import Indication
from clinical.treatment_course import CourseKind, TreatmentCourse
from models import scores as score_rows
from models import treatment_courses as course_rows
from models.check_ins import CheckIn
from models.consultations import Consultation
from models.infusions import Infusion
from models.patients import Patient
from models.questionnaires import QuestionnaireResponse
from models.safety import SafetyAnswer
from services.answer_times import (
    CHECK_IN_TIMES,
    FORM_TIMES,
    INFUSION_TIMES,
    CheckInTimes,
    FormTimes,
    known_start,
)
from services.revisions import in_force
from services.treatment_courses import to_course

GIVEN_STATUSES = [str(status) for status in GIVEN]

MAX_PAIRS: Final = 10_000
"""Most pairs of patient and day in one query: two parameters each, SQLite takes 32,766. Operational."""


@dataclass(frozen=True, slots=True)
class CourseFilter:
    """Which courses count: all by default.

    `first` and `last` bound the day on which treatment began; `indication` is that of the consultation
    it rests on, and `clinician_id` the account that decided on treatment in it.
    """

    first: date | None = None
    last: date | None = None
    course_kind: CourseKind | None = None
    indication: Indication | None = None
    clinician_id: UUID | None = None

    @property
    def selects_all(self) -> bool:
        """Whether no course is left out."""
        return self == CourseFilter()

    def selects(self, course: Course) -> bool:
        """Return whether a course counts; one without an infusion only where every course does."""
        if self.selects_all:
            return True
        day = course.treated_on
        return (
            day is not None
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and self.course_kind in (None, course.kind)
            and self.indication in (None, course.indication)
            and self.clinician_id in (None, course.clinician_id)
        )


@dataclass(frozen=True, slots=True)
class Course:
    """One patient's course, as far as outcomes are computed from it.

    `treated_on` is the first infusion, or the first one here where that of another clinic is not known;
    `first_infusion` is None then, and nothing is compared with the time before it. `given` are the infusions
    of that first day. `morning_safety` is the safety answer of that day, where it was received before the
    infusion began.
    `totals` by instrument; `effects` counts the infusions after which each side effect was named that day,
    among `effects_asked` infusions; `answered` of `days` from the first check-in to today or the discharge;
    `today` is the patient's current day. Totals and infusions of a later course are left out.
    """

    first_infusion: date | None = None
    indication: str | None = None
    totals: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    safety: Sequence[Point] = ()
    morning_safety: int | None = None
    effects: Mapping[str, int] = field(default_factory=dict)
    effects_asked: int = 0
    answered: int = 0
    days: int = 0
    today: date = date.max
    treated_on: date | None = None
    given: Sequence[GivenInfusion] = ()
    kind: CourseKind = CourseKind.INITIAL
    clinician_id: UUID | None = None
    began_on: date = date.min
    until: date = date.max

    def holds(self, day: date) -> bool:
        """Return whether an infusion of that day belongs to this course."""
        return self.began_on <= day < self.until


@dataclass(frozen=True, slots=True)
class _Consulted:
    """What a revision of a consultation decided."""

    version: int
    is_current: bool
    indication: str | None
    decided_by: UUID | None


def courses(session: Session, now: datetime, wanted: CourseFilter | None = None) -> list[Course]:
    """Return the first selected course of every patient of the session's clinic who has one, as known now.

    Discharged patients count too. Without a filter a patient who was never treated has a course without an
    infusion: how many days they answered counts.
    """
    wanted = wanted or CourseFilter()
    given, recorded = _given(session), _recorded_courses(session)
    consultations, totals = _consultations(session), _totals(session)
    effects, answered = _effects(session), _answered(session)
    found: dict[UUID, Course] = {}
    for patient_id, zone, day_start_hour, discharged_at in session.execute(
        select(Patient.id, Patient.time_zone, Patient.day_start_hour, Patient.discharged_at).order_by(
            Patient.id
        )
    ):
        candidates = _courses_of(
            given.get(patient_id, ()), recorded.get(patient_id, ()), consultations.get(patient_id, ())
        )
        course = next((each for each in candidates if wanted.selects(each)), None)
        if course is None:
            continue
        last = local_day.today(min(now, discharged_at or now), zone, day_start_hour)
        count, first = answered.get(patient_id, (0, last))
        named = [codes for day, codes in effects.get(patient_id, {}).items() if course.holds(day)]
        found[patient_id] = replace(
            course,
            totals=_points(totals.get(patient_id, _Totals()), course),
            effects=Counter(code for codes in named for code in codes),
            effects_asked=len(named),
            answered=count,
            days=max((last - first).days + 1, count),
            today=local_day.today(now, zone, day_start_hour),
        )
    answers = _safety(session, found)
    return [_with_safety(course, answers.get(patient_id, ())) for patient_id, course in found.items()]


def _courses_of(
    infusions: Sequence[GivenInfusion],
    recorded: Sequence[TreatmentCourse],
    consultations: Sequence[_Consulted],
) -> Iterator[Course]:
    """Yield a patient's courses in order; one without an infusion where nothing is known of any."""
    history = History((), tuple(infusions), Protocol(), courses=numbered(recorded, infusions))
    known = all_courses(history)
    if not known:
        yield _described(Course(), consultations, None)
    for place, course in enumerate(known):
        own = current_course(history, course.began_on)
        first = first_infusion(own.protocol, own.infusions, date.max)
        dates = Course(
            first_infusion=first,
            treated_on=first or min((infusion.day for infusion in own.infusions), default=None),
            given=tuple(infusion for infusion in own.infusions if infusion.day == first),
            kind=course.kind,
            began_on=date.min if place == 0 else course.began_on,
            until=known[place + 1].began_on if place + 1 < len(known) else date.max,
        )
        yield _described(dates, consultations, course.consultation_version)


def _described(course: Course, consultations: Sequence[_Consulted], version: int | None) -> Course:
    """Return a course with what its consultation decided: the revision it names, else the current one."""
    named = [each for each in consultations if (each.version == version if version else each.is_current)]
    if not named:
        return course
    return replace(course, indication=named[0].indication, clinician_id=named[0].decided_by)


def _points(totals: _Totals, course: Course) -> dict[str, list[Point]]:
    """Return the totals of a course by instrument, without those answered after its first infusion began."""
    scores = one_a_day(totals.entered, totals.filled_in, first_starts(course.given))
    points = defaultdict(list)
    for score in scores_before_treatment(scores, {course.first_infusion}, course.given):
        if score.day < course.until:
            points[str(score.instrument)].append((score.day, score.total))
    return points


def _with_safety(course: Course, answers: Sequence[tuple[date, int, datetime]]) -> Course:
    """Return a course with its safety answers; that of the first infusion's day only from before it began."""
    first = course.first_infusion
    start = None if first is None else first_starts(course.given).get(first)
    mornings = [answer for day, answer, at in answers if day == first and start is not None and at < start]
    return replace(
        course,
        safety=[(day, answer) for day, answer, _ in answers if day != first],
        morning_safety=mornings[0] if mornings else None,
    )


def _given(session: Session) -> dict[UUID, list[GivenInfusion]]:
    query = (
        select(Infusion.patient_id, Infusion.local_date, *INFUSION_TIMES)
        .where(in_force(Infusion), Infusion.removed.is_(False), Infusion.status.in_(GIVEN_STATUSES))
        .order_by(Infusion.local_date)
    )
    found = defaultdict(list)
    for patient_id, day, started_at, ended_at, time_zone in session.execute(query):
        start = known_start(started_at, ended_at, time_zone)
        found[patient_id].append(GivenInfusion(day, started_at=start))
    return found


def _recorded_courses(session: Session) -> dict[UUID, list[TreatmentCourse]]:
    row = course_rows.TreatmentCourse
    found = defaultdict(list)
    for stored in session.scalars(select(row).where(in_force(row), row.removed.is_(False))):
        found[stored.patient_id].append(to_course(stored))
    return found


def _consultations(session: Session) -> dict[UUID, list[_Consulted]]:
    """Return every revision of each patient's consultation: a course names the one it rests on."""
    row = Consultation
    columns = row.patient_id, row.version, row.known_until, row.indication, row.decided_by
    found = defaultdict(list)
    for patient_id, version, known_until, indication, decided_by in session.execute(select(*columns)):
        found[patient_id].append(_Consulted(version, known_until is None, indication, decided_by))
    return found


@dataclass(frozen=True, slots=True)
class _Totals:
    """A patient's totals entered or imported, and those of questionnaires answered here."""

    entered: list[Score] = field(default_factory=list)
    filled_in: list[Score] = field(default_factory=list)


def _totals(session: Session) -> dict[UUID, _Totals]:
    row, form = score_rows.Score, QuestionnaireResponse
    found: dict[UUID, _Totals] = defaultdict(_Totals)
    by_hand = select(row.patient_id, row.local_date, row.instrument, row.total)
    by_hand = by_hand.where(in_force(row), row.removed.is_(False))
    for patient_id, day, instrument, total in session.execute(by_hand):
        found[patient_id].entered.append(Score(day, instrument, total))
    forms = (
        select(form.patient_id, form.local_date, form.instrument, form.total, *FORM_TIMES)
        .where(in_force(form), form.removed.is_(False), form.total.is_not(None))
        .order_by(form.local_date, form.recorded_at, form.id)
    )
    rows: Any = session.execute(forms)
    for patient_id, day, instrument, whole, *times in rows:
        score = Score(day, instrument, whole, FormTimes(*times).answered_at(day))
        found[patient_id].filled_in.append(score)
    return found


def _safety(session: Session, found: Mapping[UUID, Course]) -> dict[UUID, list[tuple[date, int, datetime]]]:
    """Return the answers of the few days around each course's first infusion, and when each was received.

    Asked for by patient and day, which spares loading years of daily answers.
    """
    around = [timedelta(days=day) for day in range(-BEFORE_DAYS, RELIEF_BY_DAY + 1)]
    pairs = [
        (patient_id, course.first_infusion + day)
        for patient_id, course in found.items()
        if course.first_infusion is not None
        for day in around
    ]
    row = SafetyAnswer
    answers = defaultdict(list)
    for place in range(0, len(pairs), MAX_PAIRS):
        near = tuple_(row.patient_id, row.local_date).in_(pairs[place : place + MAX_PAIRS])
        columns = row.patient_id, row.local_date, row.answer, row.known_from
        for patient_id, day, answer, received_at in session.execute(
            select(*columns).where(in_force(row), near)
        ):
            answers[patient_id].append((day, answer, received_at))
    return answers


def _effects(session: Session) -> dict[UUID, dict[date, set[str]]]:
    """Return for each patient the side effects named on each infusion day on which they were asked.

    Answers given before the infusion began are left out; where that is not known they count.
    """
    same_day = and_(
        Infusion.clinic_id == CheckIn.clinic_id,
        Infusion.patient_id == CheckIn.patient_id,
        Infusion.local_date == CheckIn.local_date,
    )
    query = (
        select(
            CheckIn.patient_id,
            CheckIn.local_date,
            CheckIn.side_effects,
            *INFUSION_TIMES,
            *CHECK_IN_TIMES,
        )
        .join(Infusion, same_day)
        .where(in_force(Infusion), Infusion.removed.is_(False), Infusion.status.in_(GIVEN_STATUSES))
        .where(in_force(CheckIn), CheckIn.removed.is_(False), CheckIn.side_effects.is_not(None))
    )
    days: dict[UUID, dict[date, set[str]]] = defaultdict(dict)
    rows: Any = session.execute(query)
    for patient_id, day, effects, started_at, ended_at, time_zone, *times in rows:
        answered_at = CheckInTimes(*times).answered_at
        start = known_start(started_at, ended_at, time_zone)
        # Of two infusions on one day the answer may follow the first.
        if answered_at is None or start is None or answered_at >= start:
            days[patient_id][day] = {str(effect["code"]) for effect in effects}
    return days


def _answered(session: Session) -> dict[UUID, tuple[int, date]]:
    """Return for each patient the number of days answered, and the first of them."""
    query = (
        select(CheckIn.patient_id, func.count(), func.min(CheckIn.local_date))
        .where(in_force(CheckIn), CheckIn.removed.is_(False))
        .group_by(CheckIn.patient_id)
    )
    return {patient_id: (days, first) for patient_id, days, first in session.execute(query)}
