"""What clinics learnt from their own patients about how long benefit lasts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, of_clinic, within


class EstimatedPrior(ClinicScoped, Base):
    """One proposal, by `number` from 1; nothing uses it until an admin sets it in the clinic's settings.

    `median_days` and `spread` are those of T between patients, days and log SD. `evidence` is how it did on
    cycles it had not seen. Earlier proposals stay, so that the clinic can go back to one.
    """

    __tablename__ = "estimated_priors"
    __table_args__ = (
        of_clinic(),
        Index("uq_estimated_priors_name", "clinic_id", "name", unique=True),
        CheckConstraint("number >= 1", name="number_counts"),
        within("median_days", 3, 160),
        within("spread", 0.05, 2),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    proposed_at: Mapped[datetime]
    engine_version: Mapped[str] = mapped_column(String(32))
    median_days: Mapped[float]
    spread: Mapped[float]
    patient_count: Mapped[int]
    cycle_count: Mapped[int]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
