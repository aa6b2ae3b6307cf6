"""Response reviews, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of, within


class ResponseReview(ClinicScoped, Base):
    """One revision of one response review; a removed one is a revision with `removed` set.

    `additional_infusion_count` is how many infusions the decision `extend` adds to the series.
    """

    __tablename__ = "response_reviews"
    __table_args__ = (
        of_patient(),
        one_current("response_reviews", "clinic_id", "patient_id", "id"),
        one_of("decision", ["continue_maintenance", "extend", "stop", "refer"]),
        CheckConstraint(
            "(additional_infusion_count IS NOT NULL) = (decision = 'extend')", name="extension_has_count"
        ),
        within("additional_infusion_count", 1, 30),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    reviewed_on: Mapped[date]
    decision: Mapped[str] = mapped_column(String(32))
    additional_infusion_count: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
