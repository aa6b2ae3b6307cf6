"""Whether the server can do its work."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from models.schema_version import at_head


def is_ready(database: Database) -> bool:
    """Tell whether the database answers and has the schema this code was written for."""
    try:
        with database.read() as session:
            return at_head(session)
    except SQLAlchemyError:
        return False
