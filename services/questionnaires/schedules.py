"""Arrange when a patient is asked for a questionnaire, and list which are due today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.history import History
from clinical.instruments.catalogue import CODES, in_use
from clinical.instruments.phq9 import PHQ_9
from clinical.instruments.schedule import Course, Schedule, Trigger, asks, due
from clinical.sentences import Sentence
from clinical.trend import Measure, ratings
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from services.context import Context
from services.errors import Conflict, FieldError, Invalid, NotFound
from services.revisions import AsOf, Revisions, in_force

NEVER = Schedule(weekly=False, before_infusion=False, days_after_infusion=(), window_days=0)
"""A schedule on which no form is due. Operational."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """When one patient is asked for one questionnaire; version 0 where nobody arranged anything."""

    instrument: str
    version: int
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Forms:
    """What is arranged for one patient, and the days on which each questionnaire was filled in whole."""

    arranged: Sequence[Arranged] = ()
    answered: Mapping[str, Sequence[date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueForm:
    """A questionnaire that is due today, in the version in use, with its trigger and the day it fell due."""

    instrument: str
    instrument_version: str
    trigger: Trigger
    due_on: date


class _Schedules(Revisions[QuestionnaireSchedule, Schedule]):
    table = QuestionnaireSchedule
    draft = Schedule
    key = ("instrument",)
    default = NEVER

    def validate(self, draft: Schedule) -> None:
        """Refuse to ask a retired questionnaire, or one for a reason that is not its own."""
        instrument = self.key_values[0]
        if in_use(instrument) is None and asks(draft):
            sentence = Sentence("This questionnaire is retired: no version of it is asked any more.")
            raise Conflict(FieldError("code", "retired_version", sentence, "parameter"))
        if draft.on_mood_drop and instrument != PHQ_9.code:
            sentence = Sentence("A drop in mood asks for a PHQ-9 and for nothing else.")
            raise Invalid(FieldError("/on_mood_drop", "only_phq_9", sentence))

    def current_for_error(self) -> Arranged:
        """Return the current arrangement."""
        return _arranged(self.key_values[0], self.current)


def read(ctx: Context, patient_id: UUID | None, instrument: str) -> Arranged:
    """Return when a patient is asked for a questionnaire; raises NotFound for one that is not asked here."""
    patient = ctx.load_patient(patient_id)
    _check_known(instrument)
    return _arranged(instrument, _Schedules.find(ctx.session, patient.id, instrument))


def put(
    ctx: Context, patient_id: UUID | None, instrument: str, schedule: Schedule, expected_version: int | None
) -> Arranged:
    """Arrange when a patient is asked for a questionnaire; the same again changes nothing.

    Raises VersionRequired or Stale where another arrangement is current, Invalid for a reason that is not
    this questionnaire's, and Conflict for asking one of which every version is retired.
    """
    arranged = _Schedules.lock(ctx, patient_id, instrument)
    _check_known(instrument)
    arranged.append(schedule, expected_version)
    return arranged.current_for_error()


def forms_due(forms: Forms, history: History, booked: Sequence[date], today: date) -> tuple[DueForm, ...]:
    """Tell which questionnaires are due on a day, in the order of the catalogue."""
    moods = ratings([reading for reading in history.readings if reading.day <= today], Measure.MOOD)
    given = [infusion.day for infusion in history.infusions]
    found = []
    for arranged in sorted(forms.arranged, key=lambda each: CODES.index(each.instrument)):
        course = Course(forms.answered.get(arranged.instrument, ()), given, booked, moods)
        reason, asked = due(arranged.schedule, course, today), in_use(arranged.instrument)
        if reason is not None and asked is not None:
            found.append(DueForm(arranged.instrument, asked.version, reason.trigger, reason.due_on))
    return tuple(found)


def forms_of(session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None = None) -> dict[UUID, Forms]:
    """Give what is arranged and what was answered, for each patient for whom anything is, in two queries."""
    row = QuestionnaireSchedule
    found = defaultdict(list)
    query = select(row).where(row.patient_id.in_(patient_ids), in_force(row, as_of))
    for current in session.scalars(query):
        found[current.patient_id].append(_arranged(current.instrument, current))
    answered = _days_answered(session, list(found), as_of) if found else {}
    return {
        patient_id: Forms(arranged, answered.get(patient_id, {})) for patient_id, arranged in found.items()
    }


def _days_answered(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None
) -> Mapping[UUID, Mapping[str, Sequence[date]]]:
    row = QuestionnaireResponse
    found: dict[UUID, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    query = select(row.patient_id, row.instrument, row.local_date).where(
        row.patient_id.in_(patient_ids), row.removed.is_(False), row.total.is_not(None), in_force(row, as_of)
    )
    for patient_id, instrument, day in session.execute(query):
        found[patient_id][instrument].append(day)
    return found


def _check_known(instrument: str) -> None:
    if instrument not in CODES:
        raise NotFound


def _arranged(instrument: str, row: QuestionnaireSchedule | None) -> Arranged:
    if row is None:
        return Arranged(instrument, 0, NEVER)
    return Arranged(instrument, row.version, _Schedules.to_draft(row))
