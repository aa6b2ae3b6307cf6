"""Accounts, invitations, sign-ins and the login throttle."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, ShortText, one_of

STAFF_ROLES: Final = ("clinician", "nurse", "front_desk", "billing", "admin")
HELD_ROLES: Final = (
    "patient",
    "delegate",
    *(" ".join(held) for count in range(1, 6) for held in combinations(STAFF_ROLES, count)),
)
"""What an account may hold: a patient's or a delegate's role alone, or staff roles in order."""


class Account(Base):
    """A person who may sign in; e-mail addresses are unique over all clinics.

    `roles` are words of services/access.Role in its order, a space between them. `email` and `password_hash`
    are absent until the invitation is accepted. `password_is_short`: fit only beside a second factor.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        one_of("roles", list(HELD_ROLES)),
        UniqueConstraint("email"),
        Index(None, "clinic_id", "roles"),
    )

    id: Mapped[Key]
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    roles: Mapped[str] = mapped_column(String(64))
    patient_id: Mapped[UUID | None]
    display_name: Mapped[ShortText]
    invited_email: Mapped[str | None] = mapped_column(String(254))
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_is_short: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]


class Invitation(Base):
    """A one-use code for accepting an account; only its hash is stored."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("code_hash"), Index(None, "account_id"))

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignIn(Base):
    """A device that is signed in: a family of refresh tokens, of which `generation` is the valid one."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    device_id: Mapped[str] = mapped_column(String(64))
    device_name: Mapped[ShortText]
    generation: Mapped[int]
    rotated_at: Mapped[datetime]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LoginAttempts(Base):
    """Login attempts by account, device and IP address; `key` is a keyed hash, which names none of them.

    `failures` counts the attempts that did not succeed: each is counted first, and a success subtracted.
    """

    __tablename__ = "login_attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int]
