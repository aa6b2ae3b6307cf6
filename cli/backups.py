"""flask db backup, restore, drill, backup-key: copies of the whole database, and proof that they restore."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from cli.db import upgrade
from config import VERSION
from services.backups import drill_records, drills, encryption
from services.backups.archive import Contents
from services.backups.backup import Target, back_up, remove_older, store_of
from services.backups.errors import BackupError, described
from services.backups.restore import restore
from services.backups.stores import Store


class FileOrFolder(click.Path):
    """A path, which with a slash at its end names a folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; fail where a slash at its end names no folder."""
        if str(value).endswith("/") and not os.access(value, os.F_OK):
            self.fail(f"The folder {value} does not exist: make it first.", param, ctx)
        return Path(str(value))


FILE = FileOrFolder()
NOT_ENCRYPTED = (
    "Not encrypted: whoever reads this file reads every patient's record. Set BACKUP_PUBLIC_KEYS (flask db "
    "backup-key makes a pair), or store it on an encrypted disk only."
)
ALERTS = "safety_alerts"
_identity = click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of the private key, for a backup that is encrypted.",
)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@click.option(
    "--public-key",
    "public_keys",
    multiple=True,
    help="Encrypt to this key (age1…) instead of BACKUP_PUBLIC_KEYS; may be given several times.",
)
@click.option(
    "--keep-days",
    "days",
    type=click.IntRange(1, 3660),
    help="Then remove the backups in the folder FILE that are older than this; the newest always stays.",
)
@with_appcontext
def backup_command(file: Path, public_keys: Sequence[str], days: int | None, *, overwrite: bool) -> None:
    """Write a backup of the database to FILE while servers run, checked and on the disk.

    Where FILE is a folder, the backup is named in it after the instant it is made.
    """
    if days is not None and not file.is_dir():
        raise click.BadParameter("needs a folder as FILE", param_hint="--keep-days")
    now = datetime.now(UTC)
    keys = public_keys or current_app.extensions["settings"].backup_public_keys
    with _sentences():
        written, manifest = back_up(_store(), Target(file, keys, VERSION, overwrite=overwrite), now)
        removed = remove_older(file, days, now) if days is not None else []
    click.echo(f"backup      {written}")
    _print(manifest.contents)
    click.echo(f"encrypted   {f'to {len(keys)} key(s)' if keys else 'no'}")
    for path in removed:
        click.echo(f"removed     {path}")
    if not keys:
        click.echo(NOT_ENCRYPTED, err=True)


@click.command("restore")
@click.argument("file", type=FILE)
@_identity
@with_appcontext
def restore_command(file: Path, identity: Path | None) -> None:
    """Replace the database that DATABASE_URL names by the backup FILE, after checking all of it.

    Refused while a server has the database open. The present database is not removed but renamed. An older
    backup is migrated to this version's schema.
    """
    with _sentences():
        done = restore(_store(), file, identity, upgrade, datetime.now(UTC))
    click.echo(f"restored    {file}, made at {done.manifest.created_at}")
    _print(done.contents)
    if done.manifest.schema_revision != done.contents.revision:
        click.echo(f"migrated    from {done.manifest.schema_revision}")
    if done.previous is not None:
        click.echo(f"before      the database that was here is now {done.previous}")
    click.echo("Start the server.")


@click.command("drill")
@click.argument("file", type=FILE, required=False)
@click.option("--latest", "folder", type=FILE, help="Use the newest backup in this folder.")
@_identity
@with_appcontext
def drill_command(file: Path | None, folder: Path | None, identity: Path | None) -> None:
    """Restore the backup FILE, or the newest one, to a temporary place, check it, and record the outcome.

    GET /health/ready shows a drill that failed, and one that is more than eight days ago. The database in
    use is not touched.
    """
    if (file is None) == (folder is None):
        raise click.UsageError("Name a backup, or a folder with --latest.")
    now = datetime.now(UTC)
    chosen = file or folder or Path()
    try:
        with _sentences():
            chosen = file or drills.newest(chosen, now)
            done = drills.rehearse(_store(), chosen, identity, upgrade)
    except click.ClickException as failure:
        _record(chosen, failure.message, now)
        raise
    _record(chosen, None, now)
    click.echo(f"drill       {chosen}, made at {done.manifest.created_at}")
    _print(done.contents)


@click.command("backup-key")
@click.argument("file", type=FILE)
def key_command(file: Path) -> None:
    """Write a new private key for backups to FILE, and print its public key.

    Run it on another computer than the server, or move FILE away at once.
    """
    with _sentences(), described(file):
        public = encryption.new_key_pair(file)
    click.echo(f"public key  {public}")
    click.echo(
        f"Set BACKUP_PUBLIC_KEYS to the public key. The private key is in {file}: store it in two safe "
        "places away from the server. Without it no backup that is encrypted to it can be restored.",
        err=True,
    )


COMMANDS: Sequence[click.Command] = (backup_command, restore_command, drill_command, key_command)


def _store() -> Store:
    return store_of(current_app.extensions["database"], current_app.extensions["settings"].pg_bin)


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn a BackupError into a ClickException; let SIGTERM end the command with its copies removed."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _record(backup: Path, problem: str | None, now: datetime) -> None:
    try:
        with current_app.extensions["database"].write() as session:
            drill_records.record(session, backup.name, problem, now)
    except SQLAlchemyError:
        click.echo("The outcome could not be recorded in the database.", err=True)


def _print(contents: Contents) -> None:
    rows = sum(contents.rows.values())
    alerts = contents.rows.get(ALERTS, 0)
    click.echo(f"schema      {contents.revision}")
    click.echo(f"rows        {rows} in {len(contents.rows)} tables, {alerts} of them safety alerts")
