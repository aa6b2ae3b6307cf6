"""Consents to share, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, ShortText, of_patient, one_current, one_of


class Consent(ClinicScoped, Base):
    """One revision of one consent; current is the one without `known_until`.

    `account_id` is the delegate's, `name` what the patient calls them. `parts` are the words of
    services/access.Part, a space between them; `until` the last day in the patient's zone, None for no end.
    """

    __tablename__ = "consents"
    __table_args__ = (
        of_patient(),
        one_current("consents", "clinic_id", "patient_id", "id"),
        Index("ix_consents_account", "clinic_id", "account_id"),
        one_of("relation", ["family", "friend", "therapist", "physician", "other"]),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    name: Mapped[ShortText]
    relation: Mapped[str] = mapped_column(String(16))
    parts: Mapped[str] = mapped_column(String(200))
    until: Mapped[date | None]
    revoked: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
