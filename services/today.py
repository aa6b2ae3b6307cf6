"""What a patient is asked today, what of it they have answered, and when their day ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.current_course import current_course
from clinical.infusion import InfusionStatus
from clinical.instruments import catalogue as questionnaires
from clinical.questions import DailyQuestion, asks_benefit_left, questions_of_day
from clinical.safety import CrisisMessage, crisis_message
from clinical.side_effects import EDITION as SIDE_EFFECTS_EDITION
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.infusions import Infusion
from models.patients import Patient
from models.questionnaires import QuestionnaireResponse
from models.safety import SafetyAnswer
from services import half_benefit_recalls, post_infusion_moods
from services.context import Context
from services.daily_rating_choices import asked_ratings
from services.half_benefit_recalls import AskedRecall
from services.histories import histories
from services.post_infusion_moods import AskedMood
from services.questionnaires.schedules import DueForm, Forms, forms_due, forms_of
from services.revisions import in_force
from services.safety import settings as safety_settings
from services.summaries import booked_infusions


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of today's check-in, and what was answered to it; None without an answer."""

    question: DailyQuestion
    answer: int | None


@dataclass(frozen=True, slots=True)
class AskedSafety:
    """Whether the safety question is asked, today's answer, and what to show for one above 0."""

    asked: bool
    answer: int | None
    crisis_message: CrisisMessage


@dataclass(frozen=True, slots=True)
class Today:
    """A patient's current day.

    `check_in_version` is that of the day's check-in, a tombstone included, 0 where nothing is stored.
    `forms_answered` are the questionnaires of the day, whole or in part. `next_infusion` is the next one
    booked that has not begun. `post_infusion_mood` is None except within a day after an infusion, and
    `half_benefit_recall` except around an infusion that ends a cycle.
    """

    patient: Patient
    today: date
    day_ends_at: datetime
    check_in_version: int
    side_effects_answered: bool
    questions: tuple[AskedQuestion, ...]
    daily_safety: AskedSafety
    forms_due: tuple[DueForm, ...]
    forms_answered: tuple[QuestionnaireResponse, ...]
    next_infusion: Infusion | None
    post_infusion_mood: AskedMood | None
    half_benefit_recall: AskedRecall | None
    side_effects_edition: str = SIDE_EFFECTS_EDITION
    questionnaires_edition: str = questionnaires.edition()


def read(ctx: Context, patient_id: UUID | None) -> Today:
    """Return what a patient is asked on their current day."""
    session, patient = ctx.session, ctx.load_patient(patient_id)
    today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    clinic = session.get_one(Clinic, patient.clinic_id)
    history = histories(session, clinic, [patient.id])[patient.id]
    course = current_course(history, today)
    given = [infusion for infusion in course.infusions if infusion.day <= today]
    booked = booked_infusions(session, [patient.id]).get(patient.id, [])
    forms = forms_of(session, [patient.id]).get(patient.id, Forms())
    check_in = _check_in(session, patient.id, today)
    answers = {} if check_in is None or check_in.removed else _answers(check_in)
    asked = questions_of_day(
        asked_ratings(session, patient.id), benefit_left=asks_benefit_left(course.protocol, given, today)
    )
    return Today(
        patient=patient,
        today=today,
        day_ends_at=local_day.turn_of_day(ctx.now, patient.time_zone, patient.day_start_hour),
        check_in_version=0 if check_in is None else check_in.version,
        side_effects_answered=bool(answers) and check_in is not None and check_in.side_effects is not None,
        questions=tuple(AskedQuestion(question, answers.get(question.code)) for question in asked),
        daily_safety=_safety(session, patient.id, today),
        forms_due=forms_due(forms, course, booked, today),
        forms_answered=_forms_of_day(session, patient.id, today),
        next_infusion=_next_infusion(session, patient.id, ctx.now),
        post_infusion_mood=post_infusion_moods.asked(session, patient.id, ctx.now),
        half_benefit_recall=half_benefit_recalls.asked(session, history, patient.id, today, ctx.now),
    )


def _check_in(session: Session, patient_id: UUID, day: date) -> CheckIn | None:
    return session.scalar(
        select(CheckIn).where(CheckIn.patient_id == patient_id, CheckIn.local_date == day, in_force(CheckIn))
    )


def _answers(check_in: CheckIn) -> dict[str, int | None]:
    own = {name: getattr(check_in, name) for name in ("mood", "enjoyment", "anxiety", "benefit_left")}
    return own | (check_in.ratings or {})


def _safety(session: Session, patient_id: UUID, day: date) -> AskedSafety:
    settings = safety_settings.in_force(session).settings
    answer = session.scalar(
        select(SafetyAnswer.answer).where(
            SafetyAnswer.patient_id == patient_id, SafetyAnswer.local_date == day, in_force(SafetyAnswer)
        )
    )
    return AskedSafety(
        settings.safety_question, answer, crisis_message(safety_settings.contacts_of(settings))
    )


def _forms_of_day(session: Session, patient_id: UUID, day: date) -> tuple[QuestionnaireResponse, ...]:
    row = QuestionnaireResponse
    query = select(row).where(
        row.patient_id == patient_id, row.local_date == day, row.removed.is_(False), in_force(row)
    )
    return tuple(session.scalars(query.order_by(row.instrument, row.id)))


def _next_infusion(session: Session, patient_id: UUID, now: datetime) -> Infusion | None:
    query = select(Infusion).where(
        Infusion.patient_id == patient_id,
        Infusion.status == str(InfusionStatus.SCHEDULED),
        Infusion.removed.is_(False),
        Infusion.started_at > now,
        in_force(Infusion),
    )
    return session.scalar(query.order_by(Infusion.started_at, Infusion.id).limit(1))
