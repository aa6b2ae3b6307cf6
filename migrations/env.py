"""Run the migrations in one transaction, one process at a time, on `config.attributes["url"]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlalchemy import Engine, NullPool, create_engine, event, text

import models
from models.base import Base, Instant

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["models"]

# A migration that waits for a lock blocks every request behind it: it fails instead.
LOCK_TIMEOUT_MS = 5_000
# SQLite has one writer: a server that starts while another one migrates waits for all its migrations.
SQLITE_BUSY_TIMEOUT_MS = 60_000
CONNECT_TIMEOUT_S = 10
ONE_AT_A_TIME = 0x41464731


class NoAddress(Exception):
    """No database URL was passed to the migrations."""


class DanglingReference(Exception):
    """A foreign key would refer to a missing row after the migration."""


def engine() -> Engine:
    """Return an engine for the migrations alone: it rebuilds tables, with foreign keys off."""
    url = context.config.attributes.get("url")
    if not url:
        raise NoAddress("start them with flask db, which passes the URL of the database")
    if url.startswith("sqlite"):
        return sqlite(url)
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"
    arguments = {"options": options, "connect_timeout": CONNECT_TIMEOUT_S}
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)


def sqlite(url: str) -> Engine:
    """Return SQLite with transactional DDL; its driver would otherwise commit before each statement."""
    made = create_engine(url, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(made, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_TIMEOUT_MS}")
        # Batch mode drops the old table, which enforced foreign keys would not allow.
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Render SQLAlchemy's own types: a migration must not change with the code of models."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate the database, or leave it unchanged."""
    made = engine()
    with made.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=on_sqlite,
            transactional_ddl=True,
            render_item=plain_types,
            user_module_prefix=None,
        )
        with context.begin_transaction():
            if not on_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
            context.run_migrations()
            if on_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise DanglingReference
    made.dispose()


run()
