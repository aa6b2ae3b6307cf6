"""Allergies, medications and previous treatments of patients, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, ShortText, of_patient, one_current, one_of


class MedicalHistoryEntry(ClinicScoped, Base):
    """One revision of one entry of a list; a removed one was entered in error."""

    __tablename__ = "medical_history_entries"
    __table_args__ = (
        of_patient(),
        one_current("medical_history_entries", "clinic_id", "patient_id", "list_name", "id"),
        one_of("list_name", ["allergies", "medications", "previous-treatments"]),
        CheckConstraint("ended_on >= began_on", name="ends_after_begin"),
        CheckConstraint("dosage IS NULL OR list_name <> 'allergies'", name="no_dosage_of_allergy"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    list_name: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[ShortText]
    began_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    dosage: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
