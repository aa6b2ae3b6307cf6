"""SQLite: an online copy by VACUUM INTO, and the replacement of the file under SQLite's own lock."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import NullPool, create_engine, make_url

from models.database import Database
from models.sqlite_file import SHARED_MEMORY, WAL, FileInUse, exclusive, journal, sync_folder
from services.backups.archive import Contents
from services.backups.errors import BackupError, described
from services.backups.stores import contents, private_folder

KIND: Final = "sqlite"
IN_USE = (
    "The database is in use: stop the server, every worker and every other program that has it open, then "
    "try again. Nothing was changed."
)
DAMAGED_COPY = "SQLite's integrity check failed on the copy: it is not a backup."


class SQLiteStore:
    """A database in one file."""

    kind = KIND

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path

    def folder(self) -> AbstractContextManager[Path]:
        """Return a private folder on the database's own file system: a restored file is renamed from it."""
        return private_folder(self._path.parent)

    def copy(self, file: Path) -> Contents:
        """Write a consistent copy without what was deleted, and check it; readers and writers go on."""
        file.touch(mode=0o600)
        # A connection of its own: those of requests may have to answer within seconds.
        with described(file), closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(file),))
        self.check(_address(file))
        return self.contents(_address(file))

    def roles(self) -> Sequence[str]:
        """Return none: SQLite has no roles."""
        return ()

    def refuse_unless_replaceable(self) -> None:
        """Raise BackupError if a program has the database open, or journals of another one lie next to it."""
        self._database.close()
        with described(self._path), _only_us(self._path):
            self._refuse_stray_journals()

    @contextmanager
    def stage(self, copy: Path, roles: Sequence[str] | None) -> Iterator[str]:  # noqa: ARG002  none here
        """Return the address of the copy itself; its folder is removed with it."""
        yield _address(copy)

    def check(self, address: str) -> None:
        """Raise BackupError unless the copy's pages, indexes, constraints and references are whole."""
        file = _file(address)
        with described(file), closing(sqlite3.connect(file, isolation_level=None)) as connection:
            answers = connection.execute("PRAGMA integrity_check").fetchall()
            dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
        if answers != [("ok",)] or dangling is not None:
            raise BackupError(DAMAGED_COPY)

    def contents(self, address: str) -> Contents:
        """Return what a copy holds."""
        engine = create_engine(address, poolclass=NullPool, hide_parameters=True)
        with described(_file(address)), engine.connect() as connection:
            return contents(connection)

    def replace(self, address: str, suffix: str) -> str | None:
        """Rename the copy to the database's name; the present file and its log get a name with the suffix.

        At every instant the present database is whole under one of its names, whatever ends this process.
        """
        staged = _file(address)
        with described(self._path), _only_us(self._path):
            _as_one_file(staged)
            self._refuse_stray_journals()
            self._hand_over(staged)
            aside = self._move_aside(self._path.with_name(self._path.name + suffix))
            try:
                staged.rename(self._path)
            except OSError:
                if aside is not None:
                    self._move_back(aside)
                raise
            sync_folder(self._path.parent)
        return None if aside is None else str(aside)

    def _hand_over(self, staged: Path) -> None:
        """Give a copy that root made to the user of the present database, or else of its folder."""
        if os.geteuid() == 0:
            like = (self._path.parent if self._is_empty() else self._path).stat()
            os.chown(staged, like.st_uid, like.st_gid)

    def _is_empty(self) -> bool:
        """Return whether there is no database: opening a server makes an empty file."""
        return not self._path.exists() or self._path.stat().st_size == 0

    def _refuse_stray_journals(self) -> None:
        """Raise BackupError if a log has this database's name while there is no database."""
        if not self._is_empty():
            return
        for suffix in (WAL, SHARED_MEMORY):
            found = journal(self._path, suffix)
            if found.exists():
                raise BackupError(
                    f"{found} belongs to another database than the one that is restored, and may hold that "
                    "one's newest rows: move it to where its database is. Nothing was changed."
                )

    def _move_aside(self, aside: Path) -> Path | None:
        if self._is_empty():
            self._path.unlink(missing_ok=True)
            return None
        # A second name for the log before the file is renamed: the file is never without its log.
        wal = journal(self._path, WAL)
        if wal.exists():
            os.link(wal, journal(aside, WAL))
        self._path.rename(aside)
        wal.unlink(missing_ok=True)
        journal(self._path, SHARED_MEMORY).unlink(missing_ok=True)
        return aside

    def _move_back(self, aside: Path) -> None:
        with suppress(OSError):
            if journal(aside, WAL).exists():
                os.link(journal(aside, WAL), journal(self._path, WAL))
            aside.rename(self._path)
            journal(aside, WAL).unlink(missing_ok=True)


@contextmanager
def _only_us(path: Path) -> Iterator[None]:
    try:
        with exclusive(path):
            yield
    except FileInUse:
        raise BackupError(IN_USE) from None


def _as_one_file(file: Path) -> None:
    """Take a copy out of WAL mode, into which migrating may have put it, and put it on the disk."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _address(file: Path) -> str:
    return f"sqlite:///{file}"


def _file(address: str) -> Path:
    return Path(make_url(address).database or "")
