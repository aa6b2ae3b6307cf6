"""Choose which extra ratings a patient is asked each day, and compare the answers to each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinical import local_day
from clinical.current_course import current_course
from clinical.daily_ratings import CATALOGUE, DailyRating, answers
from clinical.protocol import first_infusion
from clinical.sentences import Sentence
from models.clinics import Clinic
from services.context import Context
from services.daily_rating_choices import DailyRatingChoices
from services.errors import Conflict, FieldError
from services.histories import histories
from services.summaries import Comparison, compare
from services.treatment_courses import target_ratings


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


class _Choices(DailyRatingChoices):
    def validate(self, draft: tuple[str, ...]) -> None:
        """Refuse to stop asking a rating that the patient's outlook is computed from."""
        for measure in target_ratings(self.ctx, self.patient):
            if measure not in draft:
                sentence = Sentence(
                    "{measure} is the target measure of the patient's course: choose another there first.",
                    measure=measure,
                )
                raise Conflict(FieldError("/codes", "target_measure", sentence))

    def current_for_error(self) -> PatientRatings:
        """Return every rating of the catalogue with the current choice."""
        return read(self.ctx, self.patient.id)


def read(ctx: Context, patient_id: UUID | None) -> PatientRatings:
    """Return the catalogue, which of it the patient is asked, and each rating's weeks and baseline."""
    patient = ctx.load_patient(patient_id)
    chosen = _Choices.find(ctx.session, patient.id)
    asked = chosen.codes if chosen else []
    clinic = ctx.session.get_one(Clinic, patient.clinic_id)
    history = histories(ctx.session, clinic, [patient.id])[patient.id]
    today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    course = current_course(history, today)
    readings = [reading for reading in history.readings if reading.day <= today]
    first = first_infusion(course.protocol, course.infusions, today)
    return PatientRatings(
        chosen.version if chosen else 0,
        today,
        tuple(
            ComparedRating(
                rating, rating.code in asked, compare(answers(readings, rating.code), today, first)
            )
            for rating in CATALOGUE
        ),
    )


def put(
    ctx: Context, patient_id: UUID | None, codes: Collection[str], expected_version: int | None
) -> PatientRatings:
    """Set which ratings the patient is asked from now on; what was answered before stays as it is.

    Raises VersionRequired or Stale when another choice is current, and Conflict where the target measure of a
    course would not be asked any more.
    """
    wanted = tuple(rating.code for rating in CATALOGUE if rating.code in codes)
    _Choices.lock(ctx, patient_id).append(wanted, expected_version)
    return read(ctx, patient_id)
