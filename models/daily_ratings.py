"""Optional daily ratings that are enabled for a patient, all revisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current


class EnabledRatings(ClinicScoped, Base):
    """One revision of the ratings enabled for one patient: codes in the catalogue's order; often none.

    The answers are in the check-ins, and remain there when a rating is disabled.
    """

    __tablename__ = "enabled_ratings"
    __table_args__ = (
        of_patient(),
        one_current("enabled_ratings", "clinic_id", "patient_id"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    codes: Mapped[list[str]] = mapped_column(JSON)
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
