"""Reports on a clinic's forecasts, and the backtests of its patients that they are computed from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_clinic, of_patient


class BacktestedPatient(ClinicScoped, Base):
    """Outlooks on each past day of one patient, and the outcome of each cycle.

    Valid while change_seq, clinic version, engine version and last day are the current ones; a backtest that
    was stopped continues with the patients without a valid row.
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
    """One finished report; the newest is served, earlier ones remain."""

    __tablename__ = "forecast_reports"
    __table_args__ = (of_clinic(),)

    id: Mapped[Key]
    generated_at: Mapped[datetime]
    engine_version: Mapped[str] = mapped_column(String(32))
    prior_version: Mapped[str] = mapped_column(String(32))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class ForecastReportJob(ClinicScoped, Base):
    """The next report of a clinic: asked for, begun, claimed by a worker; one row a clinic.

    `began_at` is the instant as of which the running one is computed, None while none is. A worker has it
    until `leased_until`. `night_on` is the clinic's day for whose night a report was last made or given up,
    and `failed_at` when one last could not be made.
    """

    __tablename__ = "forecast_report_jobs"
    __table_args__ = (of_clinic(),)

    requested_at: Mapped[datetime | None]
    requested_by: Mapped[UUID | None]
    began_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    night_on: Mapped[date | None]
    failed_at: Mapped[datetime | None]
