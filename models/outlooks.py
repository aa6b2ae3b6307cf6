"""Each patient's standing as last worked out, kept so that no reader waits for the engine."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient


class KeptOutlook(ClinicScoped, Base):
    """The outlook and summary of one patient, and exactly what they were worked out from.

    It may be read only while `change_seq`, `clinic_version` and `engine_version` are the present ones and
    `fresh_until`, the patient's next turn of day, has not come.
    """

    __tablename__ = "outlooks"
    __table_args__ = (
        of_patient(),
        Index("ix_outlooks_urgency", "clinic_id", "urgency", "sort_date", "patient_id"),
    )

    patient_id: Mapped[Key]
    change_seq: Mapped[int]
    clinic_version: Mapped[int]
    engine_version: Mapped[str] = mapped_column(String(32))
    today: Mapped[date]
    fresh_until: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[int]
    sort_date: Mapped[date]
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    outlook: Mapped[dict[str, Any]] = mapped_column(JSON)
