"""Cached outlooks, their history, and clinicians' decisions on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from clinical.outlook_decision import ClinicianDecision
from models.base import Base, ClinicScoped, Key, of_patient, one_of


class CachedOutlook(ClinicScoped, Base):
    """Outlook and summary of one patient, with the versions of everything they were computed from.

    Valid only while `change_seq`, `settings_version` and `engine_version` are the current ones, from
    `fresh_from`, a little before it was computed, until `fresh_until`, the start of the patient's next day:
    one that a clock ahead of ours computed is not valid. `settings_version` is the sum of
    the version of the clinic's settings and that of its session settings: both only grow, so that each change
    gives a new sum. The worklist is ordered by `attention_level` and `attention_since`; `due_on` is the
    recommended day, or else the plan's latest, or the end of the calendar. `attention` is what worklist
    entries record and are compared with (`clinical.worklist_entry.SeenAttention`), `not_booked` whether that
    is one of its reasons.
    """

    __tablename__ = "cached_outlooks"
    __table_args__ = (
        of_patient(),
        Index(
            "ix_cached_outlooks_attention", "clinic_id", "attention_level", "attention_since", "patient_id"
        ),
    )

    patient_id: Mapped[Key]
    change_seq: Mapped[int]
    settings_version: Mapped[int]
    engine_version: Mapped[str] = mapped_column(String(32))
    today: Mapped[date]
    fresh_from: Mapped[datetime]
    fresh_until: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(32))
    attention_level: Mapped[int]
    attention_since: Mapped[date]
    due_on: Mapped[date]
    not_booked: Mapped[bool]
    attention: Mapped[dict[str, Any]] = mapped_column(JSON)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    outlook: Mapped[dict[str, Any]] = mapped_column(JSON)


class OutlookChange(ClinicScoped, Base):
    """An outlook that differed from the one before it, as computed at that time.

    `outlook` is the forecast also during a silent trial; `shown` is whether it was visible to anyone.
    `number` counts a patient's changes from 1.
    """

    __tablename__ = "outlook_changes"
    __table_args__ = (
        of_patient(),
        CheckConstraint("number >= 1", name="number_counts"),
    )

    patient_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True)
    computed_at: Mapped[datetime]
    today: Mapped[date]
    status: Mapped[str] = mapped_column(String(32))
    no_forecast_reason: Mapped[str | None] = mapped_column(String(32))
    recommended_on: Mapped[date | None]
    shown: Mapped[bool]
    engine_version: Mapped[str] = mapped_column(String(32))
    prior_version: Mapped[str] = mapped_column(String(32))
    outlook: Mapped[dict[str, Any]] = mapped_column(JSON)


class OutlookDecision(ClinicScoped, Base):
    """A clinician's decision on an outlook, under the id that its client assigned; never changed.

    `change_number` is that of the OutlookChange current at that time.
    """

    __tablename__ = "outlook_decisions"
    __table_args__ = (
        of_patient(),
        Index("ix_outlook_decisions_change", "clinic_id", "patient_id", "change_number"),
        one_of("decision", [str(decision) for decision in ClinicianDecision]),
        CheckConstraint("decision = 'agree' OR reason IS NOT NULL", name="difference_has_reason"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    outlook_id: Mapped[str] = mapped_column(String(80))
    change_number: Mapped[int]
    today: Mapped[date]
    status: Mapped[str] = mapped_column(String(32))
    recommended_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    booked_on: Mapped[date | None]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]
