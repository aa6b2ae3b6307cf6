"""Priors of the duration of benefit, estimated from a clinic's own patients."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, of_clinic, within


class EstimatedPrior(ClinicScoped, Base):
    """One proposal, numbered from 1; not in use until an admin selects it in the clinic's settings.

    `median_days` and `spread` are those of T between patients, in days and as log SD. `evidence` is its
    cross-validation. Earlier proposals remain, so that the clinic can return to one.
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
