"""Worklist entries, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of


class WorklistEntry(ClinicScoped, Base):
    """One revision of what a team has done with a patient on the worklist.

    `seen` is the attention that was visible when the patient was snoozed or handled
    (`clinical.worklist_entry.SeenAttention`).
    """

    __tablename__ = "worklist_entries"
    __table_args__ = (
        of_patient(),
        one_current("worklist_entries", "clinic_id", "patient_id"),
        one_of("state", ["open", "snoozed", "handled"]),
        CheckConstraint("(snoozed_until_on IS NOT NULL) = (state = 'snoozed')", name="snooze_has_day"),
        CheckConstraint("state <> 'snoozed' OR reason IS NOT NULL", name="snooze_has_reason"),
        CheckConstraint("(seen IS NOT NULL) = (state <> 'open')", name="mark_has_attention"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    assigned_to: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(16))
    snoozed_until_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)
    seen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
