"""The clinic's worklist: its patients, those who need attention first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, tuple_
from sqlalchemy import Row as Found

from clinical.worklist_entry import EntryState
from models.clinics import Clinic
from models.database import Database, refresh_snapshot
from models.outlooks import CachedOutlook
from models.patients import Patient
from models.tenancy import prepared
from models.worklist_entries import WorklistEntry
from services import worklist_entries
from services.access import own_clinic
from services.context import Context
from services.directory import matches
from services.outlooks import current as current_outlooks
from services.outlooks.current import OutlookSnapshot
from services.revisions import Page, PageRequest, in_force
from services.worklist_entries import Assignee, ListState, StoredEntry, Updater

MAX_LOOKS = 5
"""How often a list is read again because a patient changed between computing and listing. Operational."""

ON_LIST = ListState()
"""What keeps a patient off the list whom nobody has marked: nothing."""


class Sort(StrEnum):
    """In which order; only that by record number does not change while patients check in."""

    URGENCY = "urgency"
    RECORD_NUMBER = "record_number"
    NAME = "name"


_KEYS: dict[Sort, tuple[Any, ...]] = {
    Sort.URGENCY: (CachedOutlook.attention_level, CachedOutlook.attention_since, Patient.id),
    Sort.RECORD_NUMBER: (Patient.record_number,),
    Sort.NAME: (Patient.display_name, Patient.id),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which patients are wanted; nothing for all.

    `levels` are those of attention. `states` are what patients may be on the list as: by urgency those to be
    looked at now, in another order and in a search everybody, unless stated.
    """

    statuses: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    q: str | None = None
    due_before_on: date | None = None
    not_booked: bool = False
    mine: bool = False
    states: frozenset[EntryState] | None = None
    sort: Sort = Sort.URGENCY

    @property
    def listed_states(self) -> frozenset[EntryState]:
        """The states of the patients to be listed."""
        if self.states is not None:
            return self.states
        works = self.sort is Sort.URGENCY and self.q is None
        return frozenset({EntryState.OPEN}) if works else frozenset(EntryState)


@dataclass(frozen=True, slots=True)
class Row:
    """One patient on the list, and its position, after which the next page begins if it is the last."""

    patient_id: UUID
    record_number: str
    display_name: str
    patient_version: int
    snapshot: OutlookSnapshot
    position: list[str]
    entry: StoredEntry | None
    list_state: ListState


@dataclass(frozen=True, slots=True)
class Worklist(Page[Row]):
    """A page of the list, and how many more match its other filters but are snoozed or handled."""

    hidden_count: int


_PATIENT = (Patient.id, Patient.record_number, Patient.display_name, Patient.version)
_CACHED = len(current_outlooks.CACHED_COLUMNS)
_HOLDS = current_outlooks.IS_FRESH.label("holds")
_LISTS = {
    (sort, descending): select(
        *_PATIENT,
        CachedOutlook.attention_level,
        CachedOutlook.attention_since,
        _HOLDS,
        *current_outlooks.CACHED_COLUMNS,
        *worklist_entries.ENTRY_COLUMNS,
    )
    .select_from(Patient)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .join(CachedOutlook, CachedOutlook.patient_id == Patient.id)
    .outerjoin(WorklistEntry, and_(WorklistEntry.patient_id == Patient.id, in_force(WorklistEntry)))
    .outerjoin(Assignee, worklist_entries.IS_ASSIGNEE)
    .outerjoin(Updater, worklist_entries.IS_UPDATER)
    .where(Patient.discharged_at.is_(None), Patient.id.not_in(bindparam("hidden", expanding=True)))
    .order_by(*(key.desc() if descending else key for key in keys))
    .limit(bindparam("most"))
    for sort, keys in _KEYS.items()
    for descending in (False, True)
}
# What is asked for most: nobody filtered out, from the beginning.
_WHOLE_LISTS = {order: prepared(query) for order, query in _LISTS.items()}


def page(
    ctx: Context, database: Database, clinic_id: UUID, filters: Filters, wanted: PageRequest
) -> Worklist:
    """Return a page of a clinic's patients, the most urgent first unless asked otherwise.

    The number of queries does not grow with the patients.
    """
    own_clinic(ctx.actor, clinic_id)
    found: Sequence[Found[Any]] = []
    states: dict[UUID, ListState] = {}
    hidden: list[UUID] = []
    for _ in range(MAX_LOOKS):
        current_outlooks.refresh(ctx.session, database, clinic_id, ctx.now)
        states = worklist_entries.list_states(ctx.session, ctx.now)
        listed = filters.listed_states
        hidden = [patient_id for patient_id, each in states.items() if each.state not in listed]
        shown = None if EntryState.OPEN in listed else states.keys() - hidden
        query = _query(ctx, filters, wanted, shown)
        values = {"most": wanted.limit + 1, "now": ctx.now, "hidden": hidden}
        found = ctx.session.execute(query, values).all()
        if all(row.holds for row in found):
            break
        refresh_snapshot(ctx.session)
    rows = [_row(filters.sort, row, states) for row in found if row.holds]
    items = rows[: wanted.limit]
    following = items[-1].position if len(rows) > wanted.limit else None
    return Worklist(items, following, _count(ctx, filters, hidden))


def _query(
    ctx: Context, filters: Filters, wanted: PageRequest, shown: Collection[UUID] | None
) -> Select[*tuple[Any, ...]]:
    keys, order = _KEYS[filters.sort], (filters.sort, wanted.descending)
    criteria = _criteria(ctx, filters)
    if shown is not None:
        criteria.append(Patient.id.in_(shown))
    if wanted.position is not None:
        position = tuple_(*_read_position(filters.sort, wanted.position))
        criteria.append(tuple_(*keys) < position if wanted.descending else tuple_(*keys) > position)
    return _LISTS[order].where(*criteria) if criteria else _WHOLE_LISTS[order]


def _criteria(ctx: Context, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.statuses:
        found.append(CachedOutlook.status.in_(filters.statuses))
    if filters.levels:
        found.append(CachedOutlook.attention_level.in_(filters.levels))
    if filters.q is not None:
        found.append(matches(filters.q))
    if filters.due_before_on is not None:
        found.append(CachedOutlook.due_on < filters.due_before_on)
    if filters.not_booked:
        found.append(CachedOutlook.not_booked.is_(True))
    if filters.mine:
        found.append(WorklistEntry.assigned_to == ctx.actor.id)
    return found


def _count(ctx: Context, filters: Filters, hidden: Collection[UUID]) -> int:
    """Return how many hidden patients match the other filters."""
    criteria = _criteria(ctx, filters)
    if not hidden or not criteria:
        return len(hidden)
    query = (
        select(func.count(Patient.id))
        .join(CachedOutlook, CachedOutlook.patient_id == Patient.id)
        .join(WorklistEntry, and_(WorklistEntry.patient_id == Patient.id, in_force(WorklistEntry)))
        .where(Patient.id.in_(hidden), *criteria)
    )
    return ctx.session.scalars(query).one()


def _row(sort: Sort, found: Sequence[Any], states: Mapping[UUID, ListState]) -> Row:
    patient_id, record_number, display_name, version, level, since, _, *columns = found
    cached, entry = columns[:_CACHED], columns[_CACHED:]
    position = [record_number]
    if sort is Sort.URGENCY:
        position = [str(level), str(since), str(patient_id)]
    elif sort is Sort.NAME:
        position = [display_name, str(patient_id)]
    return Row(
        patient_id,
        record_number,
        display_name,
        version,
        current_outlooks.snapshot_of(cached),
        position,
        worklist_entries.stored_entry(entry),
        states.get(patient_id, ON_LIST),
    )


def _read_position(sort: Sort, position: Sequence[str]) -> tuple[Any, ...]:
    if sort is Sort.URGENCY:
        return int(position[0]), date.fromisoformat(position[1]), UUID(position[2])
    if sort is Sort.NAME:
        return position[0], UUID(position[1])
    return (position[0],)
