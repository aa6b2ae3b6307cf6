"""Prices of infusions and their coverage, all revisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of


class InfusionCost(ClinicScoped, Base):
    """One revision of the price of one infusion; amounts are integers in the currency's minor units.

    `covered` is the part of `price` that a third party pays or reimburses.
    """

    __tablename__ = "infusion_costs"
    __table_args__ = (
        of_patient(),
        one_current("infusion_costs", "clinic_id", "patient_id", "infusion_id"),
        one_of("coverage", ["none", "partly", "reimbursed"]),
        CheckConstraint("price >= 0", name="price_counts"),
        CheckConstraint("covered >= 0", name="covered_counts"),
        CheckConstraint("covered <= price", name="covered_within_price"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    infusion_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[int]
    coverage: Mapped[str] = mapped_column(String(16))
    covered: Mapped[int]
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
