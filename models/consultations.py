"""Consultations before treatment, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of


class Consultation(ClinicScoped, Base):
    """One revision of one patient's consultation; current is the one without `known_until`.

    `answers` lists question, answer, day and author. `decided_by` and `consent_recorded_by` change only with
    their part of the consultation.
    """

    __tablename__ = "consultations"
    __table_args__ = (
        of_patient(),
        one_current("consultations", "clinic_id", "patient_id"),
        one_of("decision", ["suitable", "not_suitable", "deferred"]),
        CheckConstraint("decision IS NULL OR decided_by IS NOT NULL", name="decided_by_name"),
        CheckConstraint(
            "consent_given_on IS NULL OR consent_recorded_by IS NOT NULL", name="consent_recorded_by_name"
        ),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    seen_on: Mapped[date]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    indication: Mapped[str | None] = mapped_column(String(32))
    decision: Mapped[str | None] = mapped_column(String(16))
    reasons: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    consent_given_on: Mapped[date | None]
    consent_recorded_by: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
