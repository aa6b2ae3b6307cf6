"""Revision of the database's schema, and the one that this code requires."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# Read once: a newer checkout under a running server must not change what that server requires.
HEAD = (MIGRATIONS / "HEAD").read_text(encoding="utf-8").strip()


def current_revision(session: Session) -> str | None:
    """Return the database's revision; None if it was never migrated."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def at_head(session: Session) -> bool:
    """Return whether the database has the schema that this code requires."""
    return current_revision(session) == HEAD


def known_revisions() -> frozenset[str]:
    """Return every revision that this code can migrate from."""
    return frozenset(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
