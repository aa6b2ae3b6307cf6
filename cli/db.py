"""flask db: migrate a database, or show its revision."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import NullPool, create_engine, inspect

from cli.reachable import reachable
from models.schema_version import HEAD, SCHEMAS, SchemaState, current_revision, schema_state

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).resolve().parent.parent
HEAD_FILE = ROOT / "migrations" / "HEAD"
NO_REVISION = "Name a revision in full, as flask db current prints it, or base."


def config_for(database_url: str) -> Config:
    """Return Alembic's configuration for one database; its URL stays in memory."""
    # Alembic is imported where it is used: it takes long to import, and most commands do without it.
    from alembic.config import Config  # noqa: PLC0415

    # Alembic's own default is whatever stdout was when it was imported.
    return Config(ROOT / "alembic.ini", stdout=sys.stdout, attributes={"url": database_url})


def upgrade(database_url: str, revision: str = "head") -> None:
    """Migrate a database to a revision, from any earlier one or from nothing, in one transaction."""
    _alembic().upgrade(config_for(database_url), revision)


@contextmanager
def _of_known_revisions(sentence: str | None = NO_REVISION) -> Iterator[None]:
    """Turn Alembic's refusal of a revision, the wanted one or the database's, into a ClickException.

    Without a sentence it is Alembic's own, which names tables and columns.
    """
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        yield
    except CommandError as error:
        with current_app.extensions["database"].read() as session:
            state = schema_state(session)
        if state is SchemaState.NEWER:
            raise click.ClickException(" ".join(SCHEMAS[state])) from None
        raise click.ClickException(sentence or str(error)) from None


def _alembic() -> Any:
    """Return the module of Alembic's commands."""
    from alembic import command  # noqa: PLC0415

    return command


@click.group()
def db() -> None:
    """Migrate the database's schema; back the database up, and restore it."""


@db.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade_command(revision: str) -> None:
    """Migrate the database to the newest schema, or to REVISION."""
    with reachable(), _of_known_revisions():
        upgrade(_url(), revision)
        _print_current()


@db.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask, in production too.")
@with_appcontext
def downgrade_command(revision: str, *, yes: bool) -> None:
    """Migrate back to REVISION ("base" for an empty schema); the data of newer tables is lost.

    In production it names what is dropped and asks first; without a terminal it needs --yes.
    """
    settings = current_app.extensions.get("settings")
    if settings is not None and settings.environment == "production":
        _refuse_in_use()
        if not yes:
            _confirm_downgrade(revision)
    with reachable(), _of_known_revisions():
        _alembic().downgrade(config_for(_url()), revision)
        _print_current()


def _refuse_in_use() -> None:
    """Raise ClickException where a server has the database open."""
    # Imported here: no other command of this module needs the backups.
    from services.backups.backup import store_of  # noqa: PLC0415
    from services.backups.errors import BackupError  # noqa: PLC0415

    database = current_app.extensions["database"]
    try:
        store_of(database, "").refuse_unless_replaceable()
    except BackupError as error:
        raise click.ClickException(str(error)) from None


def _confirm_downgrade(revision: str) -> None:
    """Name what going back to a revision drops, and go on only if somebody at a terminal says so."""
    from alembic.util import CommandError  # noqa: PLC0415

    with reachable(), TemporaryDirectory() as folder:
        earlier = f"sqlite:///{folder}/earlier.db"
        if revision != "base":
            try:
                upgrade(earlier, revision)
            except CommandError:
                raise click.ClickException(NO_REVISION) from None
        remaining, now = _columns(earlier), _columns(_url())
    dropped = sorted(now.keys() - remaining.keys())
    dropped += sorted(
        f"{name}.{each}" for name in now.keys() & remaining.keys() for each in now[name] - remaining[name]
    )
    click.echo(f"This drops, with all that is in it: {', '.join(dropped) or 'no table and no column'}.")
    if not sys.stdin.isatty():
        raise click.ClickException("Nobody can be asked, without a terminal: add --yes to go on.")
    click.confirm("There is no way back but a backup. Go on?", abort=True)


def _columns(url: str) -> dict[str, set[str]]:
    """Return the columns of each table of a database, without those of Alembic."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    found = inspect(engine)
    names = set(found.get_table_names()) - {"alembic_version"}
    return {name: {column["name"] for column in found.get_columns(name)} for name in names}


@db.command("current")
@with_appcontext
def current_command() -> None:
    """Print the database's revision; on standard error that no migration has run, where none has."""
    _print_current()


def _print_current() -> None:
    with current_app.extensions["database"].read() as session:
        revision = current_revision(session)
    if revision is None:
        click.echo("The database has no tables yet.", err=True)
    else:
        click.echo(f"{revision} (head)" if revision == HEAD else revision)


@db.command("check")
@with_appcontext
def check_command() -> None:
    """Fail unless the migrations create exactly the tables of the models."""
    with _of_known_revisions(None):
        _alembic().check(config_for(_url()))


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
    with _of_known_revisions():
        _alembic().revision(config_for(_url()), message=message, autogenerate=True, rev_id=revision)
    HEAD_FILE.write_text(revision + "\n", encoding="utf-8")
    click.echo(revision)


def _url() -> str:
    engine = current_app.extensions["database"].engine
    return str(engine.url.render_as_string(hide_password=False))
