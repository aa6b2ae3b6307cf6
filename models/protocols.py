"""Treatment protocols of patients where they differ from the clinic's, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, within


class Protocol(ClinicScoped, Base):
    """One revision of one patient's protocol; NULL means the clinic's setting."""

    __tablename__ = "protocols"
    __table_args__ = (
        of_patient(),
        one_current("protocols", "clinic_id", "patient_id"),
        within("induction_infusion_count", 1, 30),
        within("induction_days", 1, 366),
        within("min_interval_days", 1, 366),
        within("max_interval_days", 1, 366),
        CheckConstraint("min_interval_days <= max_interval_days", name="interval_in_order"),
        CheckConstraint("paused_on < resumes_on", name="pause_in_order"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    induction_infusion_count: Mapped[int | None]
    induction_days: Mapped[int | None]
    min_interval_days: Mapped[int | None]
    max_interval_days: Mapped[int | None]
    paused_on: Mapped[date | None]
    resumes_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
