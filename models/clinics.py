"""A clinic and the settings its patients start from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from models.base import Base, Key, ShortText, ZoneName, within


class Clinic(Base):
    """One clinic: the tenant, and the defaults of its protocol."""

    __tablename__ = "clinics"
    __table_args__ = (
        within("backfill_days", 0, 366),
        within("induction_infusions", 1, 30),
        within("induction_days", 1, 366),
        within("min_interval_days", 1, 366),
        within("max_interval_days", 1, 366),
        CheckConstraint("min_interval_days <= max_interval_days", name="interval_in_order"),
    )

    id: Mapped[Key]
    name: Mapped[ShortText]
    time_zone: Mapped[ZoneName]
    backfill_days: Mapped[int]
    induction_infusions: Mapped[int]
    induction_days: Mapped[int]
    min_interval_days: Mapped[int]
    max_interval_days: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
