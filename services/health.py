"""Whether the server can do its work, and why not."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from models import deadline
from models.database import Database, DatabaseConfigError
from models.database_trouble import Cause, trouble
from models.schema_version import SchemaState, schema_state
from services.backups import drill_records

CHECK_WAIT_S = 2.5
"""How long a check of readiness may wait for the database, seconds. Operational."""
LOCK_WAIT_S = 1.5
"""Of that, how long for SQLite's write lock, seconds. Operational."""
VALID_S = 0.5
"""How long it is known that the server is not ready before it is checked again, seconds. Operational."""
MIN_FREE_SHARE = 0.05
"""Free share of the database's disk below which the server is not ready. Operational."""

DOES_NOT_ANSWER = "database_does_not_answer"
LOCKED = "database_locked"
DISK_NEARLY_FULL = "disk_nearly_full"
FILE_REPLACED = "file_replaced"
SCHEMA = {
    SchemaState.MISSING: "schema_missing",
    SchemaState.OLDER: "schema_older",
    SchemaState.NEWER: "schema_newer",
}

Check = Callable[[Database], Iterator[str]]


def _file(database: Database) -> Iterator[str]:
    """Give a reason where SQLite's file is not the one that this process opened."""
    if database.file_was_replaced():
        yield FILE_REPLACED


def _schema(database: Database) -> Iterator[str]:
    """Give a reason unless the database answers and has the schema that this code was written for."""
    with database.read() as session:
        state = schema_state(session)
    if state is not SchemaState.CURRENT:
        yield SCHEMA[state]


def _write_lock(database: Database) -> Iterator[str]:
    """Give a reason where another process holds SQLite's write lock."""
    if database.file is None:
        return
    with deadline.limited(LOCK_WAIT_S), database.write() as session:
        schema_state(session)
    yield from ()


def _disk(database: Database) -> Iterator[str]:
    """Give a reason where the disk of SQLite's file has little room; of PostgreSQL it is not known."""
    if database.file is not None and free_share(database.file.path) < MIN_FREE_SHARE:
        yield DISK_NEARLY_FULL


CHECKS: list[Check] = [_file, _schema, _write_lock, _disk]
"""What makes a server not ready, in the order in which it is checked."""


def free_share(file: Path) -> float:
    """Return which share of a file's disk is free, 0 to 1."""
    usage = shutil.disk_usage(file.parent)
    return usage.free / usage.total if usage.total else 1.0


class _Known:
    """What was found last for one database; those who ask meanwhile wait for it and get the same."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reasons: list[str] = []
        self.until = 0.0


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()
_known_lock = threading.Lock()


def reasons_not_ready(database: Database) -> list[str]:
    """Return codes of what keeps the server from its work, none where it is ready; takes 4 s at most."""
    with _known_lock:
        known = _known.setdefault(database, _Known())
    with known.lock:
        if known.reasons and time.monotonic() < known.until:
            return known.reasons
        known.reasons = _found(database)
        known.until = time.monotonic() + VALID_S
        return known.reasons


def warnings(database: Database, now: datetime) -> list[str]:
    """Return codes of what the operator must see to, though a ready server answers requests as before."""
    try:
        with database.read() as session:
            drill = drill_records.state(session, now)
    except SQLAlchemyError:
        return []
    return [] if drill is None else [drill]


def _found(database: Database) -> list[str]:
    found: list[str] = []
    with deadline.limited(CHECK_WAIT_S):
        for check in CHECKS:
            try:
                found += check(database)
            except (SQLAlchemyError, DatabaseConfigError, OSError) as error:
                found.append(LOCKED if _is_lock(error) else DOES_NOT_ANSWER)
                if found[-1] == DOES_NOT_ANSWER:
                    break
    return list(dict.fromkeys(found))


def _is_lock(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and trouble(error).cause is Cause.LOCKED
