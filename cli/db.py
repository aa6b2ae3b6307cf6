"""flask db: migrate a database, or show its revision."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from models.database import Database
from models.schema_version import current_revision

ROOT = Path(__file__).resolve().parent.parent
HEAD_FILE = ROOT / "migrations" / "HEAD"
UNREACHABLE = (
    "The database does not answer: check that it is running, that DATABASE_URL names it, and that no other "
    "program holds it."
)


def config_for(database_url: str) -> Config:
    """Return Alembic's configuration for one database; its URL stays in memory."""
    # Alembic's own default is whatever stdout was when it was imported.
    return Config(ROOT / "alembic.ini", stdout=sys.stdout, attributes={"url": database_url})


def upgrade(database_url: str, revision: str = "head") -> None:
    """Migrate a database to a revision, from any earlier one or from nothing, in one transaction."""
    command.upgrade(config_for(database_url), revision)


@contextmanager
def reachable() -> Iterator[None]:
    """Turn a database that cannot be reached into a ClickException; its own words may name the account."""
    try:
        yield
    except OperationalError:
        raise click.ClickException(UNREACHABLE) from None


def migrated(database: Database) -> Database:
    """Return the database; raise ClickException if no migration has run on it."""
    with reachable(), database.read() as session:
        revision = current_revision(session)
    if revision is None:
        raise click.ClickException("The database has no tables yet: run flask db upgrade first.")
    return database


@click.group()
def db() -> None:
    """Migrate the database's schema; back the database up, and restore it."""


@db.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade_command(revision: str) -> None:
    """Migrate the database to the newest schema, or to REVISION."""
    with reachable():
        upgrade(_url(), revision)


@db.command("downgrade")
@click.argument("revision")
@with_appcontext
def downgrade_command(revision: str) -> None:
    """Migrate back to REVISION ("base" for an empty schema); the data of newer tables is lost."""
    command.downgrade(config_for(_url()), revision)


@db.command("current")
@with_appcontext
def current_command() -> None:
    """Print the database's revision."""
    command.current(config_for(_url()))


@db.command("check")
@with_appcontext
def check_command() -> None:
    """Fail unless the migrations create exactly the tables of the models."""
    try:
        command.check(config_for(_url()))
    except CommandError as error:
        raise click.ClickException(str(error)) from None


@db.command("revision")
@click.argument("name")
@click.option("--message", "-m", required=True, help="Its purpose, as a sentence.")
@with_appcontext
def revision_command(name: str, message: str) -> None:
    """Write the next migration, NAME, from the difference to the models; review it before you commit it."""
    if not (name.isascii() and name.isidentifier()):
        msg = "NAME is lower-case words joined by underscores"
        raise click.BadParameter(msg)
    previous = HEAD_FILE.read_text(encoding="utf-8").strip()
    revision = f"{int(previous[:4]) + 1:04}_{name.lower()}"
    command.revision(config_for(_url()), message=message, autogenerate=True, rev_id=revision)
    HEAD_FILE.write_text(revision + "\n", encoding="utf-8")
    click.echo(revision)


def _url() -> str:
    engine = current_app.extensions["database"].engine
    return str(engine.url.render_as_string(hide_password=False))
