"""Safety: settings of a clinic, daily safety answers, and the alerts that answers opened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    column,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_clinic, of_patient, one_current, one_of, within

UNACKNOWLEDGED = and_(column("acknowledged_at").is_(None), column("closed_at").is_(None))
"""The criterion of an open alert."""


class SafetySettings(ClinicScoped, Base):
    """One revision of a clinic's settings: whom patients can contact, and who is notified when.

    `country` is ISO 3166-1 alpha-2. `crisis_contacts` are the clinic's own; where it named none, those
    shipped for its country are shown.
    """

    __tablename__ = "safety_settings"
    __table_args__ = (
        of_clinic(),
        one_current("safety_settings", "clinic_id"),
        within("escalate_after_minutes", 1, 10080),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    version: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str | None] = mapped_column(String(2))
    crisis_contacts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    safety_question: Mapped[bool]
    escalate_after_minutes: Mapped[int | None]
    on_call_email: Mapped[str | None] = mapped_column(String(254))
    on_call_webhook: Mapped[str | None] = mapped_column(String(500))
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


class SafetyAnswer(ClinicScoped, Base):
    """One revision of one local day's safety answer, stored apart from the day's check-in.

    It remains whatever happens to the check-in. `known_from` is when the server received it.
    """

    __tablename__ = "safety_answers"
    __table_args__ = (
        of_patient(),
        one_current("safety_answers", "clinic_id", "patient_id", "local_date"),
        within("answer", 0, 3),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    local_date: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[int]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


class SafetyAlert(ClinicScoped, Base):
    """Answers of one kind (`source`) that somebody must see, until a named clinician records what was done.

    It is open until somebody acknowledges it; meanwhile further answers of its kind are added to it.
    `answer`, `local_date`, `priority` and `rank` are those of its most severe answer, of equal ones the one
    of the latest day; `rank` is 0 for top priority. It was opened by its first answer. `escalated_at` is the
    last time that the on-call was notified, and `waiting_since` is from when the clinic's time until the next
    time counts, NULL where nothing came since. Acknowledgement and closing are written once.
    """

    __tablename__ = "safety_alerts"
    __table_args__ = (
        of_patient(),
        # Of several devices that send at the same time, one opens the alert.
        Index(
            "uq_safety_alerts_open",
            "clinic_id",
            "patient_id",
            "source",
            unique=True,
            sqlite_where=UNACKNOWLEDGED,
            postgresql_where=UNACKNOWLEDGED,
        ),
        Index("ix_safety_alerts_patient", "clinic_id", "patient_id", "opened_at"),
        Index("ix_safety_alerts_worklist", "clinic_id", "rank", "latest_answer_at"),
        # A worker asks every other second what waits in any clinic.
        Index(
            "ix_safety_alerts_unacknowledged",
            "clinic_id",
            "waiting_since",
            sqlite_where=UNACKNOWLEDGED,
            postgresql_where=UNACKNOWLEDGED,
        ),
        one_of("source", ["item_9", "daily_answer"]),
        one_of("priority", ["top", "endorsed"]),
        within("answer", 1, 3),
        CheckConstraint("answer_count >= 1", name="answer_count"),
        CheckConstraint(
            "acknowledged_at IS NULL OR acknowledged_by IS NOT NULL", name="acknowledged_by_name"
        ),
        CheckConstraint("closed_at IS NULL OR closed_by IS NOT NULL", name="closed_by_name"),
        CheckConstraint("closed_at IS NULL OR action IS NOT NULL", name="closed_with_action"),
    )

    id: Mapped[Key]
    patient_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(String(16))
    local_date: Mapped[date]
    answer: Mapped[int]
    priority: Mapped[str] = mapped_column(String(16))
    rank: Mapped[int]
    opened_at: Mapped[datetime]
    answer_count: Mapped[int]
    latest_answer_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
    acknowledge_note: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    action: Mapped[str | None] = mapped_column(String(32))
    close_note: Mapped[str | None] = mapped_column(Text)


class SafetyAlertAnswer(ClinicScoped, Base):
    """One of an alert's answers, numbered from 1 in the order in which they came; never changed.

    `record_id` names the form, or the day, that held the answer.
    """

    __tablename__ = "safety_alert_answers"
    __table_args__ = (
        of_patient(),
        ForeignKeyConstraint(["clinic_id", "alert_id"], ["safety_alerts.clinic_id", "safety_alerts.id"]),
        # An answer of a form is in an alert once, whatever races for it.
        UniqueConstraint("clinic_id", "alert_id", "record_id", "answer"),
        Index("ix_safety_alert_answers_record", "clinic_id", "patient_id", "record_id"),
        within("answer", 1, 3),
        CheckConstraint("number >= 1", name="number_counts"),
    )

    alert_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID]
    record_id: Mapped[str] = mapped_column(String(64))
    local_date: Mapped[date]
    answer: Mapped[int]
    received_at: Mapped[datetime]
