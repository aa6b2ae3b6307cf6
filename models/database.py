"""The engine and its sessions: durable SQLite or PostgreSQL, reads apart from writes."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from models.sqlite_write_lock import SQLiteWriteLock
from models.tenancy import CLINIC, guard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_TIMEOUT_MS = 5_000
POOL_TIMEOUT_S = 5
POOL_SIZE = 16
"""Two for each of a worker's eight threads: one to read by, one to keep by what was worked out."""
PING_AFTER_S = 1.0
STATEMENT_TIMEOUT_MS = 10_000
READS = {"afterglow_reads": True}
SQLITE_SETTINGS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": BUSY_TIMEOUT_MS,
}


class DatabaseConfigError(Exception):
    """The database did not confirm a setting that keeps check-ins safe."""


class ScopedSession(Session):
    """A session that sees one clinic, or only the tables that belong to none."""


guard(ScopedSession)


class Database:
    """Opens sessions on one database; `reading` never waits for a writer, `writing` is durable.

    `writing` commits when its block ends well and rolls back when it raises.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writes = sessionmaker(self.engine, class_=ScopedSession, expire_on_commit=False)
        self._reads = sessionmaker(
            self.engine.execution_options(**READS), class_=ScopedSession, expire_on_commit=False
        )

    @contextmanager
    def reading(self, clinic_id: UUID | None = None) -> Iterator[Session]:
        """Open a session for looking; whatever it changed is dropped."""
        with self._reads(info={CLINIC: clinic_id}) as session:
            yield session

    @contextmanager
    def writing(self, clinic_id: UUID | None = None) -> Iterator[Session]:
        """Open a session for a deed, kept whole or not at all."""
        with self._writes.begin() as session:
            session.info[CLINIC] = clinic_id
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def refresh_snapshot(session: Session) -> None:
    """Let a session that only reads see what was stored since it began."""
    session.rollback()


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        hide_parameters=True,
        connect_args={"options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"},
    )
    _ask_after_rest(engine)
    return engine


def _ask_after_rest(engine: Engine) -> None:
    """Ask a connection that rested whether it is still alive; asking each time is a round trip a request."""

    @event.listens_for(engine, "checkin")
    def _rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        since = entry.info.pop("rests_since", None)
        if since is None or time.monotonic() - since < PING_AFTER_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # Whatever ended this one ended them all: the pool opens new ones, and tries again.
            raise InvalidatePoolError from error


def _sqlite(url: str) -> Engine:
    file = make_url(url).database
    if not file or file == ":memory:":
        msg = "SQLite needs a file: in memory, every connection would see a database of its own"
        raise DatabaseConfigError(msg)
    engine = create_engine(
        url, pool_size=POOL_SIZE, max_overflow=0, pool_timeout=POOL_TIMEOUT_S, hide_parameters=True
    )
    # Before SQLite makes it for everybody to read; its journals take the file's own mode.
    Path(file).touch(mode=0o600)
    turn = SQLiteWriteLock(Path(f"{file}-turn"), BUSY_TIMEOUT_MS / 1000)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN is deferred, and a deferred reader turned writer fails at once under load.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        for name, promised in SQLITE_SETTINGS.items():
            (found,) = cursor.execute(f"PRAGMA {name}").fetchone()
            if found != promised:
                msg = f"SQLite answered {found!r} for {name}, not {promised!r}"
                raise DatabaseConfigError(msg)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("afterglow_reads"):
            connection.exec_driver_sql("BEGIN")
            return
        try:
            turn.take(connection.connection.dbapi_connection)
        except sqlite3.OperationalError as error:
            # Listeners' errors pass unwrapped, and whoever waits for the database expects SQLAlchemy's.
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # A connection that broke is dropped before it is checked in.
    @event.listens_for(engine, "invalidate")
    def _give_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _error: object) -> None:
        turn.release(connection)

    @event.listens_for(engine, "checkin")
    def _give_back(connection: DBAPIConnection | None, _entry: ConnectionPoolEntry) -> None:
        turn.release(connection)

    return engine
