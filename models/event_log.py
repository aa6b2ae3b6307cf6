"""Event log: sign-ins, and changes of who may do what, by whom, when and from where."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_clinic, one_of

OUTCOMES = ("success", "failure")


class EventLogEntry(ClinicScoped, Base):
    """One event (FHIR: AuditEvent); rows are only added, which triggers of the database enforce.

    `actor_id` is that of an account or an API client, absent where a command did it or nobody was signed in.
    `account_id` and `patient_id` say whom it concerns. `details` holds names of fields, roles, scopes and
    ids, never their content.
    """

    __tablename__ = "event_log"
    __table_args__ = (
        of_clinic(),
        one_of("outcome", list(OUTCOMES)),
        Index("ix_event_log_occurred_at", "clinic_id", "occurred_at", "id"),
        Index("ix_event_log_account", "clinic_id", "account_id", "occurred_at", "id"),
        Index("ix_event_log_actor", "clinic_id", "actor_id", "occurred_at", "id"),
        Index("ix_event_log_patient", "clinic_id", "patient_id", "occurred_at", "id"),
    )

    id: Mapped[Key]
    occurred_at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    actor_roles: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[UUID | None]
    patient_id: Mapped[UUID | None]
    address: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class EventLogLink(ClinicScoped, Base):
    """One link of a clinic's hash chain over its events; added in the transaction of the event.

    `chain_hash` is SHA-256 over the link before and the content of the entry, so that an entry that was
    changed, deleted or added in between no longer agrees with the links after it.
    """

    __tablename__ = "event_log_chain"
    __table_args__ = (of_clinic(), UniqueConstraint("clinic_id", "entry_id"))

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID]
    chain_hash: Mapped[str] = mapped_column(String(64))
