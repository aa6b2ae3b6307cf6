"""Choose which extra ratings a patient is asked each day, and tell how each of them stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.daily_ratings import CATALOGUE, DailyRating
from clinical.trend import Rating
from models.clinics import Clinic
from models.daily_ratings import EnabledRatings
from services.access import Actor, load_patient
from services.histories import daily_ratings, histories
from services.revisions import check_version_number, in_force, next_revision
from services.summaries import Comparison, compare


@dataclass(frozen=True, slots=True)
class ComparedRating:
    """One rating of the catalogue: whether the patient is asked it, and how their answers compare."""

    rating: DailyRating
    asked: bool
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ComparedRatings:
    """Every rating of the catalogue as of the patient's `today`; version 0 while nothing was ever chosen."""

    version: int
    today: date
    ratings: tuple[ComparedRating, ...]


def read(session: Session, actor: Actor, patient_id: UUID | None, now: datetime) -> ComparedRatings:
    """Give the catalogue, which of it the patient is asked, and each rating's weeks and baseline."""
    patient = load_patient(session, actor, patient_id)
    chosen = _current(session, patient.id)
    asked = chosen.codes if chosen else []
    clinic = session.get_one(Clinic, patient.clinic_id)
    given = histories(session, clinic, [patient.id])[patient.id].infusions
    today = local_day.today(now, patient.time_zone, patient.day_start_hour)
    answers = daily_ratings(session, [patient.id])[patient.id]
    first = next((infusion.day for infusion in given if infusion.day <= today), None)
    return ComparedRatings(
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
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    codes: Collection[str],
    expected_version: int | None,
    now: datetime,
) -> ComparedRatings:
    """Set which ratings the patient is asked from now on; what was answered before stays as it is.

    Raises VersionRequired or Stale when another choice stands.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id)
    wanted = [rating.code for rating in CATALOGUE if rating.code in codes]
    if current is not None and current.codes == wanted:
        return read(session, actor, patient_id, now)
    check_version_number(
        current.version if current else 0, expected_version, read(session, actor, patient_id, now)
    )
    following = next_revision(session, current, now)
    session.add(EnabledRatings(patient_id=patient.id, codes=wanted, recorded_by=actor.id, **following))
    session.flush()
    return read(session, actor, patient_id, now)


def series(answers: list[tuple[date, dict[str, int]]], code: str, last: date) -> tuple[Rating, ...]:
    """Give one rating's answers up to a day, in order, without the days on which it was not answered."""
    return tuple(Rating(day, said[code]) for day, said in answers if code in said and day <= last)


def _current(session: Session, patient_id: UUID) -> EnabledRatings | None:
    return session.scalar(
        select(EnabledRatings).where(EnabledRatings.patient_id == patient_id, in_force(EnabledRatings))
    )
