"""Choose which extra ratings a patient is asked each day, and compare the answers to each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.current_course import current_course
from clinical.daily_ratings import CATALOGUE, DailyRating
from clinical.protocol import first_infusion
from clinical.trend import Rating
from models.clinics import Clinic
from models.daily_ratings import EnabledRatings
from services.context import Context
from services.histories import daily_ratings, histories
from services.revisions import Revisions, in_force
from services.summaries import Comparison, compare


@dataclass(frozen=True, slots=True)
class ComparedRating:
    """One rating of the catalogue: whether the patient is asked it, and how their answers compare."""

    rating: DailyRating
    asked: bool
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class PatientRatings:
    """Every rating of the catalogue as of the patient's `today`; version 0 while nothing was ever chosen."""

    version: int
    today: date
    ratings: tuple[ComparedRating, ...]


class _Choices(Revisions[EnabledRatings, tuple[str, ...]]):
    table = EnabledRatings
    default = ()

    @classmethod
    def to_draft(cls, row: EnabledRatings) -> tuple[str, ...]:
        """Return the codes of the ratings that the patient is asked."""
        return tuple(row.codes)

    def to_columns(self, draft: tuple[str, ...]) -> dict[str, Any]:
        """Return the codes as a JSON list."""
        return {"codes": list(draft)}

    def current_for_error(self) -> PatientRatings:
        """Return every rating of the catalogue with the current choice."""
        return read(self.ctx, self.patient.id)


def asked_ratings(session: Session, patient_id: UUID) -> tuple[str, ...]:
    """Return the codes of the optional ratings that a patient is asked."""
    chosen = _Choices.find(session, patient_id)
    return tuple(chosen.codes) if chosen else ()


def asked_by_patient(
    session: Session, patient_ids: Sequence[UUID], as_of: datetime | None = None
) -> dict[UUID, tuple[DailyRating, ...]]:
    """Return the optional ratings that each patient is asked, in the catalogue's order; absent where none."""
    row = EnabledRatings
    query = select(row.patient_id, row.codes).where(row.patient_id.in_(patient_ids), in_force(row, as_of))
    return {
        patient_id: tuple(rating for rating in CATALOGUE if rating.code in codes)
        for patient_id, codes in session.execute(query)
    }


def read(ctx: Context, patient_id: UUID | None) -> PatientRatings:
    """Return the catalogue, which of it the patient is asked, and each rating's weeks and baseline."""
    patient = ctx.load_patient(patient_id)
    chosen = _Choices.find(ctx.session, patient.id)
    asked = chosen.codes if chosen else []
    clinic = ctx.session.get_one(Clinic, patient.clinic_id)
    history = histories(ctx.session, clinic, [patient.id])[patient.id]
    today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    answers = daily_ratings(ctx.session, [patient.id])[patient.id]
    course = current_course(history, today)
    first = first_infusion(course.protocol, course.infusions, today)
    return PatientRatings(
        chosen.version if chosen else 0,
        today,
        tuple(
            ComparedRating(
                rating, rating.code in asked, compare(series(answers, rating.code, today), today, first)
            )
            for rating in CATALOGUE
        ),
    )


def put(
    ctx: Context, patient_id: UUID | None, codes: Collection[str], expected_version: int | None
) -> PatientRatings:
    """Set which ratings the patient is asked from now on; what was answered before stays as it is.

    Raises VersionRequired or Stale when another choice is current.
    """
    wanted = tuple(rating.code for rating in CATALOGUE if rating.code in codes)
    _Choices.lock(ctx, patient_id).append(wanted, expected_version)
    return read(ctx, patient_id)


def series(answers: Sequence[tuple[date, dict[str, int]]], code: str, last: date) -> tuple[Rating, ...]:
    """Return one rating's answers up to a day, in order, without the days on which it was not answered."""
    return tuple(Rating(day, by_code[code]) for day, by_code in answers if code in by_code and day <= last)
