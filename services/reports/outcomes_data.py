"""Load each patient's course for the outcomes of a clinic, in eleven queries for all patients."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.answer_timing import first_starts, scores_before_treatment
from clinical.infusion import GIVEN, GivenInfusion
from clinical.instruments.change import Point
from clinical.outcome import RELIEF_BY_DAY
from clinical.score import Instrument, Score, one_a_day
from models import scores as score_rows
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

GIVEN_STATUSES = [str(status) for status in GIVEN]


@dataclass(frozen=True, slots=True)
class Course:
    """One patient's course, as far as outcomes are computed from it.

    `morning_safety` is the safety answer of the first infusion's day, where it was received before the
    infusion began. `totals` by instrument; `effects` counts the infusions after which each side effect was
    named that day, among `effects_asked` infusions; `answered` of `days` from the first check-in to
    today or the discharge; `today` is the patient's current day.
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


def courses(session: Session, now: datetime) -> list[Course]:
    """Return the course of every patient of the session's clinic, also discharged ones, as known now."""
    recorded = select(Consultation.patient_id, Consultation.indication).where(in_force(Consultation))
    indications = {row.patient_id: row.indication for row in session.execute(recorded)}
    firsts, totals = _first_infusions(session), _totals(session)
    safety, mornings, effects = _safety(session), _morning_safety(session), _effects(session)
    answered = _answered(session)
    found = []
    for patient_id, zone, day_start_hour, discharged_at in session.execute(
        select(Patient.id, Patient.time_zone, Patient.day_start_hour, Patient.discharged_at).order_by(
            Patient.id
        )
    ):
        last = local_day.today(min(now, discharged_at or now), zone, day_start_hour)
        days, first = answered.get(patient_id, (0, last))
        named, asked = effects.get(patient_id, (Counter(), 0))
        found.append(
            Course(
                firsts.get(patient_id),
                indications.get(patient_id),
                totals.get(patient_id, {}),
                safety.get(patient_id, ()),
                mornings.get(patient_id),
                named,
                asked,
                days,
                max((last - first).days + 1, days),
                local_day.today(now, zone, day_start_hour),
            )
        )
    return found


def _firsts() -> Select[UUID, date, datetime]:
    return (
        select(
            Infusion.patient_id,
            func.min(Infusion.local_date).label("first"),
            func.min(Infusion.started_at).label("started_at"),
        )
        .where(in_force(Infusion), Infusion.removed.is_(False), Infusion.status.in_(GIVEN_STATUSES))
        .group_by(Infusion.patient_id)
    )


def _first_infusions(session: Session) -> dict[UUID, date]:
    return {row.patient_id: row.first for row in session.execute(_firsts())}


def _first_given(session: Session) -> dict[UUID, tuple[GivenInfusion, ...]]:
    """Return each patient's infusions of the first day of treatment."""
    first = _firsts().subquery()
    query = (
        select(Infusion.patient_id, Infusion.local_date, *INFUSION_TIMES)
        .join(first, and_(first.c.patient_id == Infusion.patient_id, first.c.first == Infusion.local_date))
        .where(in_force(Infusion), Infusion.removed.is_(False), Infusion.status.in_(GIVEN_STATUSES))
    )
    found: dict[UUID, tuple[GivenInfusion, ...]] = {}
    for patient_id, day, started_at, ended_at, time_zone in session.execute(query):
        given = GivenInfusion(day, started_at=known_start(started_at, ended_at, time_zone))
        found[patient_id] = (*found.get(patient_id, ()), given)
    return found


def _totals(session: Session) -> dict[UUID, dict[str, list[Point]]]:
    row, form = score_rows.Score, QuestionnaireResponse
    given = _first_given(session)
    entered: dict[UUID, list[Score]] = defaultdict(list)
    filled_in: dict[UUID, list[Score]] = defaultdict(list)
    by_hand = select(row.patient_id, row.local_date, row.instrument, row.total)
    by_hand = by_hand.where(in_force(row), row.removed.is_(False))
    for patient_id, day, instrument, total in session.execute(by_hand):
        entered[patient_id].append(Score(day, Instrument(instrument), total))
    forms = (
        select(form.patient_id, form.local_date, form.instrument, form.total, *FORM_TIMES)
        .where(in_force(form), form.removed.is_(False), form.total.is_not(None))
        .order_by(form.local_date, form.recorded_at, form.id)
    )
    rows: Any = session.execute(forms)
    for patient_id, day, instrument, whole, *times in rows:
        answered_at = FormTimes(*times).answered_at(day)
        filled_in[patient_id].append(Score(day, Instrument(instrument), whole, answered_at))
    found: dict[UUID, dict[str, list[Point]]] = {}
    for patient_id in {*entered, *filled_in}:
        points = found[patient_id] = defaultdict(list)
        first = given.get(patient_id, ())
        scores = one_a_day(entered.get(patient_id, ()), filled_in.get(patient_id, ()), first_starts(first))
        for score in scores_before_treatment(scores, {each.day for each in first}, first):
            points[str(score.instrument)].append((score.day, score.total))
    return found


def _safety(session: Session) -> dict[UUID, list[Point]]:
    """Return each patient's last answer before the first infusion, and the first few after it.

    Selected by window functions in the database, which spares loading years of daily answers.
    """
    first, day = _firsts().subquery(), SafetyAnswer.local_date
    found = defaultdict(list)
    sides = ((day < first.c.first, day.desc(), 1), (day > first.c.first, day.asc(), RELIEF_BY_DAY))
    for side, order, wanted in sides:
        place = func.row_number().over(partition_by=SafetyAnswer.patient_id, order_by=order).label("place")
        near = (
            select(SafetyAnswer.patient_id, day, SafetyAnswer.answer, place)
            .join(first, first.c.patient_id == SafetyAnswer.patient_id)
            .where(in_force(SafetyAnswer), side)
            .subquery()
        )
        columns = near.c.patient_id, near.c.local_date, near.c.answer
        for patient_id, local_date, answer in session.execute(select(*columns).where(near.c.place <= wanted)):
            found[patient_id].append((local_date, answer))
    return found


def _morning_safety(session: Session) -> dict[UUID, int]:
    """Return each patient's answer of the first infusion's day, where received before the infusion began."""
    first = _firsts().subquery()
    query = (
        select(SafetyAnswer.patient_id, SafetyAnswer.answer)
        .join(
            first,
            and_(first.c.patient_id == SafetyAnswer.patient_id, first.c.first == SafetyAnswer.local_date),
        )
        .where(in_force(SafetyAnswer), SafetyAnswer.known_from < first.c.started_at)
    )
    return {row.patient_id: row.answer for row in session.execute(query)}


def _effects(session: Session) -> dict[UUID, tuple[Counter[str], int]]:
    """Return for each patient how often each side effect was named on infusion days, and days asked.

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
    return {
        patient_id: (Counter(code for named in by_day.values() for code in named), len(by_day))
        for patient_id, by_day in days.items()
    }


def _answered(session: Session) -> dict[UUID, tuple[int, date]]:
    """Return for each patient the number of days answered, and the first of them."""
    query = (
        select(CheckIn.patient_id, func.count(), func.min(CheckIn.local_date))
        .where(in_force(CheckIn), CheckIn.removed.is_(False))
        .group_by(CheckIn.patient_id)
    )
    return {patient_id: (days, first) for patient_id, days, first in session.execute(query)}
