"""Recalibrations of the forecasts, estimated from a clinic's own record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, of_clinic


class EstimatedRecalibration(ClinicScoped, Base):
    """One proposal, numbered from 1; not applied until an admin selects it in the clinic's settings.

    `evidence` is its cross-validation. Earlier proposals remain, so that the clinic can return to one.
    """

    __tablename__ = "estimated_recalibrations"
    __table_args__ = (
        of_clinic(),
        Index("uq_estimated_recalibrations_name", "clinic_id", "name", unique=True),
        CheckConstraint("number >= 1", name="number_counts"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    proposed_at: Mapped[datetime]
    engine_version: Mapped[str] = mapped_column(String(32))
    location: Mapped[float]
    location_se: Mapped[float]
    log_scale: Mapped[float]
    log_scale_se: Mapped[float]
    patient_count: Mapped[int]
    cycle_count: Mapped[int]
    loss_count: Mapped[int]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
