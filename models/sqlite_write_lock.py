"""Fair queue of SQLite writers, in place of the polling of SQLite's busy handler."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

POLL_INTERVAL_S = 0.0005
"""Pause between two tries for the lock, seconds. Operational."""


class SQLiteWriteLock:
    """Exclusive lock on writing to one SQLite file, between threads and between processes.

    SQLite lets a waiting writer sleep for up to 100 ms between attempts, so that under load some wait a
    hundred times longer than others. Here threads queue on a lock of their process, and only the first of
    each process polls the file's lock, every half millisecond. The kernel frees a dead process's lock.
    """

    def __init__(self, path: Path, timeout_s: float) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._in_process = threading.Lock()
        self._holder: object | None = None
        self._file: tuple[int, int] | None = None

    def acquire(self, holder: object, timeout_s: float | None = None) -> None:
        """Wait for the lock; raise sqlite3.OperationalError at the timeout, as SQLite itself would."""
        timeout_s = self._timeout_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + timeout_s
        if not self._in_process.acquire(timeout=timeout_s):
            raise _busy()
        try:
            while not self._lock_file():
                if time.monotonic() > deadline:
                    raise _busy()
                time.sleep(POLL_INTERVAL_S)
        except BaseException:
            self._in_process.release()
            raise
        self._holder = holder

    def release(self, holder: object) -> None:
        """Free the lock, if this holder has it."""
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
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = "SQLITE_BUSY"
    return error
