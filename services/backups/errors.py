"""Why a backup was not made, or not restored: a sentence for the person at the terminal."""

from __future__ import annotations

import errno
import os
import pwd
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

DATABASE_FAILED = (
    "The database does not answer, or could not be read: check that it is running, that DATABASE_URL names "
    "it, and that this role may do it"
)
DAMAGED = "This backup is damaged or cut short: nothing was restored. Use another one."
FULL = "There is no space left"
NOT_ALLOWED = (
    "{0}: the user {1} may not read or write there. Choose another place, such as /var/backups/afterglow."
)


class BackupError(Exception):
    """A backup could not be made, checked or restored; its text says what to do and quotes no row."""


@contextmanager
def described(where: object) -> Iterator[None]:
    """Turn errors of files and databases into a BackupError, without their words: those may quote a row."""
    try:
        yield
    except OSError as error:
        raise BackupError(_of_file(error, where)) from None
    except sqlite3.Error as error:
        raise BackupError(_of_sqlite(error)) from None
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise BackupError(_of_sqlite(error.orig)) from None
        code = getattr(error.orig, "sqlstate", None)
        raise BackupError(f"{DATABASE_FAILED} ({code or type(error.orig).__name__}).") from None
    except CommandError:
        raise BackupError("The copy could not be migrated to this version's schema.") from None


def _of_file(error: OSError, where: object) -> str:
    place = error.filename or where
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{FULL} for {place}: free some, or choose another folder."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        # Named by what was asked for: the file that is written first has another name.
        return NOT_ALLOWED.format(where if isinstance(where, Path) else place, _user())
    return f"{place}: {error.strerror or 'cannot be read or written'}."


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _of_sqlite(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if name == "SQLITE_FULL":
        return f"{FULL} for a copy of the database: free some."
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "SQLite found the database damaged: restore a backup, or ask for help before you write to it."
    return f"SQLite could not read or write the database ({name})."
