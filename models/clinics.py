"""Clinics and their settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, ShortText, ZoneName, of_clinic, one_of, within

MODES = ["off", "silent", "shown"]


class Clinic(Base):
    """One clinic, the tenant, with the defaults of its patients' protocols."""

    __tablename__ = "clinics"
    __table_args__ = (
        within("backfill_days", 0, 366),
        within("induction_infusion_count", 1, 30),
        within("induction_days", 1, 366),
        within("min_interval_days", 1, 366),
        within("max_interval_days", 1, 366),
        CheckConstraint("min_interval_days <= max_interval_days", name="interval_in_order"),
        one_of("outlook_mode", MODES),
        within("invitation_hours", 1, 168),
        one_of("staff_second_factor", ["optional", "required"]),
    )

    id: Mapped[Key]
    name: Mapped[ShortText]
    address: Mapped[str | None] = mapped_column(Text)
    time_zone: Mapped[ZoneName]
    backfill_days: Mapped[int]
    induction_infusion_count: Mapped[int]
    induction_days: Mapped[int]
    min_interval_days: Mapped[int]
    max_interval_days: Mapped[int]
    new_course_gap_days: Mapped[int]
    review_after_days: Mapped[int]
    outlook_mode: Mapped[str] = mapped_column(String(16))
    outlook_prior: Mapped[str] = mapped_column(String(32))
    outlook_recalibration: Mapped[str] = mapped_column(String(32), default="none")
    refuse_unsuitable: Mapped[bool]
    invitation_hours: Mapped[int]
    staff_second_factor: Mapped[str] = mapped_column(String(16), default="optional")
    version: Mapped[int]
    settings_since: Mapped[datetime]
    created_at: Mapped[datetime]


class ClinicSettingsHistory(ClinicScoped, Base):
    """Settings that a clinic's outlooks depended on until `known_until`, for queries as of an instant.

    The current settings are in the clinic's own row, which every check-in reads.
    """

    __tablename__ = "clinic_settings_history"
    __table_args__ = (
        of_clinic(),
        CheckConstraint("known_from <= known_until", name="known_in_order"),
        one_of("outlook_mode", MODES),
    )

    version: Mapped[int] = mapped_column(primary_key=True)
    induction_infusion_count: Mapped[int]
    induction_days: Mapped[int]
    min_interval_days: Mapped[int]
    max_interval_days: Mapped[int]
    new_course_gap_days: Mapped[int]
    review_after_days: Mapped[int]
    outlook_mode: Mapped[str] = mapped_column(String(16))
    outlook_prior: Mapped[str] = mapped_column(String(32))
    outlook_recalibration: Mapped[str] = mapped_column(String(32), default="none")
    known_from: Mapped[datetime]
    known_until: Mapped[datetime]
