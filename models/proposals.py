"""Columns of what is estimated from a clinic's own patients and waits for an admin to accept it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column


class Proposal:
    """One proposal, numbered from 1; not in use until an admin selects it in the clinic's settings.

    `evidence` is its cross-validation. Earlier proposals remain, so that the clinic can return to one.
    """

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    proposed_at: Mapped[datetime]
    engine_version: Mapped[str] = mapped_column(String(32))
    patient_count: Mapped[int]
    cycle_count: Mapped[int]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
