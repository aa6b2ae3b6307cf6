"""A patient's side effects over time, with urinary symptoms and blood pressure over the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.answer_timing import AnswerTiming, answer_timing, first_starts
from clinical.check_in import Severity
from clinical.infusion import GIVEN, GivenInfusion
from clinical.side_effect_course import EffectCourse, effect_course
from models.check_ins import CheckIn
from models.infusion_sessions import InfusionSession, VitalSigns
from models.infusions import Infusion
from services.answer_times import CHECK_IN_TIMES, CheckInTimes, known_start
from services.context import Context
from services.dates import first_day
from services.histories import side_effects_by_day
from services.revisions import in_force


@dataclass(frozen=True, slots=True)
class Observed:
    """A side effect that the clinic saw during a session, in whole minutes after the infusion's start.

    `lasted_minutes` is None where nobody saw it end.
    """

    code: str
    severity: Severity
    onset_minutes: int
    lasted_minutes: int | None


@dataclass(frozen=True, slots=True)
class Around:
    """One infusion's session: blood pressure before, the highest during (mmHg), and what was observed."""

    infusion: date
    systolic_before: int | None
    diastolic_before: int | None
    highest_systolic: int | None
    highest_diastolic: int | None
    observed: tuple[Observed, ...]


@dataclass(frozen=True, slots=True)
class SideEffects:
    """Everything about a patient's side effects over time."""

    course: EffectCourse
    sessions: tuple[Around, ...]


def over_time(
    ctx: Context, patient_id: UUID | None, first: date | None = None, last: date | None = None
) -> SideEffects:
    """Return a patient's side effects of a period: as reported each day, and as observed in sessions.

    Of the last 26 weeks unless a first day is named. Raises Invalid for more than five years.
    """
    session, now = ctx.session, ctx.now
    patient = ctx.load_patient(patient_id)
    today = local_day.today(now, patient.time_zone, patient.day_start_hour)
    first, last = first_day(first, last, today), min(last or today, today)
    query = select(Infusion).where(
        Infusion.patient_id == patient.id,
        Infusion.removed.is_(False),
        Infusion.status.in_([str(status) for status in GIVEN]),
        in_force(Infusion),
    )
    given = session.scalars(query.order_by(Infusion.started_at, Infusion.id)).all()
    asked = side_effects_by_day(session, [patient.id])[patient.id]
    days = [infusion.local_date for infusion in given]
    course = effect_course(asked, days, today, _timings(session, patient.id, given))
    around = (each for each in _around(session, patient.id, given) if first <= each.infusion <= last)
    return SideEffects(_within(course, first, last), tuple(around))


def _within(course: EffectCourse, first: date, last: date) -> EffectCourse:
    """Return what a course has of a period; months of urinary symptoms are whole ones."""
    return EffectCourse(
        days=tuple(each for each in course.days if first <= each.day <= last),
        infusions=tuple(each for each in course.infusions if first <= each.infusion <= last),
        prolonged=tuple(each for each in course.prolonged if first <= each.day <= last),
        urinary=tuple(each for each in course.urinary if f"{first:%Y-%m}" <= each.month <= f"{last:%Y-%m}"),
    )


def _timings(session: Session, patient_id: UUID, given: Sequence[Infusion]) -> dict[date, AnswerTiming]:
    """Return when the answers of infusions' days were given, against the infusion."""
    starts = first_starts(
        GivenInfusion(each.local_date, started_at=known_start(each.started_at, each.ended_at, each.time_zone))
        for each in given
    )
    query = select(CheckIn.local_date, *CHECK_IN_TIMES).where(
        CheckIn.patient_id == patient_id,
        CheckIn.removed.is_(False),
        CheckIn.local_date.in_(list(starts)),
        in_force(CheckIn),
    )
    rows: Any = session.execute(query)
    found = {day: answer_timing(day, CheckInTimes(*times).answered_at, starts) for day, *times in rows}
    return {day: timing for day, timing in found.items() if timing is not None}


def _around(session: Session, patient_id: UUID, given: Sequence[Infusion]) -> tuple[Around, ...]:
    rows = session.scalars(
        select(InfusionSession).where(InfusionSession.patient_id == patient_id, in_force(InfusionSession))
    )
    sessions = {row.infusion_id: row for row in rows}
    highest = session.execute(
        select(VitalSigns.infusion_id, func.max(VitalSigns.systolic), func.max(VitalSigns.diastolic))
        .where(VitalSigns.patient_id == patient_id, VitalSigns.marked_in_error_at.is_(None))
        .group_by(VitalSigns.infusion_id)
    )
    peaks = {infusion_id: (systolic, diastolic) for infusion_id, systolic, diastolic in highest}
    return tuple(
        _one(infusion, sessions.get(infusion.id), peaks.get(infusion.id, (None, None)))
        for infusion in given
        if infusion.id in sessions or infusion.id in peaks
    )


def _one(infusion: Infusion, row: InfusionSession | None, peak: tuple[int | None, int | None]) -> Around:
    return Around(
        infusion.local_date,
        row.systolic if row else None,
        row.diastolic if row else None,
        *peak,
        tuple(_observed(infusion, each) for each in row.side_effects) if row else (),
    )


def _observed(infusion: Infusion, each: dict[str, str | None]) -> Observed:
    onset = datetime.fromisoformat(str(each["onset_at"]))
    lasted = None
    if each["ended_at"] is not None:
        lasted = int((datetime.fromisoformat(each["ended_at"]) - onset).total_seconds() // 60)
    after = int((onset - infusion.started_at).total_seconds() // 60)
    return Observed(str(each["code"]), Severity(str(each["severity"])), after, lasted)
