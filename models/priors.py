"""Priors of the duration of benefit, estimated from a clinic's own patients."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from models.base import Base, ClinicScoped, of_clinic, within
from models.proposals import Proposal


class EstimatedPrior(Proposal, ClinicScoped, Base):
    """One proposal: `median_days` and `spread` are those of T between patients, in days and as log SD."""

    __tablename__ = "estimated_priors"
    __table_args__ = (
        of_clinic(),
        Index("uq_estimated_priors_name", "clinic_id", "name", unique=True),
        CheckConstraint("number >= 1", name="number_counts"),
        within("median_days", 3, 160),
        within("spread", 0.05, 2),
    )

    median_days: Mapped[float]
    spread: Mapped[float]
