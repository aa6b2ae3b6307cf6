"""Recalibrations of the forecasts, estimated from a clinic's own record."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from models.base import Base, ClinicScoped, of_clinic
from models.proposals import Proposal


class EstimatedRecalibration(Proposal, ClinicScoped, Base):
    """One proposal: the map's `location` and `log_scale` with their standard errors."""

    __tablename__ = "estimated_recalibrations"
    __table_args__ = (
        of_clinic(),
        Index("uq_estimated_recalibrations_name", "clinic_id", "name", unique=True),
        CheckConstraint("number >= 1", name="number_counts"),
    )

    location: Mapped[float]
    location_se: Mapped[float]
    log_scale: Mapped[float]
    log_scale_se: Mapped[float]
    loss_count: Mapped[int]
