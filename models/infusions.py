"""A patient's infusions, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from clinical.infusion import InfusionReason, NotDoneReason
from models.base import Base, ClinicScoped, Key, ZoneName, of_patient, one_current, one_of, within


class Infusion(ClinicScoped, Base):
    """One revision of one infusion; corrected by revision, never erased.

    `local_date` is the day on which it started in its own `time_zone`, fixed when written; `requested_on` the
    day on which the patient asked for it.
    `dose_limits_exceeded` holds the clinic's limits that the dose exceeded, as set then. `not_done_reason` is
    absent on rows from before it was asked for. `overridden_holds` are the codes of what the consultation
    held against the infusion when `override_reason` was given.
    """

    __tablename__ = "infusions"
    __table_args__ = (
        of_patient(),
        one_current("infusions", "clinic_id", "patient_id", "id"),
        Index("ix_infusions_changes", "clinic_id", "patient_id", "change_seq"),
        # Physical plausibility only, not a dosing limit: it rejects a misplaced decimal point.
        within("dose_mg", 0, 2000),
        within("weight_kg", 1, 500),
        one_of("status", ["scheduled", "completed", "stopped", "not_done"]),
        one_of("reason", [str(reason) for reason in InfusionReason]),
        one_of("not_done_reason", [str(reason) for reason in NotDoneReason]),
        within("wasted_mg", 0, 2000),
        CheckConstraint("not_done_reason IS NULL OR status = 'not_done'", name="only_not_done_has_reason"),
        CheckConstraint(
            "(dose_confirmation_rationale IS NULL) = (dose_confirmed_at IS NULL)", name="dose_confirmed_whole"
        ),
        CheckConstraint("(override_reason IS NULL) = (overridden_at IS NULL)", name="overridden_whole"),
        CheckConstraint("ended_at >= started_at", name="ends_after_start"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    time_zone: Mapped[ZoneName]
    local_date: Mapped[date]
    dose_mg: Mapped[float | None]
    weight_kg: Mapped[float | None]
    route: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    requested_on: Mapped[date | None]
    not_done_reason: Mapped[str | None] = mapped_column(String(32))
    lot_number: Mapped[str | None] = mapped_column(String(64))
    wasted_mg: Mapped[float | None]
    performer_account_id: Mapped[UUID | None]
    performer_name: Mapped[str | None] = mapped_column(String(200))
    witness_account_id: Mapped[UUID | None]
    witness_name: Mapped[str | None] = mapped_column(String(200))
    dose_limits_exceeded: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    dose_confirmation_rationale: Mapped[str | None] = mapped_column(Text)
    dose_confirmed_by: Mapped[UUID | None]
    dose_confirmed_at: Mapped[datetime | None]
    override_reason: Mapped[str | None] = mapped_column(Text)
    overridden_holds: Mapped[list[str]] = mapped_column(JSON)
    overridden_by: Mapped[UUID | None]
    overridden_at: Mapped[datetime | None]
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    change_seq: Mapped[int]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
