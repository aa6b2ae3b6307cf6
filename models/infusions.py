"""A patient's infusions, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, ZoneName, of_patient, one_current, one_of, within


class Infusion(ClinicScoped, Base):
    """One revision of one infusion; corrected by revision, never erased.

    `local_date` is the day on which it started in its own `time_zone`, fixed when written.
    """

    __tablename__ = "infusions"
    __table_args__ = (
        of_patient(),
        one_current("infusions", "clinic_id", "patient_id", "id"),
        Index("ix_infusions_changes", "clinic_id", "patient_id", "change_seq"),
        # Physical plausibility only, not a dosing limit: it rejects a misplaced decimal point.
        within("dose_mg", 0, 2000),
        within("weight_kg", 1, 500),
        one_of("status", ["scheduled", "completed", "stopped", "not_done"]),
        one_of("reason", ["scheduled", "symptoms_returned", "convenience", "other"]),
        CheckConstraint("ended_at >= started_at", name="ends_after_start"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    time_zone: Mapped[ZoneName]
    local_date: Mapped[date]
    dose_mg: Mapped[float | None]
    weight_kg: Mapped[float | None]
    route: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    change_seq: Mapped[int]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
