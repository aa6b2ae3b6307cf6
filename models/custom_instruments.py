"""Custom instruments of a clinic, all revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, of_clinic, one_current


class CustomInstruments(ClinicScoped, Base):
    """One revision of the list of a clinic's own instruments; `items` holds each as a document."""

    __tablename__ = "custom_instruments"
    __table_args__ = (
        of_clinic(),
        one_current("custom_instruments", "clinic_id"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    version: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
