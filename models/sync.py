"""Results of pushed operations, for idempotent replays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient


class PushResult(ClinicScoped, Base):
    """The result of one operation under its idempotency key, `op_id`, for as long as a phone may retry it.

    `content_hash` is the SHA-256 of what the operation means: another one under the same key is refused.
    `result` holds no answers: what a conflict showed is named by its version.
    """

    __tablename__ = "push_results"
    __table_args__ = (
        of_patient(),
        Index("ix_push_results_stored_at", "clinic_id", "patient_id", "stored_at"),
    )

    patient_id: Mapped[Key]
    op_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    stored_at: Mapped[datetime]
