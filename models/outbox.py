"""Outbox: messages to send, and how often that was attempted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, column
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, one_of

IS_WAITING = column("state", String) == "waiting"
"""The criterion of a message that is still to be sent."""


class Delivery(ClinicScoped, Base):
    """One message about one alert on one channel, or a test message; receivers deduplicate by its id.

    An alert has several on a channel where answers came after it was escalated, one at a time waiting; a test
    message is about no alert. It may be attempted from `due_at` on, by the worker that holds the lease.
    `last_failure` is a code, never text of the receiver's.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "alert_id"], ["safety_alerts.clinic_id", "safety_alerts.id"]),
        Index(
            "uq_deliveries_waiting",
            "clinic_id",
            "alert_id",
            "channel",
            unique=True,
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
        Index("ix_deliveries_alert", "clinic_id", "alert_id"),
        Index("ix_deliveries_due", "clinic_id", "state", "due_at"),
        # A worker asks every other second what waits in any clinic.
        Index(
            "ix_deliveries_waiting",
            "clinic_id",
            "due_at",
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
        one_of("channel", ["email", "webhook"]),
        one_of("state", ["waiting", "delivered", "given_up", "withdrawn"]),
        CheckConstraint("attempt_count >= 0", name="attempt_count"),
    )

    id: Mapped[Key]
    alert_id: Mapped[UUID | None]
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    attempt_count: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    last_tried_at: Mapped[datetime | None]
    last_failure: Mapped[str | None] = mapped_column(String(64))
    delivered_at: Mapped[datetime | None]
