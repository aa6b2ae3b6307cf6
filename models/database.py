"""Database engine and sessions: durable SQLite or PostgreSQL, reads apart from writes."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from models import deadline
from models.sqlite_file import OpenedFile, journal
from models.sqlite_write_lock import SQLiteWriteLock
from models.tenancy import CLINIC, guard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for a lock, milliseconds. Operational."""
POOL_TIMEOUT_S = 2
"""How long a request waits for a connection, seconds. Operational."""
POOL_SIZE = 16
"""Two for each of a worker's eight threads: one to read with, one to store what was computed. Operational."""
PING_AFTER_S = 1.0
"""Idle time after which a connection is checked before use, seconds. Operational."""
PING_WAIT_S = 1.5
"""How long that check may take before another connection is opened instead, seconds. Operational."""
STATEMENT_TIMEOUT_MS = 10_000
"""Longest statement on PostgreSQL, milliseconds. Operational."""
LOCK_TIMEOUT_MS = 3_000
"""How long PostgreSQL waits for what another transaction holds, milliseconds. Operational."""
READS = {"afterglow_reads": True}
SQLITE_SETTINGS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": BUSY_TIMEOUT_MS,
}
"""Settings of every SQLite connection. Operational."""


class DatabaseConfigError(Exception):
    """The database did not confirm a setting that durability depends on."""


class ScopedSession(Session):
    """A session that sees one clinic, or only the tables that belong to none."""


guard(ScopedSession)


class Database:
    """Sessions on one database: `read()` never waits for a writer, `write()` is durable.

    `write()` commits when its block ends and rolls back when it raises.
    """

    def __init__(self, url: str) -> None:
        self.file = _file(url)
        """The file of an SQLite database, None of PostgreSQL."""
        self.engine = _engine(url, self.file)
        self._writes = sessionmaker(self.engine, class_=ScopedSession, expire_on_commit=False)
        self._reads = sessionmaker(
            self.engine.execution_options(**READS), class_=ScopedSession, expire_on_commit=False
        )

    @contextmanager
    def read(self, clinic_id: UUID | None = None) -> Iterator[Session]:
        """Open a read-only session; any change made in it is rolled back."""
        with self._reads(info={CLINIC: clinic_id}) as session:
            yield session

    @contextmanager
    def write(self, clinic_id: UUID | None = None) -> Iterator[Session]:
        """Open a session for one transaction, committed whole or not at all."""
        with self._writes.begin() as session:
            session.info[CLINIC] = clinic_id
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self.file is not None:
            self.file.closed()

    def stop(self) -> None:
        """Copy what SQLite's write-ahead log holds into the database's file, then close every connection.

        After the last process has stopped so, the file alone is the whole database.
        """
        if self.file is not None and not self.file_was_replaced():
            # What another process still reads is left in the log: that process copies it when it stops.
            with suppress(sqlite3.Error):
                self.file.checkpoint()
        self.close()

    def file_was_replaced(self) -> bool:
        """Return whether SQLite's file was renamed, removed or replaced since this process opened it."""
        return self.file is not None and self.file.was_replaced()


def refresh_snapshot(session: Session) -> None:
    """End a reading session's transaction, so that its next query sees what was committed since."""
    session.rollback()


def _file(url: str) -> OpenedFile | None:
    """Return SQLite's file; None for PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        msg = "SQLite needs a file: in memory, every connection would see a database of its own"
        raise DatabaseConfigError(msg)
    return OpenedFile(Path(parsed.database))


def _engine(url: str, file: OpenedFile | None) -> Engine:
    if file is not None:
        return _sqlite(url, file)
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        hide_parameters=True,
        connect_args={
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} "
            "-c timezone=UTC"
        },
    )
    _bound_every_wait(engine)
    _ping_idle_connections(engine)
    return engine


def _bound_every_wait(engine: Engine) -> None:
    """Open connections that give up at the deadline, and begin nothing for a request that waited too long."""
    # Imported here: a server on SQLite needs no driver of PostgreSQL.
    from models.postgresql_connection import DatabaseDoesNotAnswer, open_connection  # noqa: PLC0415

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: object, _entry: object, arguments: list[Any], parameters: dict[str, Any]
    ) -> DBAPIConnection:
        return cast("DBAPIConnection", open_connection(*arguments, **parameters))

    @event.listens_for(engine, "begin")
    def _begin(_connection: Connection) -> None:
        if deadline.remaining(1.0) <= 0:
            raise OperationalError("BEGIN", None, DatabaseDoesNotAnswer())


def _ping_idle_connections(engine: Engine) -> None:
    """Ping a connection that was idle for a while; a ping at every checkout costs a round trip a request."""

    @event.listens_for(engine, "checkin")
    def _mark_idle(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ping(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        since = entry.info.pop("idle_since", None)
        if since is None or time.monotonic() - since < PING_AFTER_S:
            return
        try:
            with deadline.limited(PING_WAIT_S):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # A server restart ends every pooled connection: the pool opens new ones and tries again.
            raise InvalidatePoolError from error


def _sqlite(url: str, file: OpenedFile) -> Engine:
    engine = create_engine(
        url, pool_size=POOL_SIZE, max_overflow=0, pool_timeout=POOL_TIMEOUT_S, hide_parameters=True
    )
    # Created here, since SQLite would create it readable for all users; its journals copy the file's mode.
    file.path.touch(mode=0o600)
    lock = SQLiteWriteLock(journal(file.path, "-lock"), BUSY_TIMEOUT_MS / 1000)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        identity = file.identity()
        # The driver's own BEGIN is deferred: one that turns from reading to writing fails under load.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        for name, expected in SQLITE_SETTINGS.items():
            (found,) = cursor.execute(f"PRAGMA {name}").fetchone()
            if found != expected:
                msg = f"SQLite answered {found!r} for {name}, not {expected!r}"
                raise DatabaseConfigError(msg)
        # The first read of a file takes the lock by which other programs see that it is open.
        cursor.execute("PRAGMA schema_version").fetchone()
        cursor.close()
        file.opened(identity)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("afterglow_reads"):
            connection.exec_driver_sql("BEGIN")
            return
        with deadline.waiting(BUSY_TIMEOUT_MS / 1000) as left:
            ends = time.monotonic() + left
            raw = connection.connection.dbapi_connection
            try:
                lock.acquire(raw, left)
            except sqlite3.OperationalError as error:
                # SQLAlchemy does not wrap an error raised in a listener; callers handle its own type.
                raise OperationalError("BEGIN IMMEDIATE", None, error) from error
            # Another program, as a shell of SQLite, does not know our lock and holds SQLite's own.
            # Whole tenths: the driver keeps the last statements that it prepared.
            left_ms = max(0, 100 * round(10 * (ends - time.monotonic())))
            connection.exec_driver_sql(f"PRAGMA busy_timeout={left_ms}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    # A broken connection is invalidated and never checked in.
    @event.listens_for(engine, "invalidate")
    def _release_broken(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _error: object) -> None:
        lock.release(connection)

    @event.listens_for(engine, "checkin")
    def _release(connection: DBAPIConnection | None, _entry: ConnectionPoolEntry) -> None:
        lock.release(connection)

    return engine
