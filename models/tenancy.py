"""No query leaves its clinic: every statement on a clinic's rows is narrowed, or refused."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Alias, Column, Delete, Join, Select, Table, Update, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors

from models.base import Base, ClinicScoped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ClauseElement
    from sqlalchemy.orm import UOWTransaction

CLINIC = "clinic_id"


class OutsideClinic(Exception):  # noqa: N818  it names what happened
    """A statement touched clinical rows without naming the one clinic it may see."""


def of_clinic(session: Session) -> UUID:
    """Tell which clinic this session may see; raises OutsideClinic if it was opened for none."""
    clinic_id = session.info.get(CLINIC)
    if not isinstance(clinic_id, UUID):
        msg = "this session was not opened for a clinic"
        raise OutsideClinic(msg)
    return clinic_id


def guard(session_class: type[Session]) -> None:
    """Put the guard on every session of a class."""
    event.listen(session_class, "do_orm_execute", _narrow)
    event.listen(session_class, "before_flush", _stamp)


@cache
def _clinical_tables() -> frozenset[str]:
    return frozenset(
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, ClinicScoped) and isinstance(mapper.local_table, Table)
    )


def _named_tables(element: ClauseElement) -> Iterator[ClauseElement]:
    """Give the tables a part of a statement names, itself or by a column."""
    if isinstance(element, Select):
        yield from element._raw_columns  # noqa: SLF001  the explicit ones: get_final_froms() would compile
        yield from element._from_obj  # noqa: SLF001
    elif isinstance(element, Join):
        yield element.left
        yield element.right
    elif isinstance(element, (Update, Delete)):
        yield element.table
    elif isinstance(element, Column):
        yield element


def _touches_clinic_rows(statement: ClauseElement) -> bool:
    """Tell whether a statement touches clinical rows; raises OutsideClinic if it does so past the classes."""
    touches = False
    for element in visitors.iterate(statement):
        for named in _named_tables(element):
            table = getattr(named, "table", named)
            if isinstance(table, Alias) and getattr(table.element, "name", None) in _clinical_tables():
                # Tried: a count over an alias is not narrowed, whatever include_aliases says.
                msg = f"{table.element.name} was named by an alias; name its mapped class"
                raise OutsideClinic(msg)
            if not isinstance(table, Table) or table.name not in _clinical_tables():
                continue
            touches = True
            # A criterion only reaches mapped classes: a clinical table named directly would escape it.
            if "parententity" not in named._annotations:  # noqa: SLF001  no public name for it
                msg = f"{table.name} was named as a bare table; name its mapped class"
                raise OutsideClinic(msg)
    return touches


def _narrow(state: ORMExecuteState) -> None:
    if state.is_insert:
        msg = "clinical rows are added to the session, which stamps their clinic"
        if getattr(state.statement, "table", Table).name in _clinical_tables():
            raise OutsideClinic(msg)
        return
    if not _touches_clinic_rows(state.statement):
        return
    clinic_id = of_clinic(state.session)
    state.statement = state.statement.options(
        with_loader_criteria(ClinicScoped, lambda cls: cls.clinic_id == clinic_id, include_aliases=True)
    )


def _stamp(session: Session, context: UOWTransaction, instances: object) -> None:  # noqa: ARG001
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, ClinicScoped):
            continue
        clinic_id = of_clinic(session)
        if row in session.new and row.clinic_id is None:
            row.clinic_id = clinic_id
        if row.clinic_id != clinic_id or inspect(row).attrs.clinic_id.history.deleted:
            msg = f"a row of {row.__tablename__} belongs to another clinic"  # type: ignore[attr-defined]
            raise OutsideClinic(msg)
