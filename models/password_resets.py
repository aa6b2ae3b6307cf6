"""Requests for a new password by e-mail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class PasswordReset(Base):
    """A request for a new password, from anybody, for any address; and the code that answered it.

    It may be attempted from `due_at` on, by the worker that holds the lease, which finds the account: only
    then is there an `account_id` and a code, whose hash alone is stored, until `expires_at`.
    """

    __tablename__ = "password_resets"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        Index(None, "account_id"),
        Index(None, "due_at"),
        Index(None, "requested_at"),
        CheckConstraint("attempt_count >= 0", name="attempt_count"),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254))
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    attempt_count: Mapped[int]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime | None]
