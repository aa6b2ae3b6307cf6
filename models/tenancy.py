"""Tenancy: every ORM statement on clinical rows is restricted to the session's clinic, or refused.

Tables of `ClinicScoped` classes are clinical. A listener inspects each statement for them, adds
`clinic_id = ...` to every mapped class by `with_loader_criteria`, and raises TenancyError where a criterion
cannot reach: aliases of tables, joins of bare tables, SQL text, bulk inserts.

For each SELECT, subqueries included, two sets are compared: the clinical tables that it names anywhere
outside its subqueries (`_parts_naming_tables`), and those that with_loader_criteria will restrict
(`_tables_restricted`). The first must be a subset of the second.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    Delete,
    Executable,
    Insert,
    Join,
    Select,
    SelectBase,
    Table,
    TableClause,
    TextClause,
    Update,
    event,
    inspect,
)
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import AliasedReturnsRows
from sqlalchemy.sql.util import extract_first_column_annotation, surface_expressions
from sqlalchemy.util import LRUCache

from models.base import Base, ClinicScoped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import UOWTransaction
    from sqlalchemy.orm.interfaces import ORMOption
    from sqlalchemy.sql.visitors import ExternallyTraversible

CLINIC = "clinic_id"
PREPARED = "afterglow_prepared"
MAX_INSPECTED = 4_096
"""Most statements of which it is cached what inspecting them found. Operational."""
MAPPED = "parententity"
"""Annotation by which SQLAlchemy marks parts of a mapped class: those that a loader criterion reaches."""


class TenancyError(Exception):
    """A statement on clinical rows that cannot be restricted to one clinic."""


Prepared = TypeVar("Prepared", bound=Executable)


def prepared(statement: Prepared) -> Prepared:
    """Mark a statement that is built once and run often, so that it is restricted once per clinic.

    Its runs differ in parameters only, and a parameter cannot name a table.
    """
    return statement.execution_options(**{PREPARED: True})


def of_clinic(session: Session) -> UUID:
    """Return the clinic of a session; raise TenancyError if it has none."""
    clinic_id = session.info.get(CLINIC)
    if not isinstance(clinic_id, UUID):
        msg = "this session was not opened for a clinic"
        raise TenancyError(msg)
    return clinic_id


def restrict(session: Session, clinic_id: UUID) -> None:
    """Restrict a session that was opened without a clinic; raise TenancyError for one of another clinic."""
    if session.info.setdefault(CLINIC, clinic_id) is None:
        session.info[CLINIC] = clinic_id
    if of_clinic(session) != clinic_id:
        msg = "this session was opened for another clinic"
        raise TenancyError(msg)


def across_clinics(session: Session, query: Executable) -> Sequence[Any]:
    """Return the rows of a query over all clinics: for the server's own work, never for a response.

    It names columns and no entities. The session is one without a clinic; else TenancyError is raised.
    """
    if session.info.get(CLINIC) is not None:
        msg = "a session of a clinic does not read other clinics"
        raise TenancyError(msg)
    # Executed below the ORM, whose statements are restricted to one clinic.
    return session.connection().execute(query).all()


def guard(session_class: type[Session]) -> None:
    """Add the restriction to every session of a class."""
    event.listen(session_class, "do_orm_execute", _restrict)
    event.listen(session_class, "before_flush", _stamp)


@cache
def _clinical_tables() -> frozenset[str]:
    return frozenset(
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, ClinicScoped) and isinstance(mapper.local_table, Table)
    )


def _table_of(named: object) -> str | None:
    """Return the clinical table that a part of a statement names; raise TenancyError for an alias of one."""
    table = getattr(named, "table", named)
    if isinstance(table, AliasedReturnsRows) and getattr(table.element, "name", None) in _clinical_tables():
        # By experiment: a count over an alias is not restricted, even with include_aliases.
        msg = "a clinical table was named by an alias; name its mapped class"
        raise TenancyError(msg)
    if isinstance(table, TableClause) and table.name in _clinical_tables():
        return table.name
    return None


def _parts_outside_subqueries(statement: ExternallyTraversible) -> Iterator[ExternallyTraversible]:
    """Yield the parts of a statement except those of its subqueries, which are inspected on their own."""
    stack = list(statement.get_children())
    while stack:
        part = stack.pop()
        if not isinstance(part, SelectBase):
            yield part
            stack.extend(part.get_children())


def _parts_naming_tables(statement: ExternallyTraversible) -> Iterator[object]:
    """Yield the parts of a statement that may name a table: sides of joins, columns and aliases."""
    for part in _parts_outside_subqueries(statement):
        if isinstance(part, Join):
            yield part.left
            yield part.right
        elif isinstance(part, (ColumnClause, AliasedReturnsRows)):
            yield part


def _is_mapped(part: object) -> bool:
    return MAPPED in getattr(part, "_annotations", {})


def _from_clauses(query: Select[Any]) -> Iterator[object]:
    """Yield the FROM clauses of a query, joins included; get_final_froms() would compile it."""
    yield from query._from_obj  # noqa: SLF001  these have no public name
    for target, _, origin, _ in query._setup_joins:  # noqa: SLF001
        yield target
        yield origin


def _tables_restricted(query: Select[Any]) -> set[str]:
    """Return the clinical tables that with_loader_criteria restricts: those that ORM compilation finds."""
    if query._propagate_attrs.get("compile_state_plugin") != "orm":  # noqa: SLF001  it has no public name
        return set()
    parts = chain(_from_clauses(query), *map(surface_expressions, query._where_criteria))  # noqa: SLF001
    marks = [getattr(part, "_annotations", {}).get(MAPPED) for part in parts]
    # The ORM compilation looks for only the first mapped class in each expression.
    marks += [extract_first_column_annotation(column, MAPPED) for column in query._raw_columns]  # type: ignore[no-untyped-call]  # noqa: SLF001
    tables = (mark.mapper.local_table for mark in marks if mark is not None)
    return {table.name for table in tables if isinstance(table, Table)}


def _tables_of_query(query: Select[Any]) -> set[str]:
    parts = chain(query._raw_columns, _from_clauses(query), _parts_naming_tables(query))  # noqa: SLF001
    named = {table for part in parts if (table := _table_of(part))}
    if not named <= _tables_restricted(query):
        msg = "a query names a clinical table where no criterion reaches it; name its mapped class plainly"
        raise TenancyError(msg)
    return named


def _tables_of_change(change: Update | Delete) -> set[str]:
    target = _table_of(change.table)
    named = {table for part in _parts_naming_tables(change) if (table := _table_of(part))}
    if not named <= {target} or (target and not _is_mapped(change.table)):
        msg = "a change may name clinical rows only as its mapped target, or in a query inside it"
        raise TenancyError(msg)
    return {target} if target else set()


def _clinical_tables_of(statement: Executable) -> set[str]:
    """Return the clinical tables of a statement; raise TenancyError for one that no criterion reaches."""
    tables: set[str] = set()
    for part in visitors.iterate(cast("ExternallyTraversible", statement)):
        if isinstance(part, Select):
            tables |= _tables_of_query(part)
        elif isinstance(part, (Update, Delete)):
            tables |= _tables_of_change(part)
        elif isinstance(part, Insert):
            tables |= {table for table in [_table_of(part.table)] if table}
        elif isinstance(part, TextClause) or (isinstance(part, ColumnClause) and _is_sql_text(part)):
            msg = "SQL text cannot be inspected; build the statement from mapped classes"
            raise TenancyError(msg)
    return tables


def _is_sql_text(column: ColumnClause[Any]) -> bool:
    # SQLAlchemy itself uses text for the star of count() and for a selected number.
    return column.is_literal and column.name != "*" and not column.name.isdigit()


def _restrict(state: ORMExecuteState) -> None:
    statement = state.statement
    is_prepared = state.execution_options.get(PREPARED, False) and isinstance(statement, Select)
    if not (_names_clinical_rows_once if is_prepared else _names_clinical_rows)(statement):
        return
    if isinstance(statement, Insert) or isinstance(state.parameters, list):
        # Neither supports loader criteria.
        msg = "clinical rows are added to the session, and changed there or by a criterion"
        raise TenancyError(msg)
    if isinstance(statement, Update) and CLINIC in _set_by(statement, state.parameters):
        msg = "a clinical row stays in its clinic"
        raise TenancyError(msg)
    clinic_id = of_clinic(state.session)
    state.statement = (_restricted_once if is_prepared else _restricted)(statement, clinic_id)


@lru_cache(MAX_INSPECTED)
def _criterion(clinic_id: UUID) -> ORMOption:
    return with_loader_criteria(ClinicScoped, lambda cls: cls.clinic_id == clinic_id, include_aliases=True)


def _restricted(statement: Executable, clinic_id: UUID) -> Executable:
    return statement.options(_criterion(clinic_id))


_INSPECTED: LRUCache[Any, bool] = LRUCache(MAX_INSPECTED)


def _names_clinical_rows(statement: Executable) -> bool:
    """Return whether a statement names clinical tables; raise TenancyError where no criterion reaches one.

    SQLAlchemy compiles statements of one cache key to one text, values apart, and keeps that text. So what
    inspecting one of them found is true of all; one that was refused is not cached and is refused each time.
    """
    key = statement._generate_cache_key()  # type: ignore[attr-defined]  # noqa: SLF001  it has no public name
    if key is None:
        return bool(_clinical_tables_of(statement))
    if (found := _INSPECTED.get(key.key)) is None:
        found = _INSPECTED[key.key] = bool(_clinical_tables_of(statement))
    return found


# A statement is immutable once built, so of a prepared one not even the key is computed again.
_names_clinical_rows_once = lru_cache(MAX_INSPECTED)(_names_clinical_rows)
_restricted_once = lru_cache(MAX_INSPECTED)(_restricted)


def _set_by(change: Update, parameters: object) -> set[str]:
    columns = change._values or ()  # noqa: SLF001  it has no public name
    by_name = parameters if isinstance(parameters, dict) else ()
    return {str(getattr(column, "name", column)) for column in columns} | set(by_name)


def _stamp(session: Session, context: UOWTransaction, instances: object) -> None:  # noqa: ARG001
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, ClinicScoped):
            continue
        clinic_id = of_clinic(session)
        if row in session.new and row.clinic_id is None:
            row.clinic_id = clinic_id
        if row.clinic_id != clinic_id or inspect(row).attrs.clinic_id.history.deleted:
            msg = f"a row of {row.__tablename__} belongs to another clinic"  # type: ignore[attr-defined]
            raise TenancyError(msg)
