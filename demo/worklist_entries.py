"""What the team of the demo clinic has done with patients on the worklist: taken, handed over, left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.worklist_entry import EntryState
from models.patients import Patient
from services import worklist_entries
from services.access import Actor, Role
from services.context import Context
from services.outlooks.current import snapshot_in_transaction
from services.worklist_entries import EntryDraft

SNOOZED_DAYS: Final = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of the patient whose name ends in a label; taken by the clinician or the nurse."""

    label: str
    taken_by: Role
    state: EntryState
    reason: str | None = None


ENTRIES: Final = (
    Entry("dropped out of induction", Role.CLINICIAN, EntryState.OPEN),
    Entry("regular, silent", Role.NURSE, EntryState.OPEN, "Please call: usually answers every day."),
    Entry(
        "did not respond",
        Role.CLINICIAN,
        EntryState.SNOOZED,
        "The case conference of next week decides what follows.",
    ),
    Entry(
        "booked before the plan's window",
        Role.CLINICIAN,
        EntryState.HANDLED,
        "Agreed with the patient, who travels the week after.",
    ),
)


def store(session: Session, staff: dict[Role, UUID], now: datetime) -> None:
    """Store the entries as the clinician; the rows of the session's clinic must have been flushed."""
    clinician = Actor(staff[Role.CLINICIAN], session.info["clinic_id"], frozenset({Role.CLINICIAN}))
    ctx = Context(session, clinician, now)
    for entry in ENTRIES:
        named = Patient.display_name.endswith(f"({entry.label})", autoescape=True)
        patient = session.scalars(select(Patient).where(named)).one()
        draft, outlook_id = EntryDraft(entry.state, staff[entry.taken_by], reason=entry.reason), None
        if entry.state is not EntryState.OPEN:
            outlook_id = snapshot_in_transaction(ctx, patient).outlook_id
        if entry.state is EntryState.SNOOZED:
            today = local_day.today(now, patient.time_zone, patient.day_start_hour)
            draft = replace(draft, snoozed_until_on=today + timedelta(days=SNOOZED_DAYS))
        worklist_entries.put(ctx, patient.id, draft, outlook_id, None)
