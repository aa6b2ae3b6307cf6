from __future__ import annotations

from alembic import command

from cli.db import config_for
from models.database import Database
from models.schema_version import HEAD, at_head, current_revision


def test_a_migrated_database_is_at_head(database):
    with database.read() as session:
        assert current_revision(session) == HEAD
        assert at_head(session)


def test_a_database_never_migrated_is_at_nothing(empty_url):
    opened = Database(empty_url)
    with opened.read() as session:
        assert current_revision(session) is None
        assert not at_head(session)
    opened.close()


def test_a_database_one_migration_behind_is_not_at_head(at_revision):
    url = at_revision("head")
    command.downgrade(config_for(url), "-1")
    opened = Database(url)
    with opened.read() as session:
        assert not at_head(session)
    opened.close()
