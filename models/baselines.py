"""Baselines rated by clinicians, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, within


class Baseline(ClinicScoped, Base):
    """One revision of one patient's rated baseline; a removed one is a revision with `removed` set."""

    __tablename__ = "baselines"
    __table_args__ = (
        of_patient(),
        one_current("baselines", "clinic_id", "patient_id"),
        within("mood", 0, 10),
        within("anxiety", 0, 10),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    assessed_on: Mapped[date]
    mood: Mapped[int]
    anxiety: Mapped[int | None]
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
