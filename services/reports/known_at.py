"""A patient's revisions in memory, from which the history known at any instant is read (bitemporal)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from clinical.answer_timing import first_starts
from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading
from clinical.current_course import numbered
from clinical.events import DatedEvent, EventKind
from clinical.half_benefit_recall import HalfBenefitRecall, one_an_infusion
from clinical.history import History
from clinical.infusion import GIVEN, GivenInfusion
from clinical.protocol import infusion_days
from clinical.response_review import with_extensions
from clinical.score import Score, one_a_day
from clinical.treatment_course import RecordedReview, TreatmentCourse
from models import half_benefit_recalls as recall_rows
from models import scores as score_rows
from models import treatment_courses as course_rows
from models.baselines import Baseline
from models.check_ins import CheckIn
from models.clinics import Clinic, ClinicSettingsHistory
from models.events import Event
from models.infusions import Infusion
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse
from models.response_reviews import ResponseReview
from services import baselines
from services.answer_times import (
    CHECK_IN_TIMES,
    FORM_TIMES,
    CheckInTimes,
    FormTimes,
)
from services.clinic_settings import Settings, all_settings
from services.histories import (
    GIVEN_COLUMNS,
    IS_MEDICATION_CHANGE,
    IS_RECALL,
    RECALL_COLUMNS,
    RECALLED_AT,
    to_given,
    to_recall,
    to_review,
)
from services.protocols import ProtocolDraft, in_effect, to_draft
from services.treatment_courses import to_course

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Revision(Generic[Value]):
    """A value in force from `since` (system time) until `until`, None for the current one."""

    value: Value
    since: datetime
    until: datetime | None

    def in_force_at(self, instant: datetime) -> bool:
        """Return whether the value was in force at an instant."""
        return self.since <= instant and (self.until is None or instant < self.until)


@dataclass(frozen=True, slots=True)
class RevisionHistory:
    """Every revision of all that an outlook is computed from, in the order of `services.histories`."""

    readings: Sequence[Revision[Reading]]
    infusions: Sequence[Revision[GivenInfusion]]
    plans: Sequence[Revision[ProtocolDraft]]
    settings: Sequence[Revision[Settings]]
    scores: Sequence[Revision[Score]]
    forms: Sequence[Revision[Score]]
    baselines: Sequence[Revision[AssessedBaseline]]
    courses: Sequence[Revision[TreatmentCourse]]
    reviews: Sequence[Revision[RecordedReview]]
    recalls: Sequence[Revision[HalfBenefitRecall]]
    events: Sequence[Revision[DatedEvent]]

    def at(self, instant: datetime) -> History:
        """Return the history known at an instant, equal to that of `services.histories`, without a query."""
        # Before the clinic's first settings, those apply.
        settings = next(iter(_in_force(self.settings, instant)), self.settings[0].value)
        plan = next(iter(_in_force(self.plans, instant)), ProtocolDraft())
        infusions = tuple(_in_force(self.infusions, instant))
        history = History(
            tuple(_in_force(self.readings, instant)),
            infusions,
            in_effect(settings, plan),
            one_a_day(
                _in_force(self.scores, instant), _in_force(self.forms, instant), first_starts(infusions)
            ),
            next(iter(_in_force(self.baselines, instant)), None),
            numbered(_in_force(self.courses, instant), infusions),
            reviews=tuple(_in_force(self.reviews, instant)),
            half_benefit_recalls=one_an_infusion(
                _in_force(self.recalls, instant), infusion_days(infusions, date.max)
            ),
            events=tuple(_in_force(self.events, instant)),
        )
        return with_extensions(history)

    def has_infusion_after(self, day: date) -> bool:
        """Return whether an infusion is recorded for a later day, as where the clinic's date is ahead."""
        return any(given.until is None and given.value.day > day for given in self.infusions)


def revision_history_of(session: Session, clinic: Clinic, patient_id: UUID) -> RevisionHistory:
    """Return all revisions of a patient, in eleven queries."""
    return RevisionHistory(
        readings=_readings(session, patient_id),
        infusions=_infusions(session, patient_id),
        plans=_plans(session, patient_id),
        settings=_settings(session, clinic),
        scores=_scores(session, patient_id),
        forms=_forms(session, patient_id),
        baselines=_baselines(session, patient_id),
        courses=_courses(session, patient_id),
        reviews=_reviews(session, patient_id),
        recalls=_recalls(session, patient_id),
        events=_events(session, patient_id),
    )


def _in_force(revisions: Iterable[Revision[Value]], instant: datetime) -> list[Value]:
    return [revision.value for revision in revisions if revision.in_force_at(instant)]


def _revisions(found: Iterable[Row[Any]], read: Callable[..., Value]) -> list[Revision[Value]]:
    """Return revisions of rows whose first two columns are known_from and known_until."""
    return [Revision(read(*rest), since, until) for since, until, *rest in map(tuple, found)]


def _readings(session: Session, patient_id: UUID) -> list[Revision[Reading]]:
    ratings = CheckIn.mood, CheckIn.anxiety, CheckIn.enjoyment, CheckIn.benefit_left, CheckIn.ratings
    query = (
        select(CheckIn.known_from, CheckIn.known_until, CheckIn.local_date, *ratings, *CHECK_IN_TIMES)
        .where(CheckIn.patient_id == patient_id, CheckIn.removed.is_(False))
        .order_by(CheckIn.local_date, CheckIn.version)
    )
    return _revisions(
        session.execute(query),
        lambda day, mood, anxiety, enjoyment, left, optional, *times: Reading(
            day, mood, anxiety, enjoyment, left, CheckInTimes(*times).answered_at, optional
        ),
    )


def _infusions(session: Session, patient_id: UUID) -> list[Revision[GivenInfusion]]:
    query = (
        select(Infusion.known_from, Infusion.known_until, *GIVEN_COLUMNS)
        .where(
            Infusion.patient_id == patient_id,
            Infusion.removed.is_(False),
            Infusion.status.in_([str(status) for status in GIVEN]),
        )
        .order_by(Infusion.started_at, Infusion.id, Infusion.version)
    )
    return _revisions(session.execute(query), to_given)


def _plans(session: Session, patient_id: UUID) -> list[Revision[ProtocolDraft]]:
    query = select(Protocol).where(Protocol.patient_id == patient_id).order_by(Protocol.version)
    return [Revision(to_draft(row), row.known_from, row.known_until) for row in session.scalars(query)]


def _settings(session: Session, clinic: Clinic) -> list[Revision[Settings]]:
    return [
        Revision(row, row.known_from, row.known_until)
        if isinstance(row, ClinicSettingsHistory)
        else Revision(row, row.settings_since, None)
        for row in all_settings(session, clinic)
    ]


def _scores(session: Session, patient_id: UUID) -> list[Revision[Score]]:
    row = score_rows.Score
    query = (
        select(row.known_from, row.known_until, row.local_date, row.instrument, row.total)
        .where(row.patient_id == patient_id, row.removed.is_(False))
        .order_by(row.local_date, row.instrument, row.version)
    )
    return _revisions(session.execute(query), _score)


def _forms(session: Session, patient_id: UUID) -> list[Revision[Score]]:
    row = QuestionnaireResponse
    query = (
        select(row.known_from, row.known_until, row.local_date, row.instrument, row.total, *FORM_TIMES)
        .where(row.patient_id == patient_id, row.removed.is_(False), row.total.is_not(None))
        .order_by(row.local_date, row.recorded_at, row.id, row.version)
    )
    return _revisions(session.execute(query), _score)


def _score(day: date, instrument: str, total: int, *times: Any) -> Score:
    return Score(day, instrument, total, FormTimes(*times).answered_at(day) if times else None)


def _baselines(session: Session, patient_id: UUID) -> list[Revision[AssessedBaseline]]:
    query = select(Baseline).where(Baseline.patient_id == patient_id, Baseline.removed.is_(False))
    return [
        Revision(baselines.to_draft(row), row.known_from, row.known_until)
        for row in session.scalars(query.order_by(Baseline.version))
    ]


def _courses(session: Session, patient_id: UUID) -> list[Revision[TreatmentCourse]]:
    row = course_rows.TreatmentCourse
    query = select(row).where(row.patient_id == patient_id, row.removed.is_(False))
    return [
        Revision(to_course(found), found.known_from, found.known_until)
        for found in session.scalars(query.order_by(row.id, row.version))
    ]


def _reviews(session: Session, patient_id: UUID) -> list[Revision[RecordedReview]]:
    row = ResponseReview
    query = select(row).where(row.patient_id == patient_id, row.removed.is_(False))
    return [
        Revision(to_review(found), found.known_from, found.known_until)
        for found in session.scalars(query.order_by(row.reviewed_on, row.id, row.version))
    ]


def _events(session: Session, patient_id: UUID) -> list[Revision[DatedEvent]]:
    query = (
        select(Event.known_from, Event.known_until, Event.local_date, Event.kind)
        .where(Event.patient_id == patient_id, IS_MEDICATION_CHANGE)
        .order_by(Event.local_date, Event.id, Event.version)
    )
    return _revisions(session.execute(query), lambda day, kind: DatedEvent(day, EventKind(kind)))


def _recalls(session: Session, patient_id: UUID) -> list[Revision[HalfBenefitRecall]]:
    """Return each answer to the recall question with each revision of its infusion at that time."""
    row = recall_rows.HalfBenefitRecall
    query = (
        select(row.known_from, row.known_until, Infusion.known_from, Infusion.known_until, *RECALL_COLUMNS)
        .join(Infusion, RECALLED_AT)
        .where(
            row.patient_id == patient_id,
            IS_RECALL,
            or_(row.known_until.is_(None), Infusion.known_from < row.known_until),
            or_(Infusion.known_until.is_(None), row.known_from < Infusion.known_until),
        )
        .order_by(row.answered_at, row.infusion_id, row.version, Infusion.version)
    )
    found = []
    for since, until, infused_since, infused_until, *columns in session.execute(query):
        ends = [end for end in (until, infused_until) if end is not None]
        found.append(Revision(to_recall(*columns), max(since, infused_since), min(ends, default=None)))
    return found
