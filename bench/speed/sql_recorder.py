"""Just what one request sends to its database, taken down so that the floor can send it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, event

CLOSE_TO_NOW: Final = timedelta(minutes=1)
COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter that differs from request to request, and the form in which the driver gets it."""

    name: str
    form: str


@dataclass(slots=True)
class Step:
    """One statement, its parameters, and in which column of its answer the patient's counter stands."""

    sql: str
    parameters: Any = None
    fetches: bool = False
    counter_column: int | None = None


@dataclass(slots=True)
class Tape:
    """The steps of one kind of request."""

    steps: list[Step] = field(default_factory=list)


@contextmanager
def recording(engine: Engine, named: Mapping[str, Any]) -> Iterator[Tape]:
    """Take down what goes through the engine; `named` are the values that belong to this request alone.

    A patient's counter is named `counter`; it and its successor are found by their values.
    """
    tape = Tape()

    def execute(
        _connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any
    ) -> None:
        columns = [column[0] for column in cursor.description or ()]
        counter = columns.index("change_seq") if "change_seq" in columns else None
        tape.steps.append(Step(statement, _slots(parameters, named), bool(columns), counter))

    def commit(_connection: Any) -> None:
        tape.steps.append(Step(COMMIT))

    def rollback(_connection: Any) -> None:
        tape.steps.append(Step(ROLLBACK))

    listeners: dict[str, Callable[..., None]] = {
        "after_cursor_execute": execute,
        "commit": commit,
        "rollback": rollback,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield tape
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def filled(parameters: Any, values: Mapping[str, Any]) -> Any:
    """Put one request's values where its parameters differ from the next one's."""
    if isinstance(parameters, dict):
        return {name: _fill(value, values) for name, value in parameters.items()}
    return tuple([_fill(value, values) for value in parameters or ()])


def _slots(parameters: Any, named: Mapping[str, Any]) -> Any:
    if isinstance(parameters, Mapping):
        return {name: _slot(value, named) for name, value in parameters.items()}
    return tuple(_slot(value, named) for value in parameters)


def _slot(value: Any, named: Mapping[str, Any]) -> Any:
    form, meant = _meant(value)
    if isinstance(meant, datetime) and abs(meant - datetime.now(UTC)) < CLOSE_TO_NOW:
        return Slot("now", form)
    if isinstance(meant, int) and "counter" in named and meant == named["counter"] + 1:
        return Slot("next_counter", form)
    for name, one in named.items():
        if type(one) is type(meant) and one == meant:
            return Slot(name, form)
    return value


def _meant(value: Any) -> tuple[str, Any]:
    """Tell what a parameter means; SQLite gets text for what it has no type for."""
    if isinstance(value, datetime):
        return ("aware", value) if value.tzinfo else ("naive", value.replace(tzinfo=UTC))
    if isinstance(value, str):
        for form, read in (("hex", UUID), ("iso", date.fromisoformat), ("text", datetime.fromisoformat)):
            try:
                meant: Any = read(value)
            except ValueError:
                continue
            return form, meant.replace(tzinfo=UTC) if form == "text" else meant
    return "plain", value


def _fill(value: Any, values: Mapping[str, Any]) -> Any:
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
