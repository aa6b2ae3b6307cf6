"""What a team does with a patient on the worklist: take, hand over, snooze, mark as handled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, exists, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session, aliased

from clinical import local_day
from clinical.attention import AttentionCode
from clinical.sentences import Sentence
from clinical.worklist_entry import (
    MAX_SNOOZE_DAYS,
    EntryState,
    Mark,
    ReturnReason,
    SeenAttention,
    return_reason,
)
from models import worklist_entries as rows
from models.accounts import Account
from models.clinics import Clinic
from models.infusions import Infusion
from models.outlooks import CachedOutlook
from models.patients import Patient
from models.safety import SafetyAlert
from models.tenancy import prepared
from services.access import in_care_team
from services.columns import from_json, to_columns, to_json
from services.context import Context
from services.errors import FieldError, Invalid, ServiceError
from services.outlooks.current import IS_FRESH, snapshot_in_transaction
from services.outlooks.decisions import Superseded
from services.revisions import Revisions, WriteResult, in_force

MAX_LIST_STATES = 8_192
"""Most comparisons of marked patients that a process remembers. Operational."""
SUPERSEDED = Sentence(
    "The patient's record has changed since you looked, and the reasons for attention may have too. Look at "
    "the present summary, named in outlook_id, and send it again with that."
)


class AlertOpen(ServiceError):
    """A safety alert of the patient is open, so that they stay on the list."""

    code = "alert_open"
    detail = Sentence(
        "A patient with an open safety alert stays on the worklist. Close the alert first, or "
        "send the state open to take or hand over the patient."
    )


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """What becomes of a patient on the list; `assigned_to` is an account of the clinic's care team."""

    state: EntryState = EntryState.OPEN
    assigned_to: UUID | None = None
    snoozed_until_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """The current revision of an entry, version 0 where there is none.

    `assigned_to` is None where nobody is assigned, and where that account has left the care team.
    """

    version: int = 0
    draft: EntryDraft = EntryDraft()
    seen: SeenAttention | None = None
    assigned_to: dict[str, Any] | None = None
    updated_by: dict[str, Any] | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListState:
    """What keeps a patient off the list, OPEN where nothing does; and why one who was marked is back."""

    state: EntryState = EntryState.OPEN
    returned_because: ReturnReason | None = None


Assignee, Updater = aliased(Account), aliased(Account)
IS_ASSIGNEE = and_(
    Assignee.id == rows.WorklistEntry.assigned_to,
    Assignee.clinic_id == rows.WorklistEntry.clinic_id,
    in_care_team(Assignee),
)
"""Joins the account that an entry is assigned to, while it is an active one of the care team."""
IS_UPDATER = Updater.id == rows.WorklistEntry.recorded_by
"""Joins the account that stored an entry."""
ENTRY_COLUMNS = (
    rows.WorklistEntry.version,
    rows.WorklistEntry.state,
    rows.WorklistEntry.snoozed_until_on,
    rows.WorklistEntry.reason,
    rows.WorklistEntry.seen,
    rows.WorklistEntry.known_from,
    Assignee.id,
    Assignee.display_name,
    Updater.id,
    Updater.display_name,
)
"""The columns that `stored_entry` reads."""
_ENTRY = prepared(
    select(*ENTRY_COLUMNS)
    .select_from(rows.WorklistEntry)
    .outerjoin(Assignee, IS_ASSIGNEE)
    .outerjoin(Updater, IS_UPDATER)
    .where(in_force(rows.WorklistEntry))
)
_MARKED = prepared(
    select(
        rows.WorklistEntry.patient_id,
        rows.WorklistEntry.state,
        rows.WorklistEntry.snoozed_until_on,
        as_type(rows.WorklistEntry.seen, Text).label("seen"),
        as_type(CachedOutlook.attention, Text).label("attention"),
        # An entry of a clock that was ahead says nothing about what came before or after it.
        or_(
            rows.WorklistEntry.known_from > bindparam("now"),
            exists().where(
                SafetyAlert.patient_id == rows.WorklistEntry.patient_id,
                SafetyAlert.opened_at > rows.WorklistEntry.known_from,
            ),
        ).label("alert_since"),
        exists()
        .where(
            Infusion.patient_id == rows.WorklistEntry.patient_id,
            Infusion.known_from > rows.WorklistEntry.known_from,
        )
        .label("booking_since"),
    )
    .select_from(Patient)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .join(CachedOutlook, IS_FRESH)
    .join(rows.WorklistEntry, rows.WorklistEntry.patient_id == Patient.id)
    .where(
        in_force(rows.WorklistEntry),
        rows.WorklistEntry.state != str(EntryState.OPEN),
        Patient.discharged_at.is_(None),
    )
)


class _Entries(Revisions[rows.WorklistEntry, EntryDraft]):
    table = rows.WorklistEntry
    draft = EntryDraft
    # An entry is no part of the patient's record: phones need not sync, and no outlook changes.
    increments_change_seq = False
    default = EntryDraft()
    seen: SeenAttention | None = None
    outlook_id: str | None = None
    sent_outlook_id: str | None = None
    returned = False

    def look(self, outlook_id: str | None) -> None:
        """Read the patient's present attention, which the next revision records."""
        snapshot = snapshot_in_transaction(self.ctx, self.patient)
        self.outlook_id, self.sent_outlook_id = snapshot.outlook_id, outlook_id
        query = select(CachedOutlook.attention).where(CachedOutlook.patient_id == self.patient.id)
        self.seen = from_json(SeenAttention, self.ctx.session.scalars(query).one())
        found = list_states(self.ctx.session, self.ctx.now, self.patient.id).get(self.patient.id)
        self.returned = found is not None and found.returned_because is not None

    def to_columns(self, draft: EntryDraft) -> dict[str, Any]:
        """Return the columns of a draft, with the attention that was visible."""
        return {**to_columns(draft), "seen": None if self.seen is None else to_json(self.seen)}

    def is_unchanged(self, columns: dict[str, Any]) -> bool:
        """Return whether nothing changes; a patient who is back on the list is marked again."""
        return not self.returned and super().is_unchanged(columns)

    def validate(self, draft: EntryDraft) -> None:
        """Refuse an unsuitable assignee or day, what was not looked at, and hiding an open alert."""
        if self.seen is not None:
            if self.sent_outlook_id != self.outlook_id:
                raise Superseded(SUPERSEDED, outlook_id=self.outlook_id)
            if any(reason.code is AttentionCode.OPEN_ALERT for reason in self.seen.reasons):
                raise AlertOpen
        found = [*self._assignee_errors(draft), *self._day_errors(draft)]
        if found:
            raise Invalid(*found)

    def current_for_error(self) -> StoredEntry:
        """Return the current revision with the names of who is assigned and who stored it."""
        return _stored(self.ctx.session, self.patient.id)

    def _assignee_errors(self, draft: EntryDraft) -> list[FieldError]:
        if draft.assigned_to is None:
            return []
        query = select(Account.id).where(
            Account.id == draft.assigned_to,
            Account.clinic_id == self.ctx.actor.clinic_id,
            in_care_team(),
        )
        if self.ctx.session.scalar(query) is not None:
            return []
        sentence = Sentence("Send the account of an active clinician or nurse of this clinic.")
        return [FieldError("/assignee_id", "not_in_care_team", sentence)]

    def _day_errors(self, draft: EntryDraft) -> list[FieldError]:
        day, patient = draft.snoozed_until_on, self.patient
        if day is None:
            return []
        today = local_day.today(self.ctx.now, patient.time_zone, patient.day_start_hour)
        if day <= today:
            return [
                FieldError("/snoozed_until_on", "past", Sentence("Send a day after the patient's today."))
            ]
        if day > today + timedelta(days=MAX_SNOOZE_DAYS):
            sentence = Sentence("Send a day at most {number} days ahead.", number=MAX_SNOOZE_DAYS)
            return [FieldError("/snoozed_until_on", "too_far_ahead", sentence)]
        return []


def read(ctx: Context, patient_id: UUID | None) -> StoredEntry:
    """Return the entry of a patient; version 0 where nobody has done anything yet."""
    patient = ctx.load_patient(patient_id)
    return _stored(ctx.session, patient.id)


def put(
    ctx: Context,
    patient_id: UUID | None,
    draft: EntryDraft,
    outlook_id: str | None,
    expected_version: int | None,
) -> WriteResult[StoredEntry]:
    """Take a patient, hand them over, snooze them, mark them as handled, or none of it.

    `outlook_id` names the summary that was looked at when snoozing or handling: its reasons for attention are
    recorded. Raises VersionRequired or Stale where somebody else was first, Superseded where the summary is
    no longer the current one, AlertOpen, and Invalid.
    """
    entries = _Entries.lock(ctx, patient_id)
    if draft.state is not EntryState.OPEN:
        entries.look(outlook_id)
    result = entries.append(draft, expected_version)
    return WriteResult(_stored(ctx.session, entries.patient.id), result.outcome)


def list_states(session: Session, now: datetime, patient_id: UUID | None = None) -> dict[UUID, ListState]:
    """Return what keeps each snoozed or handled patient off the list, or why they are back.

    Patients of the session's clinic whose cached outlook is fresh; all, or one.
    """
    query = _MARKED if patient_id is None else _MARKED.where(Patient.id == patient_id)
    return {patient_id: _list_state(*marked) for patient_id, *marked in session.execute(query, {"now": now})}


@lru_cache(MAX_LIST_STATES)
def _list_state(state: str, until: date | None, seen: str, attention: str, *since: bool) -> ListState:
    """Return what follows from a mark and the present attention, both as stored; `since` as in Mark."""
    marked = EntryState(state)
    mark = Mark(marked, from_json(SeenAttention, json.loads(seen)), until, *since)
    returned = return_reason(mark, from_json(SeenAttention, json.loads(attention)))
    return ListState(EntryState.OPEN if returned else marked, returned)


def stored_entry(columns: Any) -> StoredEntry | None:
    """Return the entry that the values of ENTRY_COLUMNS hold; None without one."""
    version, state, until, reason, seen, at, assignee_id, assignee, updater_id, updater = columns
    if version is None:
        return None
    return StoredEntry(
        version,
        EntryDraft(EntryState(state), assignee_id, until, reason),
        None if seen is None else from_json(SeenAttention, seen),
        _person(assignee_id, assignee),
        _person(updater_id, updater),
        at,
    )


def _stored(session: Session, patient_id: UUID) -> StoredEntry:
    query = _ENTRY.where(rows.WorklistEntry.patient_id == patient_id)
    found = session.execute(query).one_or_none()
    return (None if found is None else stored_entry(found)) or StoredEntry()


def _person(account_id: UUID | None, name: str | None) -> dict[str, Any] | None:
    return None if account_id is None else {"id": account_id, "display_name": name}
