"""Questionnaire responses and their schedules, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, ZoneName, of_patient, one_current, one_of, within


class QuestionnaireResponse(ClinicScoped, Base):
    """One revision of one response, under the id that its client assigned; current is without `known_until`.

    `answers` holds the answers by item; `total` is NULL until every scored item is answered.
    """

    __tablename__ = "questionnaire_responses"
    __table_args__ = (
        of_patient(),
        one_current("questionnaire_responses", "clinic_id", "patient_id", "id"),
        Index("ix_questionnaire_responses_changes", "clinic_id", "patient_id", "change_seq"),
        Index("ix_questionnaire_responses_days", "clinic_id", "patient_id", "local_date", "id"),
        one_of("reported_by", ["patient", "staff"]),
        CheckConstraint("total >= 0", name="total_counts"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    instrument: Mapped[str] = mapped_column(String(32))
    instrument_version: Mapped[str] = mapped_column(String(16))
    local_date: Mapped[date]
    time_zone: Mapped[ZoneName]
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(16))
    answers: Mapped[dict[str, int]] = mapped_column(JSON)
    total: Mapped[int | None]
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    change_seq: Mapped[int]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


class QuestionnaireSchedule(ClinicScoped, Base):
    """One revision of the schedule of one questionnaire for one patient."""

    __tablename__ = "questionnaire_schedules"
    __table_args__ = (
        of_patient(),
        one_current("questionnaire_schedules", "clinic_id", "patient_id", "instrument"),
        within("window_days", 0, 28),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    instrument: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    weekly: Mapped[bool]
    before_infusion: Mapped[bool]
    days_after_infusion: Mapped[list[int]] = mapped_column(JSON)
    window_days: Mapped[int]
    on_mood_drop: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
