"""How a clinic's forecasts turned out, and the walks through patients' pasts that the report rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_clinic, of_patient


class BacktestedPatient(ClinicScoped, Base):
    """What the outlook would have said on each past day of one patient, and what became of each cycle.

    It holds while the patient, the clinic, the engine and the last day walked are still these; a walk that
    was stopped goes on with whoever is missing.
    """

    __tablename__ = "backtested_patients"
    __table_args__ = (of_patient(),)

    patient_id: Mapped[Key]
    change_seq: Mapped[int]
    clinic_version: Mapped[int]
    engine_version: Mapped[str] = mapped_column(String(32))
    last_day: Mapped[date]
    replay: Mapped[dict[str, Any]] = mapped_column(JSON)


class ForecastReport(ClinicScoped, Base):
    """One finished report; the newest is the one served, the earlier ones stay."""

    __tablename__ = "forecast_reports"
    __table_args__ = (of_clinic(),)

    id: Mapped[Key]
    generated_at: Mapped[datetime]
    engine_version: Mapped[str] = mapped_column(String(32))
    prior_version: Mapped[str] = mapped_column(String(32))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
