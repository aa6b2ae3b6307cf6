"""Dated events around the infusions, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of


class Event(ClinicScoped, Base):
    """One revision of one event on its local day; current is the one without `known_until`.

    `reported_by` names the side that reported it: a patient changes only what patients reported.
    A removed event retains its day and kind; its note is erased from every revision.
    """

    __tablename__ = "events"
    __table_args__ = (
        of_patient(),
        one_current("events", "clinic_id", "patient_id", "id"),
        Index("ix_events_days", "clinic_id", "patient_id", "local_date", "id"),
        one_of("kind", ["psychotherapy", "medication_change", "life_event", "annotation"]),
        one_of("visibility", ["staff", "patient"]),
        one_of("reported_by", ["patient", "staff"]),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    local_date: Mapped[date]
    kind: Mapped[str] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(String(16))
    reported_by: Mapped[str] = mapped_column(String(16))
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
