"""What backing up and restoring ask of a kind of database, and what is the same on both."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.engine import Connection

from services.backups.archive import Contents
from services.backups.errors import BackupError, described

PREFIX: Final = ".afterglow-copy-"
"""Begin of the name of a private folder with a copy of the database."""
LEFT_BEHIND_S: Final = 24 * 3600
"""Age at which such a folder is one that a killed command left, seconds. Operational."""

NO_SCHEMA = "The database has no tables yet: there is nothing to back up. Run flask db upgrade first."


class Store(Protocol):
    """One database that is copied, or replaced by a restored copy."""

    kind: str

    def folder(self) -> AbstractContextManager[Path]:
        """Return a private folder for copies, removed at the end."""

    def copy(self, file: Path) -> Contents:
        """Write a consistent, checked copy into an empty file while the database is in use."""

    def roles(self) -> Sequence[str]:
        """Return the database roles that a restored copy refers to."""

    def refuse_unless_replaceable(self) -> None:
        """Raise BackupError if the database is in use, or something is in the way of another one."""

    def stage(self, copy: Path, roles: Sequence[str] | None) -> AbstractContextManager[str]:
        """Return the address of a separate database made of a copy; it is removed at the end.

        `roles` are those it may refer to; with None it is made without their privileges.
        """

    def check(self, address: str) -> None:
        """Raise BackupError unless a staged database is whole."""

    def contents(self, address: str) -> Contents:
        """Return what a staged database holds."""

    def replace(self, address: str, suffix: str) -> str | None:
        """Put a staged database in place of this one; return the name under which this one is left."""


def contents(connection: Connection) -> Contents:
    """Return the revision and the number of rows of every table, in the transaction of a connection."""
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        raise BackupError(NO_SCHEMA)
    revision = connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
    if revision is None:
        raise BackupError(NO_SCHEMA)
    counted = {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(names)
    }
    return Contents(revision, counted)


@contextmanager
def private_folder(parent: Path) -> Iterator[Path]:
    """Make a folder that only its owner can enter, and remove it; remove any that was left behind."""
    with described(parent):
        for folder in parent.glob(f"{PREFIX}*"):
            if time.time() - folder.stat().st_mtime > LEFT_BEHIND_S:
                shutil.rmtree(folder, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
