"""Load clinical histories from current revisions, or those of an earlier instant, in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from clinical.answer_timing import first_starts
from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading, Severity, SideEffect
from clinical.current_course import numbered
from clinical.custom_instrument import is_custom
from clinical.events import DatedEvent, EventKind
from clinical.half_benefit_recall import HalfBenefitRecall, RecallAnswer, one_an_infusion
from clinical.history import History
from clinical.infusion import GIVEN, GivenInfusion, InfusionReason
from clinical.protocol import infusion_days
from clinical.response_review import with_extensions
from clinical.score import Score, one_a_day
from clinical.treatment_course import RecordedReview, ReviewDecision
from models import half_benefit_recalls as recall_rows
from models import scores as score_rows
from models.baselines import Baseline
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.events import Event
from models.infusions import Infusion
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse
from models.response_reviews import ResponseReview
from services import baselines, custom_instruments
from services.answer_times import (
    CHECK_IN_TIMES,
    FORM_TIMES,
    INFUSION_TIMES,
    CheckInTimes,
    FormTimes,
    known_start,
)
from services.clinic_settings import settings_as_of
from services.protocols import in_effect, to_draft
from services.revisions import AsOf, in_force
from services.treatment_courses import courses_of


def histories(
    session: Session, clinic: Clinic, patient_ids: Sequence[UUID], as_of: AsOf | None = None
) -> dict[UUID, History]:
    """Return each patient's history as it was known at an instant, in ten queries for all patients.

    The clinic's settings are those of that instant too, in one query more, and one more reads the clinic's
    own instruments, as they are now, where somebody has a total of one.
    """
    treated = treatments(session, clinic, patient_ids, as_of)
    readings = _readings(session, patient_ids, as_of)
    scores, forms = _scores(session, patient_ids, as_of), _forms(session, patient_ids, as_of)
    assessed = _baselines(session, patient_ids, as_of)
    recalls, changes = _recalls(session, patient_ids, as_of), _events(session, patient_ids, as_of)
    has_custom = any(is_custom(each.instrument) for totals in scores.values() for each in totals)
    custom = tuple(custom_instruments.of_clinic(session).values()) if has_custom else ()
    return {
        patient_id: replace(
            history,
            readings=tuple(readings[patient_id]),
            scores=one_a_day(scores[patient_id], forms[patient_id], first_starts(history.infusions)),
            baseline=assessed.get(patient_id),
            custom_instruments=custom,
            half_benefit_recalls=one_an_infusion(
                recalls[patient_id], infusion_days(history.infusions, date.max)
            ),
            events=tuple(changes[patient_id]),
        )
        for patient_id, history in treated.items()
    }


def treatments(
    session: Session, clinic: Clinic, patient_ids: Sequence[UUID], as_of: AsOf | None = None
) -> dict[UUID, History]:
    """Return each patient's infusions, plan, courses and reviews, in four queries for all patients.

    A history without anything that was answered; the clinic's settings as in `histories`.
    """
    settings = settings_as_of(session, clinic, None if as_of is None else as_of.instant)
    infusions = _infusions(session, patient_ids, as_of)
    query = select(Protocol).where(Protocol.patient_id.in_(patient_ids), in_force(Protocol, as_of))
    plans = {row.patient_id: row for row in session.scalars(query)}
    courses = courses_of(session, patient_ids, as_of)
    reviews = _reviews(session, patient_ids, as_of)
    found = {
        patient_id: History(
            (),
            tuple(infusions[patient_id]),
            in_effect(settings, to_draft(plans.get(patient_id))),
            courses=numbered(courses.get(patient_id, ()), infusions[patient_id]),
            reviews=tuple(reviews[patient_id]),
        )
        for patient_id in patient_ids
    }
    return {patient_id: with_extensions(history) for patient_id, history in found.items()}


def side_effects_by_day(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None = None
) -> dict[UUID, list[tuple[date, tuple[SideEffect, ...]]]]:
    """Return each patient's side effects by day, for the days on which they were asked for."""
    columns = CheckIn.patient_id, CheckIn.local_date, CheckIn.side_effects
    found = defaultdict(list)
    for patient_id, day, effects in session.execute(
        select(*columns)
        .where(CheckIn.patient_id.in_(patient_ids), CheckIn.removed.is_(False), in_force(CheckIn, as_of))
        .order_by(CheckIn.local_date)
    ):
        if effects is not None:
            named = tuple(SideEffect(item["code"], Severity(item["severity"])) for item in effects)
            found[patient_id].append((day, named))
    return found


def _readings(session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None) -> dict[UUID, list[Reading]]:
    ratings = CheckIn.mood, CheckIn.anxiety, CheckIn.enjoyment, CheckIn.benefit_left, CheckIn.ratings
    columns: tuple[Any, ...] = CheckIn.patient_id, CheckIn.local_date, *ratings, *CHECK_IN_TIMES
    found = defaultdict(list)
    for patient_id, day, mood, anxiety, enjoyment, left, optional, *times in session.execute(
        select(*columns)
        .where(CheckIn.patient_id.in_(patient_ids), CheckIn.removed.is_(False), in_force(CheckIn, as_of))
        .order_by(CheckIn.local_date)
    ):
        answered_at = CheckInTimes(*times).answered_at
        found[patient_id].append(Reading(day, mood, anxiety, enjoyment, left, answered_at, optional))
    return found


GIVEN_COLUMNS: tuple[Any, ...] = (
    Infusion.local_date,
    Infusion.reason,
    Infusion.dose_mg,
    Infusion.requested_on,
    *INFUSION_TIMES,
)
"""The columns that `to_given` reads."""


def to_given(
    day: date, reason: str, dose_mg: float | None, requested_on: date | None, *times: Any
) -> GivenInfusion:
    """Return the infusion that the columns of GIVEN_COLUMNS hold."""
    return GivenInfusion(day, InfusionReason(reason), known_start(*times), dose_mg, requested_on)


def _infusions(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None
) -> dict[UUID, list[GivenInfusion]]:
    found = defaultdict(list)
    for patient_id, *columns in session.execute(
        select(Infusion.patient_id, *GIVEN_COLUMNS)
        .where(
            Infusion.patient_id.in_(patient_ids),
            Infusion.removed.is_(False),
            Infusion.status.in_([str(status) for status in GIVEN]),
            in_force(Infusion, as_of),
        )
        .order_by(Infusion.started_at, Infusion.id)
    ):
        found[patient_id].append(to_given(*columns))
    return found


def _scores(session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None) -> dict[UUID, list[Score]]:
    row = score_rows.Score
    found = defaultdict(list)
    for patient_id, day, instrument, total in session.execute(
        select(row.patient_id, row.local_date, row.instrument, row.total)
        .where(row.patient_id.in_(patient_ids), row.removed.is_(False), in_force(row, as_of))
        .order_by(row.local_date, row.instrument)
    ):
        found[patient_id].append(Score(day, instrument, total))
    return found


def _forms(session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None) -> dict[UUID, list[Score]]:
    """Return the totals of complete forms, in the order in which they were recorded."""
    row = QuestionnaireResponse
    found = defaultdict(list)
    columns: tuple[Any, ...] = row.patient_id, row.local_date, row.instrument, row.total, *FORM_TIMES
    for patient_id, day, instrument, total, *times in session.execute(
        select(*columns)
        .where(
            row.patient_id.in_(patient_ids),
            row.removed.is_(False),
            in_force(row, as_of),
        )
        .order_by(row.local_date, row.recorded_at, row.id)
    ):
        if total is not None:
            answered_at = FormTimes(*times).answered_at(day)
            found[patient_id].append(Score(day, instrument, total, answered_at))
    return found


def to_review(row: ResponseReview) -> RecordedReview:
    """Return the response review that a stored revision holds."""
    added = row.additional_infusion_count or 0
    return RecordedReview(row.reviewed_on, ReviewDecision(row.decision), added)


def _reviews(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None
) -> dict[UUID, list[RecordedReview]]:
    row = ResponseReview
    found = defaultdict(list)
    query = (
        select(row)
        .where(row.patient_id.in_(patient_ids), row.removed.is_(False), in_force(row, as_of))
        .order_by(row.reviewed_on, row.id)
    )
    for review in session.scalars(query):
        found[review.patient_id].append(to_review(review))
    return found


def _baselines(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None
) -> dict[UUID, AssessedBaseline]:
    query = select(Baseline).where(
        Baseline.patient_id.in_(patient_ids), Baseline.removed.is_(False), in_force(Baseline, as_of)
    )
    return {row.patient_id: baselines.to_draft(row) for row in session.scalars(query)}


IS_MEDICATION_CHANGE = and_(Event.kind == str(EventKind.MEDICATION_CHANGE), Event.removed.is_(False))
"""Which events an outlook is computed from."""


def _events(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None
) -> dict[UUID, list[DatedEvent]]:
    """Return each patient's changes of medication, in order of day."""
    found = defaultdict(list)
    query = (
        select(Event.patient_id, Event.local_date, Event.kind)
        .where(Event.patient_id.in_(patient_ids), IS_MEDICATION_CHANGE, in_force(Event, as_of))
        .order_by(Event.local_date, Event.id)
    )
    for patient_id, day, kind in session.execute(query):
        found[patient_id].append(DatedEvent(day, EventKind(kind)))
    return found


RECALL_COLUMNS: tuple[Any, ...] = (
    recall_rows.HalfBenefitRecall.days,
    recall_rows.HalfBenefitRecall.answered_at,
    Infusion.status,
    Infusion.local_date,
    Infusion.time_zone,
)
"""The columns that `to_recall` reads."""
RECALLED_AT = and_(
    Infusion.clinic_id == recall_rows.HalfBenefitRecall.clinic_id,
    Infusion.patient_id == recall_rows.HalfBenefitRecall.patient_id,
    Infusion.id == recall_rows.HalfBenefitRecall.infusion_id,
)
IS_RECALL = and_(
    recall_rows.HalfBenefitRecall.removed.is_(False),
    recall_rows.HalfBenefitRecall.answer.in_([str(RecallAnswer.DAYS), str(RecallAnswer.NOT_GONE)]),
    Infusion.removed.is_(False),
)
"""Joins an answer and its infusion, and whether they are an observation."""


def asked_on(status: str, local_date: date, time_zone: str, answered_at: datetime) -> date:
    """Return the day up to which an answer to the recall question reaches.

    That of the infusion at which it is asked if that was given, by its own calendar; the day of the answer
    where it was answered before, or where the infusion was not given, or not yet.
    """
    answered_on = answered_at.astimezone(ZoneInfo(time_zone)).date()
    return min(answered_on, local_date) if status in GIVEN else answered_on


def to_recall(
    days: int | None, answered_at: datetime, status: str, local_date: date, time_zone: str
) -> HalfBenefitRecall:
    """Return the recall that the columns of RECALL_COLUMNS hold."""
    return HalfBenefitRecall(asked_on(status, local_date, time_zone, answered_at), days)


def _recalls(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None
) -> dict[UUID, list[HalfBenefitRecall]]:
    """Return the answers to the recall question in the order in which they were given."""
    row = recall_rows.HalfBenefitRecall
    found = defaultdict(list)
    query = (
        select(row.patient_id, *RECALL_COLUMNS)
        .join(Infusion, RECALLED_AT)
        .where(row.patient_id.in_(patient_ids), IS_RECALL, in_force(row, as_of), in_force(Infusion, as_of))
        .order_by(row.answered_at, row.infusion_id)
    )
    for patient_id, *columns in session.execute(query):
        found[patient_id].append(to_recall(*columns))
    return found
