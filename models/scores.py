"""Totals of questionnaires, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of


class Score(ClinicScoped, Base):
    """One revision of one instrument's total on one local day; current is the one without `known_until`.

    `lowest` and `highest` are set where the catalogue has no range and the request gave one. `source` is
    whether it was entered by hand or imported from a file.
    """

    __tablename__ = "scores"
    __table_args__ = (
        of_patient(),
        one_current("scores", "clinic_id", "patient_id", "instrument", "local_date"),
        Index("ix_scores_changes", "clinic_id", "patient_id", "change_seq"),
        CheckConstraint("total >= 0", name="total_counts"),
        CheckConstraint("lowest >= 0", name="lowest_counts"),
        CheckConstraint("highest >= 1", name="highest_counts"),
        one_of("rater", ["self", "clinician", "other"]),
        one_of("source", ["entered", "imported"]),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    instrument: Mapped[str] = mapped_column(String(32), primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[int]
    lowest: Mapped[int | None]
    highest: Mapped[int | None]
    rater: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    change_seq: Mapped[int]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
