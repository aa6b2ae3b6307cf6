"""Record, correct, remove and list entries of a patient's medical history; nothing is ever erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.medical_history import MedicalHistoryEntry, MedicalList
from clinical.sentences import Sentence
from models import medical_history as rows
from services.columns import from_columns
from services.context import Context
from services.errors import FieldError, Invalid
from services.revisions import Page, PageRequest, Revisions, WriteResult, in_force, paged

MAX_DAYS_AHEAD: Final = 366
"""Days ahead that an end may be planned for. Operational."""


class _Entries(Revisions[rows.MedicalHistoryEntry, MedicalHistoryEntry]):
    table = rows.MedicalHistoryEntry
    draft = MedicalHistoryEntry
    key = ("list_name", "id")
    # No outlook, summary or worklist row rests on it.
    increments_change_seq = False

    def validate(self, draft: MedicalHistoryEntry) -> None:
        """Refuse days that cannot be, and the dosage of an allergy."""
        if found := list(self._wrong(draft)):
            raise Invalid(*found)

    def _wrong(self, draft: MedicalHistoryEntry) -> Iterator[FieldError]:
        now = self.ctx.now
        if draft.began_on is not None and not local_day.has_begun_somewhere(draft.began_on, now):
            yield FieldError("/began_on", "in_the_future", Sentence("This day has not begun anywhere yet."))
        if draft.ended_on is not None:
            if draft.began_on is not None and draft.ended_on < draft.began_on:
                yield FieldError(
                    "/ended_on", "before_began_on", Sentence("It ends on the day it began, or later.")
                )
            elif draft.ended_on > now.date() + timedelta(days=MAX_DAYS_AHEAD):
                sentence = Sentence("Send a day at most {number} days ahead.", number=MAX_DAYS_AHEAD)
                yield FieldError("/ended_on", "too_far_ahead", sentence)
        if draft.dosage is not None and self.key_values[0] == MedicalList.ALLERGIES:
            yield FieldError(
                "/dosage", "not_of_allergies", Sentence("An allergy has no dosage: leave it out.")
            )


def put(
    ctx: Context,
    patient_id: UUID | None,
    key: tuple[MedicalList, UUID],
    draft: MedicalHistoryEntry,
    expected_version: int | None,
) -> WriteResult[rows.MedicalHistoryEntry]:
    """Record an entry under its list and the id its client gave it, or correct it by a new revision.

    Raises VersionRequired, Stale or Gone as check-ins do, and Invalid, naming each field at fault.
    """
    return _lock(ctx, patient_id, key).append(draft, expected_version)


def remove(
    ctx: Context, patient_id: UUID | None, key: tuple[MedicalList, UUID], expected_version: int | None
) -> WriteResult[rows.MedicalHistoryEntry]:
    """Mark an entry as entered in error; its revisions stay."""
    return _lock(ctx, patient_id, key).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, key: tuple[MedicalList, UUID]) -> rows.MedicalHistoryEntry:
    """Return one entry; raises Gone for a removed one."""
    return _Entries.read(ctx, patient_id, str(key[0]), key[1])


def revisions(
    ctx: Context, patient_id: UUID | None, key: tuple[MedicalList, UUID], wanted: PageRequest
) -> Page[rows.MedicalHistoryEntry]:
    """Return a page of the revisions of an entry, in order."""
    return _Entries.revisions(ctx, patient_id, str(key[0]), key[1], wanted=wanted)


def page(
    ctx: Context, patient_id: UUID | None, list_name: MedicalList, wanted: PageRequest
) -> Page[rows.MedicalHistoryEntry]:
    """Return a page of one list of a patient by name."""
    table = rows.MedicalHistoryEntry
    patient = ctx.load_patient(patient_id)
    query = select(table).where(
        table.patient_id == patient.id,
        table.list_name == str(list_name),
        table.removed.is_(False),
        in_force(table),
    )
    return paged(ctx.session, query, (table.name, table.id), wanted)


def entries_of(
    session: Session, patient_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[MedicalList, MedicalHistoryEntry]]]:
    """Return the entries of each patient by name, in one query."""
    table = rows.MedicalHistoryEntry
    found = defaultdict(list)
    query = (
        select(table)
        .where(table.patient_id.in_(patient_ids), table.removed.is_(False), in_force(table))
        .order_by(table.name, table.id)
    )
    for row in session.scalars(query):
        entry = from_columns(MedicalHistoryEntry, row)
        found[row.patient_id].append((MedicalList(row.list_name), entry))
    return found


def _lock(ctx: Context, patient_id: UUID | None, key: tuple[MedicalList, UUID]) -> _Entries:
    return _Entries.lock(ctx, patient_id, str(key[0]), key[1])
