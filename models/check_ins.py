"""Daily check-ins, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, ZoneName, of_patient, one_current, one_of, within


class CheckIn(ClinicScoped, Base):
    """One revision of one local day's answers; current is the one without `known_until`.

    `known_from` and `known_until` bound the system time of a revision (bitemporal), so that a query as of an
    instant is the same as one of now. A removed day is a revision with `removed` set (a tombstone).
    `reported_by` is whose entry it is. A clinician's entry over the patient's answers carries the version of
    these in `patient_version`, and the names of the columns that it changed or added in `clinic_answers`.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        of_patient(),
        one_current("check_ins", "clinic_id", "patient_id", "local_date"),
        Index("ix_check_ins_changes", "clinic_id", "patient_id", "change_seq"),
        within("mood", 0, 10),
        within("enjoyment", 0, 10),
        within("anxiety", 0, 10),
        within("benefit_left", 0, 100),
        one_of("entry_mode", ["live", "backfill"]),
        one_of("reported_by", ["patient", "staff", "import"]),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    local_date: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[int]
    enjoyment: Mapped[int | None]
    anxiety: Mapped[int | None]
    side_effects: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str | None] = mapped_column(Text)
    benefit_left: Mapped[int | None]
    ratings: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    time_zone: Mapped[ZoneName]
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]
    entry_mode: Mapped[str] = mapped_column(String(16))
    clock_suspect: Mapped[bool]
    reported_by: Mapped[str] = mapped_column(String(16))
    patient_version: Mapped[int | None]
    clinic_answers: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    device_id: Mapped[str | None] = mapped_column(String(64))
    change_seq: Mapped[int]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
