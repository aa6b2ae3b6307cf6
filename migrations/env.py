"""Runs the migrations as one transaction, alone, on the database that `config.attributes["url"]` names."""

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

# A migration that waits for a lock makes everybody behind it wait as well: it had better give up.
LOCK_TIMEOUT_MS = 5_000
ONE_AT_A_TIME = 0x41464731


class NoAddress(Exception):
    """The migrations were not told which database they are for."""


class DanglingReference(Exception):
    """After the migration some rows would point at rows that are not there."""


def engine() -> Engine:
    """The engine of the migrations alone: a connection that rebuilds tables must not be the application's."""
    url = context.config.attributes.get("url")
    if not url:
        raise NoAddress("start them with flask db, which says where the database is")
    if url.startswith("sqlite"):
        return sqlite(url)
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"options": options})


def sqlite(url: str) -> Engine:
    """SQLite with transactional DDL, which its driver otherwise undoes by committing before each one."""
    made = create_engine(url, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(made, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT_MS}")
        # Batch mode drops the old table: enforced, the references to it would be refused.
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write columns in SQLAlchemy's own types: a migration must not change when our code does."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Bring the database where the command wants it, or leave it as it was."""
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
