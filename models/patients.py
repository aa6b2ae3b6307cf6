"""A clinic's patients."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, ShortText, ZoneName, of_clinic, one_of, within


class Patient(ClinicScoped, Base):
    """One patient; `change_seq` counts every change of their record, under a lock on this row.

    Telephone numbers are stored as E.164 has them, `language` as a BCP 47 tag. `record_number_key` is equal
    for two spellings of one record number; a record number does not change.
    """

    __tablename__ = "patients"
    __table_args__ = (
        of_clinic(),
        UniqueConstraint("clinic_id", "record_number_key"),
        Index(None, "clinic_id", "account_id"),
        within("day_start_hour", 0, 12),
        one_of("emergency_contact_relation", ["family", "friend", "therapist", "physician", "other"]),
        CheckConstraint(
            "(emergency_contact_name IS NULL) = (emergency_contact_telephone IS NULL) "
            "AND (emergency_contact_name IS NULL) = (emergency_contact_relation IS NULL)",
            name="emergency_contact_whole",
        ),
    )

    id: Mapped[Key]
    account_id: Mapped[UUID]
    record_number: Mapped[ShortText]
    record_number_key: Mapped[ShortText]
    display_name: Mapped[ShortText]
    time_zone: Mapped[ZoneName]
    day_start_hour: Mapped[int]
    change_seq: Mapped[int]
    version: Mapped[int]
    enrolled_at: Mapped[datetime]
    discharged_at: Mapped[datetime | None]
    telephone: Mapped[str | None] = mapped_column(String(16))
    emergency_contact_name: Mapped[str | None] = mapped_column(String(200))
    emergency_contact_relation: Mapped[str | None] = mapped_column(String(16))
    emergency_contact_telephone: Mapped[str | None] = mapped_column(String(16))
    born_on: Mapped[date | None]
    language: Mapped[str | None] = mapped_column(String(8))

    @property
    def emergency_contact(self) -> dict[str, str | None] | None:
        """Whom to call if the patient cannot be reached: name, relation and telephone; None without."""
        if self.emergency_contact_name is None:
            return None
        return {
            "name": self.emergency_contact_name,
            "relation": self.emergency_contact_relation,
            "telephone": self.emergency_contact_telephone,
        }
