"""Which optional daily ratings a patient is asked, as revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.daily_ratings import CATALOGUE, DailyRating
from models.daily_ratings import EnabledRatings
from services.context import Context
from services.revisions import AsOf, Revisions, in_force


class DailyRatingChoices(Revisions[EnabledRatings, tuple[str, ...]]):
    """The choice of one patient's ratings: their codes, in the order of the catalogue."""

    table = EnabledRatings
    default = ()

    @classmethod
    def to_draft(cls, row: EnabledRatings) -> tuple[str, ...]:
        """Return the codes of the ratings that the patient is asked."""
        return tuple(row.codes)

    def to_columns(self, draft: tuple[str, ...]) -> dict[str, Any]:
        """Return the codes as a JSON list."""
        return {"codes": list(draft)}


def asked_ratings(session: Session, patient_id: UUID) -> tuple[str, ...]:
    """Return the codes of the optional ratings that a patient is asked."""
    chosen = DailyRatingChoices.find(session, patient_id)
    return tuple(chosen.codes) if chosen else ()


def asked_by_patient(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None = None
) -> dict[UUID, tuple[DailyRating, ...]]:
    """Return the optional ratings that each patient is asked, in the catalogue's order; absent where none."""
    row = EnabledRatings
    query = select(row.patient_id, row.codes).where(row.patient_id.in_(patient_ids), in_force(row, as_of))
    return {
        patient_id: tuple(rating for rating in CATALOGUE if rating.code in codes)
        for patient_id, codes in session.execute(query)
    }


def ask_also(ctx: Context, patient_id: UUID, code: str) -> None:
    """Ask one rating besides those that the patient is asked already."""
    choice = DailyRatingChoices.lock(ctx, patient_id)
    asked = {*(choice.current_value or ()), code}
    wanted = tuple(rating.code for rating in CATALOGUE if rating.code in asked)
    choice.append(wanted, choice.version)
