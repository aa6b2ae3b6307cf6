"""Recalibrations of the forecasts, estimated from a clinic's own record."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, of_clinic
from models.proposals import Proposal


class EstimatedRecalibration(Proposal, ClinicScoped, Base):
    """One proposal: location and scale of the map, their standard errors, and its forecasts' prior."""

    __tablename__ = "estimated_recalibrations"
    __table_args__ = (
        of_clinic(),
        Index("uq_estimated_recalibrations_name", "clinic_id", "name", unique=True),
        CheckConstraint("number >= 1", name="number_counts"),
    )

    prior_version: Mapped[str] = mapped_column(String(32))
    location: Mapped[float]
    location_se: Mapped[float]
    scale_factor: Mapped[float]
    scale_factor_se: Mapped[float]
    loss_count: Mapped[int]
