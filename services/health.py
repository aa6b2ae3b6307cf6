"""Whether the server can do its work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from models.schema_version import at_head
from services.backups import drill_records


def is_ready(database: Database) -> bool:
    """Tell whether the database answers, is the one that was opened and has the schema of this code."""
    if database.file_was_replaced():
        return False
    try:
        with database.read() as session:
            return at_head(session)
    except SQLAlchemyError:
        return False


def warnings(database: Database, now: datetime) -> tuple[str, ...]:
    """Return what the operator must see to, though a ready server answers requests as before."""
    try:
        with database.read() as session:
            drill = drill_records.state(session, now)
    except SQLAlchemyError:
        return ()
    return () if drill is None else (drill,)
