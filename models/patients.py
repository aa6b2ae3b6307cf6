"""A clinic's patients."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Base, ClinicScoped, Key, ShortText, ZoneName, of_clinic, within


class Patient(ClinicScoped, Base):
    """One patient; `change_seq` counts every change of their record, under a lock on this row."""

    __tablename__ = "patients"
    __table_args__ = (
        of_clinic(),
        UniqueConstraint("clinic_id", "record_number"),
        Index(None, "clinic_id", "account_id"),
        within("day_start_hour", 0, 12),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID]
    record_number: Mapped[ShortText]
    display_name: Mapped[ShortText]
    time_zone: Mapped[ZoneName]
    day_start_hour: Mapped[int]
    change_seq: Mapped[int]
    version: Mapped[int]
    enrolled_at: Mapped[datetime]
    discharged_at: Mapped[datetime | None]
