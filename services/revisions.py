"""Records that are never overwritten: each write appends a revision, and one at most is current.

A feature declares a subclass of `Revisions` for its table and gives what is particular to it: the columns
that name a record, what is valid, and which columns a revision has besides those of its draft. A stored
revision is in force from `known_from` until `known_until` (system time, as in a bitemporal table), and the
current one has no `known_until`. A removal is a revision too (a tombstone), with `removed` set. It erases
the columns named in `cleared_on_removal` from the earlier revisions as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, inspect, literal, or_, select, tuple_, update
from sqlalchemy.orm import Session

from models.base import Base
from models.patients import Patient
from services import quotas
from services.access import Actor, Role, lock_clinic, own_clinic, patient_of
from services.columns import from_columns, to_columns
from services.context import Context
from services.errors import Gone, NotFound, Stale, VersionRequired

MANAGED = frozenset({
    "clinic_id", "patient_id", "recorded_by", "received_at", "device_id", "change_seq",
    "version", "known_from", "known_until",
})  # fmt: skip
"""The columns that `Revisions.write` sets itself, where the table has them."""

T = TypeVar("T")
Other = TypeVar("Other")
Row = TypeVar("Row", bound=Base)
Draft = TypeVar("Draft")


class WriteOutcome(StrEnum):
    """How a write changed what is stored."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class WriteResult(Generic[T]):
    """What is current after a write, and how the write changed it."""

    value: T
    outcome: WriteOutcome

    @property
    def created(self) -> bool:
        """Whether the write stored the first revision."""
        return self.outcome is WriteOutcome.CREATED


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list: at most `limit` items after a position (None: from the beginning).

    `first` and `last` are the first and the last day of the list, both included.
    """

    limit: int
    position: Sequence[str] | None = None
    descending: bool = False
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items of a list in order, and the position after which the next page begins; None on the last page."""

    items: list[T]
    next_position: list[str] | None

    def of(self, items: list[Other]) -> Page[Other]:
        """Return this page with what is made of each item in its place."""
        return Page(items, self.next_position)


class Revisions(Generic[Row, Draft]):
    """The revisions of one record: the current one, and how the next one is appended.

    `key` names the columns that name a record of the patient's. A write increments the patient's `change_seq`
    if `increments_change_seq` is set, which makes cached outlooks stale. `default` is the current draft, as
    version 0, before anything was stored. A draft that differs only in the `recording_columns`, which say
    when and where it was recorded, is unchanged. A removal clears the columns in `cleared_on_removal`
    of every revision. Pages are ordered by the columns in `order`, of which `day_column` is the calendar day.
    """

    table: type[Row]
    draft: type[Draft]
    key: tuple[str, ...] = ()
    increments_change_seq: bool = True
    default: Draft | None = None
    recording_columns: frozenset[str] = frozenset()
    cleared_on_removal: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    day_column: str = "local_date"

    def __init__(
        self, ctx: Context, patient: Patient | None, key: tuple[Any, ...], current: Row | None
    ) -> None:
        self.ctx, self._patient, self.key_values, self.current = ctx, patient, key, current

    @classmethod
    def lock(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Self:
        """Load the current revision of a record, under the lock of its patient."""
        # SELECT ... FOR UPDATE of the patient's row (on SQLite the write lock) serializes all writes of one
        # patient; the revision is read after it, so that nobody appends to it in between.
        patient = ctx.load_patient(patient_id, lock=True)
        return cls(ctx, patient, key, cls.find(ctx.session, patient.id, *key))

    @classmethod
    def find(cls, session: Session, patient_id: UUID, *key: Any) -> Row | None:
        """Return the current revision of a record, a tombstone included."""
        table = cls.table
        return session.scalar(select(table).where(*cls._key_criteria(patient_id, key), in_force(table)))

    @classmethod
    def read(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Row:
        """Return the current revision of a record; raises NotFound, or Gone for a removed one."""
        found = cls.find(ctx.session, patient_of(ctx.actor, patient_id), *key)
        if found is None:
            raise NotFound
        if getattr(found, "removed", False):
            raise Gone(_version(found))
        return found

    @classmethod
    def revisions(cls, ctx: Context, patient_id: UUID | None, *key: Any, wanted: PageRequest) -> Page[Row]:
        """Return a page of a record's revisions by version; raises NotFound where there is none."""
        table: Any = cls.table
        query = select(table).where(*cls._key_criteria(patient_of(ctx.actor, patient_id), key))
        found: Page[Row] = paged(ctx.session, query, [table.version], wanted)
        if not found.items and wanted.position is None:
            raise NotFound
        return found

    @classmethod
    def page(
        cls, ctx: Context, patient_id: UUID | None, wanted: PageRequest, *only: ColumnElement[bool]
    ) -> Page[Row]:
        """Return a page of the patient's records in their current revisions, without removed ones."""
        table: Any = cls.table
        patient = ctx.load_patient(patient_id)
        query = select(table).where(table.patient_id == patient.id, in_force(table), *only)
        if hasattr(table, "removed"):
            query = query.where(table.removed.is_(False))
        day: Any = getattr(table, cls.day_column, None)
        if wanted.first is not None:
            query = query.where(day >= wanted.first)
        if wanted.last is not None:
            query = query.where(day <= wanted.last)
        return paged(ctx.session, query, [getattr(table, name) for name in cls.order], wanted)

    @property
    def patient(self) -> Patient:
        """The patient whose record it is; what a clinic sets has none."""
        if self._patient is None:
            raise LookupError
        return self._patient

    def require_current(self) -> Row:
        """Return the current revision, a tombstone included; raises NotFound."""
        if self.current is None:
            raise NotFound
        return self.current

    @property
    def current_value(self) -> Draft | None:
        """The current draft; `default` before anything was stored."""
        return self.default if self.current is None else self.to_draft(self.current)

    @property
    def version(self) -> int:
        """The current version; 0 before anything was stored."""
        return 0 if self.current is None else _version(self.current)

    @classmethod
    def to_draft(cls, row: Row) -> Draft:
        """Return the draft that a row stores."""
        return from_columns(cls.draft, row)

    def to_columns(self, draft: Draft) -> dict[str, Any]:
        """Return the columns that store a draft, by name."""
        return to_columns(draft)

    def validate(self, draft: Draft) -> None:
        """Raise Invalid or Conflict for a draft that cannot be stored; called after the version check."""

    def extra_columns(self, draft: Draft) -> dict[str, Any]:  # noqa: ARG002  a subclass uses it
        """Return the columns of a revision besides those of its draft."""
        return {}

    def current_for_error(self) -> Any:
        """Return the current revision as VersionRequired and Stale show it."""
        return self.current

    def append(self, draft: Draft, expected_version: int | None) -> WriteResult[Row]:
        """Store a draft as the next revision, or recognise that it is current already.

        Raises VersionRequired, Stale or Gone where `expected_version` is not the current one, and
        QuotaExceeded.
        """
        columns = self.to_columns(draft)
        if self.current is not None and self.is_unchanged(columns):
            return WriteResult(self.current, WriteOutcome.UNCHANGED)
        self.check_version(expected_version)
        self.validate(draft)
        self.count()
        outcome = WriteOutcome.CREATED if self.current is None else WriteOutcome.UPDATED
        return WriteResult(self.write({**columns, **self.extra_columns(draft)}), outcome)

    def remove(self, expected_version: int | None) -> WriteResult[Row]:
        """Append a tombstone, and clear `cleared_on_removal` in every revision. Idempotent.

        Raises what `append` does, and NotFound.
        """
        if self.current is None:
            raise NotFound
        current: Any = self.current
        if current.removed and expected_version in {None, current.version - 1, current.version}:
            return WriteResult(self.current, WriteOutcome.UNCHANGED)
        self.check_version(expected_version)
        self.count()
        cleared: dict[str, Any] = dict.fromkeys(self.cleared_on_removal)
        if cleared:
            criteria = self._key_criteria(self.patient.id, self.key_values)
            self.ctx.session.execute(update(self.table).where(*criteria).values(cleared))
        return WriteResult(self.amend(removed=True, **cleared), WriteOutcome.UPDATED)

    def count(self) -> None:
        """Count one more revision against the actor's quota of today; raises QuotaExceeded."""
        actor = self.ctx.actor
        subject_id = actor.clinic_id if self._patient is None else self._patient.id
        quota = quotas.of_revisions(actor, self.table.__tablename__)
        quotas.count(self.ctx.session, quota, actor.id, subject_id, self.ctx.now)

    def amend(self, **changes: Any) -> Row:
        """Append a copy of the current revision with these columns changed."""
        columns = {each.key: each.value for each in inspect(self.current).attrs if each.key not in MANAGED}
        return self.write({**columns, **changes})

    def write(self, columns: dict[str, Any]) -> Row:
        """Append a revision with these columns and those that every revision has."""
        ctx, table = self.ctx, self.table
        managed: dict[str, Any] = {
            "recorded_by": ctx.actor.id,
            "device_id": ctx.actor.device_id,
            "received_at": ctx.now,
            "removed": False,
            **dict(zip(self.key, self.key_values, strict=True)),
        }
        if self._patient is not None:
            self.patient.change_seq += self.increments_change_seq
            managed |= {"patient_id": self.patient.id, "change_seq": self.patient.change_seq}
        managed = {name: value for name, value in managed.items() if hasattr(table, name)}
        row = table(**{**managed, **columns, **next_revision(ctx.session, self.current, ctx.now)})
        ctx.session.add(row)
        ctx.session.flush()
        self.current = row
        return row

    def is_unchanged(self, columns: dict[str, Any]) -> bool:
        """Return whether the current revision has these columns, `recording_columns` aside."""
        if self.current is None or getattr(self.current, "removed", False):
            return False
        return all(
            getattr(self.current, name) == value
            for name, value in columns.items()
            if name not in self.recording_columns
        )

    def check_version(self, expected_version: int | None) -> None:
        """Raise VersionRequired, Stale or Gone for a change that does not name the current version.

        Where nothing is stored, no version and version 0 are accepted. Otherwise: a removed record is Gone
        (410), no version VersionRequired (428), another version Stale (412). Stale(0): a version was named,
        and nothing was ever stored.
        """
        if expected_version == self.version:
            return
        if self.current is None and expected_version is None:
            return
        if getattr(self.current, "removed", False):
            raise Gone(self.version)
        shown = self.current_for_error()
        if self.current is None and self.default is None:
            raise Stale(0)
        raise VersionRequired(self.version, shown) if expected_version is None else Stale(self.version, shown)

    @classmethod
    def _key_criteria(cls, patient_id: UUID, key: tuple[Any, ...]) -> list[ColumnElement[bool]]:
        names = ("patient_id", *cls.key)
        return [
            getattr(cls.table, name) == value for name, value in zip(names, (patient_id, *key), strict=True)
        ]


class ClinicRevisions(Revisions[Row, Draft]):
    """The revisions of what a clinic sets once for all its patients."""

    @classmethod
    def lock_clinic(cls, ctx: Context, clinic_id: UUID) -> Self:
        """Load the current revision of the actor's clinic, under its lock; raises NotFound for another."""
        own_clinic(ctx.actor, clinic_id)
        # The clinic's row is locked, since there is no row of settings before the first write.
        lock_clinic(ctx.session, clinic_id)
        return cls(ctx, None, (), cls.find_as_of(ctx.session))

    @classmethod
    def find_as_of(cls, session: Session, as_of: AsOf | None = None) -> Row | None:
        """Return the current revision of the session's clinic, or the one in force at an earlier instant."""
        return session.scalar(select(cls.table).where(in_force(cls.table, as_of)))


def check_row_version(row: Any, expected_version: int | None) -> None:
    """Raise VersionRequired or Stale for an overwriting change that does not name the version of the row."""
    if expected_version is None:
        raise VersionRequired(row.version, row)
    if expected_version != row.version:
        raise Stale(row.version, row)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant as of which records are read.

    Of the patient `without_removed_of`, what has been removed since is left out.
    """

    instant: datetime
    without_removed_of: UUID | None = None


def as_of_for(actor: Actor, patient_id: UUID, instant: datetime | None) -> AsOf | None:
    """Return how an actor reads a patient's record as of an instant; None for now.

    An integration, which copies what it reads, gets nothing that was removed since.
    """
    if instant is None:
        return None
    return AsOf(instant, patient_id if actor.has(Role.INTEGRATION) else None)


def in_force(table: type[Any], as_of: AsOf | None = None) -> ColumnElement[bool]:
    """Return the criterion of the revisions in force at an instant; without one, of the current ones."""
    if as_of is None:
        current: ColumnElement[bool] = table.known_until.is_(None)
        return current
    instant = as_of.instant
    then = and_(table.known_from <= instant, or_(table.known_until.is_(None), table.known_until > instant))
    if as_of.without_removed_of is None or not hasattr(table, "removed"):
        return then
    key = [getattr(table, column.key) for column in inspect(table).primary_key if column.key != "version"]
    removed = select(*key).where(
        table.patient_id == as_of.without_removed_of, table.known_until.is_(None), table.removed.is_(True)
    )
    # Of its own rows, not of those of the query around it.
    return and_(then, tuple_(*key).not_in(removed.correlate(None)))


def not_before(now: datetime, previous: datetime | None) -> datetime:
    """Return the instant from which a new revision is in force: never before its predecessor's.

    The clock may have been set back in between.
    """
    return now if previous is None else max(now, previous)


def next_revision(session: Session, current: Any | None, now: datetime) -> dict[str, Any]:
    """End the current revision; return the columns `version`, `known_from` and `known_until` of the next."""
    known_from = not_before(now, current.known_from if current else None)
    if current is not None:
        current.known_until = known_from
        # Ended before the next one is added: the database allows one current revision.
        session.flush()
    version = current.version + 1 if current else 1
    return {"version": version, "known_from": known_from, "known_until": None}


def paged(session: Session, query: Select[T], order: Sequence[Any], wanted: PageRequest) -> Page[T]:
    """Return a page of the rows of a query, in the order of columns that name each row once."""
    return cut(list(session.scalars(after_position(query, order, wanted))), order, wanted)


def after_position(query: Select[T], order: Sequence[Any], wanted: PageRequest) -> Select[T]:
    """Return a query restricted to a page and one row more, in the order of columns that name each row once.

    Keyset pagination: a row's position is its values in these columns, as text. Rows that are stored or
    removed between two requests shift no page.
    """
    if wanted.position is not None:
        position = tuple_(
            *(
                literal(_read(column, text), column.type)
                for column, text in zip(order, wanted.position, strict=True)
            )
        )
        query = query.where(tuple_(*order) < position if wanted.descending else tuple_(*order) > position)
    query = query.order_by(*(column.desc() for column in order) if wanted.descending else order)
    return query.limit(wanted.limit + 1)


def cut(found: list[T], order: Sequence[Any], wanted: PageRequest) -> Page[T]:
    """Return the page of what `after_position` found."""
    items = found[: wanted.limit]
    return Page(items, position_of(items[-1], order) if len(found) > wanted.limit else None)


def position_of(row: Any, order: Sequence[Any]) -> list[str]:
    """Return the position of a row in a list of this order."""
    return [_written(getattr(row, column.key)) for column in order]


def _read(column: Any, text: str) -> Any:
    kind = column.type.python_type
    return kind.fromisoformat(text) if issubclass(kind, date) else kind(text)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _version(row: Any) -> int:
    version: int = row.version
    return version
