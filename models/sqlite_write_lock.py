"""One writer at a time on SQLite, without the polling of its busy handler."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ANOTHER_LOOK_S = 0.0005


class SQLiteWriteLock:
    """The turn to write to one SQLite file, shared by the threads of a process and by its processes.

    SQLite lets a waiting writer sleep for up to 100 ms between looks, so that under load some wait a
    hundred times longer than others. Here threads queue on a lock, and only the first of each process
    looks at the file's lock, every half millisecond. The kernel frees that lock when a process dies.
    """

    def __init__(self, path: Path, patience_s: float) -> None:
        self._path = path
        self._patience_s = patience_s
        self._in_process = threading.Lock()
        self._holder: object | None = None
        self._file: tuple[int, int] | None = None

    def take(self, holder: object) -> None:
        """Wait for the turn; raises sqlite3.OperationalError when patience ends, as SQLite itself would."""
        until = time.monotonic() + self._patience_s
        if not self._in_process.acquire(timeout=self._patience_s):
            raise _busy()
        try:
            while not self._lock_file():
                if time.monotonic() > until:
                    raise _busy()
                time.sleep(ANOTHER_LOOK_S)
        except BaseException:
            self._in_process.release()
            raise
        self._holder = holder

    def release(self, holder: object) -> None:
        """End the turn, if this holder has it."""
        if self._holder is None or holder is not self._holder:
            return
        self._holder = None
        fcntl.flock(self._descriptor(), fcntl.LOCK_UN)
        self._in_process.release()

    def _lock_file(self) -> bool:
        try:
            fcntl.flock(self._descriptor(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _descriptor(self) -> int:
        # A descriptor inherited over a fork shares its lock with the parent: each process opens its own.
        if self._file is None or self._file[0] != os.getpid():
            self._file = (os.getpid(), os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return self._file[1]


def _busy() -> sqlite3.OperationalError:
    return sqlite3.OperationalError("database is locked")
