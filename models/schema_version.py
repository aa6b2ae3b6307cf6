"""Revision of the database's schema, and the one that this code requires."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import String, column, inspect, select, table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# Read once: a newer checkout under a running server must not change what that server requires.
HEAD = (MIGRATIONS / "HEAD").read_text(encoding="utf-8").strip()


class SchemaState(StrEnum):
    """How the database's schema relates to the one that this code requires."""

    CURRENT = "current"
    MISSING = "missing"
    OLDER = "older"
    NEWER = "newer"


SCHEMAS = {
    SchemaState.MISSING: ("The database has no tables yet.", "Run flask db upgrade."),
    SchemaState.OLDER: (
        "The database's schema is older than this version of the server.",
        "Back up, then run flask db upgrade.",
    ),
    SchemaState.NEWER: (
        "The database's schema is newer than this version of the server.",
        "Install the version that the database was upgraded with.",
    ),
}
"""What is said of a schema that is not this code's, and what to do."""


def current_revision(session: Session) -> str | None:
    """Return the database's revision; None if it was never migrated."""
    # Asked without Alembic, which a server that does not migrate need not import.
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.scalar(select(column("version_num", String)).select_from(table("alembic_version")))


def at_head(session: Session) -> bool:
    """Return whether the database has the schema that this code requires."""
    return current_revision(session) == HEAD


def schema_state(session: Session) -> SchemaState:
    """Return how the database's schema relates to this code's; what this code does not know is newer."""
    revision = current_revision(session)
    if revision is None:
        return SchemaState.MISSING
    if revision == HEAD:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in known_revisions() and revision < HEAD else SchemaState.NEWER


def known_revisions() -> frozenset[str]:
    """Return every revision that this code can migrate from."""
    return frozenset(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
