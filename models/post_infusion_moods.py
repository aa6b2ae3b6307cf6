"""Moods answered some hours after an infusion, all revisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, within


class PostInfusionMood(ClinicScoped, Base):
    """One revision of the mood after one infusion; a removed one is a revision with `removed` set."""

    __tablename__ = "post_infusion_moods"
    __table_args__ = (
        of_patient(),
        one_current("post_infusion_moods", "clinic_id", "patient_id", "infusion_id"),
        within("mood", 0, 10),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    infusion_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[int]
    recorded_at: Mapped[datetime]
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
