"""Which migration the database stands at, and which one this code was written for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# Read once: a checkout that moves on under a running server does not change what the server knows.
HEAD = (MIGRATIONS / "HEAD").read_text(encoding="utf-8").strip()


def current_revision(session: Session) -> str | None:
    """Tell which revision the database stands at; None is a database that was never migrated."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def at_head(session: Session) -> bool:
    """Tell whether the database has the schema that this code was written for."""
    return current_revision(session) == HEAD
