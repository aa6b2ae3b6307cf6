"""Access log: who read which part of a patient's record, and when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, column
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient


class AccessLogEntry(ClinicScoped, Base):
    """Reads of one part of a patient's record by one reader in one hour; `read_at` is the first of them.

    Without a patient, it was a list of the clinic's patients. `reader_id` is that of an account or an API
    client, `reader_roles` what they held, a space between them.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        of_patient(),
        Index("ix_access_log_read_at", "clinic_id", "patient_id", "read_at", "id"),
        Index(
            "uq_access_log_once",
            "clinic_id",
            "patient_id",
            "reader_id",
            "resource",
            "hour",
            unique=True,
            sqlite_where=column("patient_id").is_not(None),
            postgresql_where=column("patient_id").is_not(None),
        ),
        Index(
            "uq_access_log_once_for_all",
            "clinic_id",
            "reader_id",
            "resource",
            "hour",
            unique=True,
            sqlite_where=column("patient_id").is_(None),
            postgresql_where=column("patient_id").is_(None),
        ),
    )

    id: Mapped[Key]
    patient_id: Mapped[UUID | None]
    reader_id: Mapped[UUID]
    reader_roles: Mapped[str] = mapped_column(String(64))
    resource: Mapped[str] = mapped_column(String(40))
    hour: Mapped[datetime]
    read_at: Mapped[datetime]
