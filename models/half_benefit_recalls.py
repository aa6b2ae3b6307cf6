"""Answers to the recall question of an infusion, all revisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of, within


class HalfBenefitRecall(ClinicScoped, Base):
    """One revision of the answer at one infusion; a removed one is a revision with `removed` set.

    `infusion_id` is the infusion at which it is asked, `days` counts from the one before it.
    """

    __tablename__ = "half_benefit_recalls"
    __table_args__ = (
        of_patient(),
        one_current("half_benefit_recalls", "clinic_id", "patient_id", "infusion_id"),
        one_of("answer", ["days", "not_gone", "cannot_say"]),
        within("days", 1, 366),
        CheckConstraint("(answer = 'days') = (days IS NOT NULL)", name="days_where_answered"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    infusion_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(String(16))
    days: Mapped[int | None]
    answered_at: Mapped[datetime]
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
