"""Shared parts of the tables: constraint names, instants in UTC, keys that begin with the clinic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, MetaData, String, Uuid, column
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

# Migrations and databases must agree on a constraint's name, or no later migration can drop it.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """Instant, stored in UTC and read back aware; without it SQLite would return naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Return the type of a value; a decorator's own default is any object."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; raise ValueError for a naive one, whose offset would be unknown."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant needs a time zone"
            raise ValueError(msg)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant aware and in UTC on every database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: Instant(), UUID: Uuid()}  # noqa: RUF012  SQLAlchemy reads it off the class


Key = Annotated[UUID, mapped_column(Uuid(), primary_key=True)]
ShortText = Annotated[str, mapped_column(String(200))]
ZoneName = Annotated[str, mapped_column(String(64))]


class ClinicScoped:
    """A row that belongs to one clinic; `models.tenancy` restricts every query of it to that clinic.

    The clinic is the first column of every key, so that the data can be sharded by clinic.
    """

    clinic_id: Mapped[Key] = mapped_column(sort_order=-100)


def of_patient() -> ForeignKeyConstraint:
    """Return the foreign key to the patient, within the same clinic."""
    return ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"])


def of_clinic() -> ForeignKeyConstraint:
    """Return the foreign key to the clinic."""
    return ForeignKeyConstraint(["clinic_id"], ["clinics.id"])


def one_of(column: str, values: list[str]) -> CheckConstraint:
    """Return the check that a text column holds one of some values."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def within(column: str, low: float, high: float, name: str | None = None) -> CheckConstraint:
    """Return the check that a number lies within a range; NULL passes."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=name or f"{column}_in_range")


def one_current(table: str, *columns: str) -> Index:
    """Return the index that allows one current revision, also under concurrent writes."""
    current = column("known_until").is_(None)
    name = f"uq_{table}_current"
    return Index(name, *columns, unique=True, sqlite_where=current, postgresql_where=current)
