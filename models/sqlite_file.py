"""The file of a SQLite database: which one is open, whether another program has it open, its journals."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED_LOCK_START = 0x40000002
"""First byte of the range on which every open connection in WAL mode has a read lock.

SQLite's file format fixes it. Operational."""
SHARED_LOCK_BYTES = 510
"""Length of that range, bytes. Operational."""
WAL, SHARED_MEMORY = "-wal", "-shm"

Identity = tuple[int, int]


class FileInUse(Exception):
    """Another program has the database open."""


class OpenedFile:
    """The file that a process opened first, compared with the one that has its name now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: Identity | None = None

    def identity(self) -> Identity | None:
        """Return the device and inode that have the path now; None if there is no such file."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def opened(self, identity: Identity | None) -> None:
        """Remember what a connection opened, unless an earlier one that may still be open was remembered."""
        self._opened = self._opened or identity

    def closed(self) -> None:
        """Forget it: no connection is open."""
        self._opened = None

    def checkpoint(self) -> None:
        """Copy what the write-ahead log holds into the file, as far as no reader needs the log; empty it."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def was_replaced(self) -> bool:
        """Return whether another file, or none, has the name of the one that is open."""
        return self._opened is not None and self._opened != self.identity()


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Keep every program from opening the database; raise FileInUse if one has it open.

    Takes SQLite's own lock without opening the database, so that no journal is read or removed. This process
    must not have it open: its own locks would not be seen, and would be lost.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield
        return
    try:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_LOCK_BYTES, SHARED_LOCK_START)
        except (BlockingIOError, PermissionError):
            raise FileInUse from None
        yield
    finally:
        os.close(descriptor)


def journal(path: Path, suffix: str) -> Path:
    """Return the path of one of a database's journals."""
    return path.with_name(path.name + suffix)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
