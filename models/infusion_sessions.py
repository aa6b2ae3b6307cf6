"""Infusion sessions: timelines, vital signs, discharge checks, and the clinic's settings for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_clinic, of_patient, one_current, one_of, within

ANSWERS = ["yes", "no", "unknown"]


class SessionSettings(ClinicScoped, Base):
    """One revision of what a clinic set for sessions; its own limits, with no default but the stay."""

    __tablename__ = "session_settings"
    __table_args__ = (
        of_clinic(),
        one_current("session_settings", "clinic_id"),
        within("minimum_monitoring_minutes", 0, 1440),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    version: Mapped[int] = mapped_column(primary_key=True)
    minimum_monitoring_minutes: Mapped[int]
    systolic_hold: Mapped[int | None]
    diastolic_hold: Mapped[int | None]
    heart_rate_low: Mapped[int | None]
    heart_rate_high: Mapped[int | None]
    systolic_high: Mapped[int | None]
    diastolic_high: Mapped[int | None]
    spo2_low: Mapped[int | None]
    systolic_low: Mapped[int | None]
    diastolic_low: Mapped[int | None]
    respiratory_rate_low: Mapped[int | None]
    respiratory_rate_high: Mapped[int | None]
    sedation_score_low: Mapped[int | None]
    max_dose_mg_per_kg: Mapped[float | None]
    max_dose_mg: Mapped[float | None]
    max_infusions_in_30_days: Mapped[int | None]
    max_infusions_in_90_days: Mapped[int | None]
    max_infusions_in_365_days: Mapped[int | None]
    shortest_interval_days: Mapped[int | None]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


class InfusionSession(ClinicScoped, Base):
    """One revision of the timeline around one infusion; start and end are the infusion's own."""

    __tablename__ = "infusion_sessions"
    __table_args__ = (
        of_patient(),
        one_current("infusion_sessions", "clinic_id", "patient_id", "infusion_id"),
        # Physical plausibility only, not a limit.
        within("systolic", 40, 300),
        within("diastolic", 20, 200),
        one_of("fasting", ANSWERS),
        one_of("escort", ANSWERS),
        one_of("urinary_symptoms", ANSWERS),
        one_of("medication_changed", ANSWERS),
        one_of("safety_asked", ANSWERS),
        within("dissociation_total", 0, 92),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    infusion_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    arrived_at: Mapped[datetime]
    systolic: Mapped[int | None]
    diastolic: Mapped[int | None]
    fasting: Mapped[str] = mapped_column(String(16))
    escort: Mapped[str] = mapped_column(String(16))
    urinary_symptoms: Mapped[str] = mapped_column(String(16))
    medication_changed: Mapped[str] = mapped_column(String(16))
    safety_asked: Mapped[str] = mapped_column(String(16))
    above_hold: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    rate_changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    side_effects: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    interventions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    dissociation_scale: Mapped[str | None] = mapped_column(String(16))
    dissociation_total: Mapped[int | None]
    dissociation_at: Mapped[datetime | None]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


class VitalSigns(ClinicScoped, Base):
    """One timed reading, under the id that its sender assigned; never changed, only marked as in error.

    `limits_exceeded` holds the limits of the clinic that it exceeded, as set when it was received.
    """

    __tablename__ = "vital_signs"
    __table_args__ = (
        of_patient(),
        Index("ix_vital_signs_of_infusion", "clinic_id", "patient_id", "infusion_id", "measured_at"),
        # Physical plausibility only, not a limit.
        within("heart_rate", 20, 300),
        within("systolic", 40, 300),
        within("diastolic", 20, 200),
        within("spo2", 30, 100),
        within("respiratory_rate", 3, 80),
        within("sedation_score", 0, 5),
        one_of("source", ["hand", "device"]),
        CheckConstraint(
            "marked_in_error_at IS NULL OR marked_in_error_by IS NOT NULL", name="marked_in_error_by_name"
        ),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    infusion_id: Mapped[UUID]
    measured_at: Mapped[datetime]
    heart_rate: Mapped[int | None]
    systolic: Mapped[int | None]
    diastolic: Mapped[int | None]
    spo2: Mapped[int | None]
    respiratory_rate: Mapped[int | None]
    sedation_score: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(16))
    limits_exceeded: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    recorded_by: Mapped[UUID | None]
    received_at: Mapped[datetime]
    marked_in_error_at: Mapped[datetime | None]
    marked_in_error_by: Mapped[UUID | None]


class DischargeCheck(ClinicScoped, Base):
    """One revision of how somebody left after an infusion, and the minimum stay that was in force then."""

    __tablename__ = "discharge_checks"
    __table_args__ = (
        of_patient(),
        one_current("discharge_checks", "clinic_id", "patient_id", "infusion_id"),
        one_of("accompanied_by", ["companion", "transport_service", "alone", "other"]),
        one_of("oriented", ANSWERS),
        one_of("steady_gait", ANSWERS),
        one_of("blood_pressure_near_start", ANSWERS),
        one_of("nausea_controlled", ANSWERS),
        one_of("safety_asked", ANSWERS),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    infusion_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    left_at: Mapped[datetime]
    accompanied_by: Mapped[str] = mapped_column(String(32))
    oriented: Mapped[str] = mapped_column(String(16))
    steady_gait: Mapped[str] = mapped_column(String(16))
    blood_pressure_near_start: Mapped[str] = mapped_column(String(16))
    nausea_controlled: Mapped[str] = mapped_column(String(16))
    safety_asked: Mapped[str] = mapped_column(String(16))
    minimum_monitoring_minutes: Mapped[int]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
