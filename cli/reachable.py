"""What a command says of a database that cannot be used, and of one on which no migration has run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.database import Database, DatabaseConfigError
from models.database_trouble import Cause, trouble
from models.schema_version import current_revision

OF_OUR_STATEMENT = frozenset({Cause.CONFLICT, Cause.OTHER})
"""Causes that are a fault of a statement rather than of the database."""
REFUSED = (
    "The database refused a statement ({0}): this is a fault of Afterglow. Please "
    "report it with this code and the command."
)
NO_FILE = "{0}: {1}."


@contextmanager
def reachable() -> Iterator[None]:
    """Turn a database or a file that cannot be used into a ClickException without the driver's words."""
    try:
        yield
    except DatabaseConfigError as error:
        raise click.ClickException(f"{error}.") from None
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        # Imported here: it looks at many tables, and most commands find a database that can be used.
        from services.start_checks import refusal  # noqa: PLC0415

        found = trouble(error)
        if found.cause in OF_OUR_STATEMENT and not isinstance(error, OperationalError):
            raise click.ClickException(REFUSED.format(found.code)) from None
        raise click.ClickException(" ".join(refusal(error))) from None
    except OSError as error:
        if error.filename is None:
            raise
        raise click.ClickException(NO_FILE.format(error.filename, error.strerror)) from None


def with_sentences(command: click.Command) -> None:
    """Let a command, or every command of a group, end with a sentence where the database cannot be used."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            with_sentences(each)
    elif command.callback is not None and not hasattr(command.callback, "ends_with_sentence"):
        run = command.callback

        @wraps(run)
        def guarded(*arguments: Any, **options: Any) -> Any:
            with reachable():
                return run(*arguments, **options)

        guarded.ends_with_sentence = True  # type: ignore[attr-defined]
        command.callback = guarded


def migrated(database: Database) -> Database:
    """Return the database; raise ClickException if no migration has run on it."""
    with reachable(), database.read() as session:
        revision = current_revision(session)
    if revision is None:
        raise click.ClickException("The database has no tables yet: run flask db upgrade first.")
    return database
