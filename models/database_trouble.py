"""What is wrong where the database refuses or does not answer, by codes and never by its words."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Cause(StrEnum):
    """Why the database did not do what it was asked."""

    FULL = "full"
    LOCKED = "locked"
    MISSING_TABLE = "missing_table"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Trouble:
    """The driver's code (SQLSTATE, or SQLite's name of the error, or a class) and the cause it stands for."""

    code: str
    cause: Cause


SQLSTATES = {
    "53100": Cause.FULL,
    "55P03": Cause.LOCKED,
    "40P01": Cause.LOCKED,
    "40001": Cause.LOCKED,
    "42P01": Cause.MISSING_TABLE,
    "42703": Cause.MISSING_TABLE,
    "3F000": Cause.MISSING_TABLE,
    "57014": Cause.TIMEOUT,
    "42501": Cause.FORBIDDEN,
    "53300": Cause.UNREACHABLE,
}
SQLSTATE_CLASSES = {"08": Cause.UNREACHABLE, "57": Cause.UNREACHABLE, "28": Cause.UNREACHABLE} | {
    "23": Cause.CONFLICT
}
SQLITE_NAMES = {
    "SQLITE_FULL": Cause.FULL,
    "SQLITE_BUSY": Cause.LOCKED,
    "SQLITE_LOCKED": Cause.LOCKED,
    "SQLITE_CANTOPEN": Cause.UNREACHABLE,
    "SQLITE_NOTADB": Cause.UNREACHABLE,
    "SQLITE_CONSTRAINT": Cause.CONFLICT,
}
MISSING = ("no such table", "no such column", "has no column named")


def trouble(error: BaseException) -> Trouble:
    """Return what an error of SQLAlchemy or of a driver says, without its text, which may quote a row."""
    if isinstance(error, PoolTimeout):
        return Trouble("pool_timeout", Cause.TIMEOUT)
    found = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(found, sqlite3.Error):
        return _of_sqlite(found)
    code = getattr(found, "sqlstate", None)
    if code is not None:
        cause = SQLSTATES.get(code) or SQLSTATE_CLASSES.get(code[:2], Cause.OTHER)
        return Trouble(code, cause)
    name = type(found).__name__
    if name == "DatabaseDoesNotAnswer":
        return Trouble(name, Cause.TIMEOUT)
    # The driver gives no code where no server has answered.
    return Trouble(
        name, Cause.UNREACHABLE if name in {"OperationalError", "ConnectionTimeout"} else Cause.OTHER
    )


def _of_sqlite(error: sqlite3.Error) -> Trouble:
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    if name == "SQLITE_ERROR" and any(words in str(error) for words in MISSING):
        return Trouble(name, Cause.MISSING_TABLE)
    # An extended code, as SQLITE_BUSY_SNAPSHOT, begins with its primary one.
    primary = "_".join(name.split("_")[:2])
    return Trouble(name, SQLITE_NAMES.get(primary, Cause.OTHER))
