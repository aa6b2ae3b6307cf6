"""Recorder of the SQL that one request sends, so that the floor can replay it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, event

NOW_TOLERANCE: Final = timedelta(minutes=1)
COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter that differs between requests, and the form in which the driver receives it."""

    name: str
    form: str


@dataclass(slots=True)
class Step:
    """One statement, its parameters, and the result column that holds the patient's change_seq."""

    sql: str
    parameters: Any = None
    fetches: bool = False
    counter_column: int | None = None


@dataclass(slots=True)
class SqlRecording:
    """Statements of one kind of request."""

    steps: list[Step] = field(default_factory=list)


@contextmanager
def record_sql(engine: Engine, named: Mapping[str, Any]) -> Iterator[SqlRecording]:
    """Record the engine's statements; `named` holds the values that belong to this request alone.

    A patient's change_seq is named `counter`; it and the next one are recognized by their values.
    """
    recording = SqlRecording()

    def execute(
        _connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any
    ) -> None:
        columns = [column[0] for column in cursor.description or ()]
        counter = columns.index("change_seq") if "change_seq" in columns else None
        recording.steps.append(Step(statement, _slots(parameters, named), bool(columns), counter))

    def commit(_connection: Any) -> None:
        recording.steps.append(Step(COMMIT))

    def rollback(_connection: Any) -> None:
        recording.steps.append(Step(ROLLBACK))

    listeners: dict[str, Callable[..., None]] = {
        "after_cursor_execute": execute,
        "commit": commit,
        "rollback": rollback,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield recording
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def bound(parameters: Any, values: Mapping[str, Any]) -> Any:
    """Return a statement's parameters with the values of one request."""
    if isinstance(parameters, dict):
        return {name: _bind(value, values) for name, value in parameters.items()}
    return tuple([_bind(value, values) for value in parameters or ()])


def _slots(parameters: Any, named: Mapping[str, Any]) -> Any:
    if isinstance(parameters, Mapping):
        return {name: _slot(value, named) for name, value in parameters.items()}
    return tuple(_slot(value, named) for value in parameters)


def _slot(value: Any, named: Mapping[str, Any]) -> Any:
    form, parsed = _parsed(value)
    if isinstance(parsed, datetime) and abs(parsed - datetime.now(UTC)) < NOW_TOLERANCE:
        return Slot("now", form)
    if isinstance(parsed, int) and "counter" in named and parsed == named["counter"] + 1:
        return Slot("next_counter", form)
    for name, one in named.items():
        if type(one) is type(parsed) and one == parsed:
            return Slot(name, form)
    return value


def _parsed(value: Any) -> tuple[str, Any]:
    """Return a parameter's form and value; SQLite receives text for types that it lacks."""
    if isinstance(value, datetime):
        return ("aware", value) if value.tzinfo else ("naive", value.replace(tzinfo=UTC))
    if isinstance(value, str):
        for form, read in (("hex", UUID), ("iso", date.fromisoformat), ("text", datetime.fromisoformat)):
            try:
                parsed: Any = read(value)
            except ValueError:
                continue
            return form, parsed.replace(tzinfo=UTC) if form == "text" else parsed
    return "plain", value


def _bind(value: Any, values: Mapping[str, Any]) -> Any:
    if not isinstance(value, Slot):
        return value
    found = values[value.name]
    if value.form == "hex":
        return found.hex
    if value.form == "iso":
        return found.isoformat()
    if value.form == "text":
        return found.strftime("%Y-%m-%d %H:%M:%S.%f")
    return found.replace(tzinfo=None) if value.form == "naive" else found
