"""Make a backup of the database in use, checked, and remove those that are no longer needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from models.database import Database
from services.backups import archive
from services.backups.archive import Manifest
from services.backups.errors import BackupError, described
from services.backups.postgresql_store import PostgreSQLStore
from services.backups.sqlite_store import SQLiteStore
from services.backups.stores import Store

NO_FOLDER = "The folder {0} does not exist: make it first."


def store_of(database: Database, programs: str) -> Store:
    """Return how a database is copied and replaced; `programs` is PostgreSQL's folder, if not on PATH."""
    if database.file is not None:
        return SQLiteStore(database, database.file.path)
    return PostgreSQLStore(database, programs)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup is written, to whom it is encrypted, and which version of the server writes it."""

    path: Path
    """A file, or a folder in which each backup is named after the instant it was made."""
    public_keys: Sequence[str]
    server_version: str
    overwrite: bool = False


def back_up(store: Store, target: Target, now: datetime) -> tuple[Path, Manifest]:
    """Write a checked backup of a database in use; return its file and manifest."""
    file = _file(target, now)
    with store.folder() as folder:
        copy = folder / "copy"
        contents = store.copy(copy)
        with described(copy):
            manifest = Manifest(
                database=store.kind,
                schema_revision=contents.revision,
                server_version=target.server_version,
                created_at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
                rows=contents.rows,
                roles=store.roles(),
                bytes=copy.stat().st_size,
                sha256=archive.digest(copy),
            )
        archive.write(file, manifest, copy, target.public_keys, overwrite=target.overwrite)
    return file, manifest


def remove_older(folder: Path, days: int, now: datetime) -> list[Path]:
    """Remove the backups in a folder that are older than some days, by their names; the newest stays."""
    _, *earlier = archive.of_folder(folder) or [folder]
    oldest = now - timedelta(days=days)
    outdated = [path for path in earlier if (made := archive.made_at(path)) is not None and made < oldest]
    with described(folder):
        for path in outdated:
            path.unlink(missing_ok=True)
    return outdated


def _file(target: Target, now: datetime) -> Path:
    """Return the file to write; raises BackupError early, before a long copy is made."""
    path = target.path
    with described(path):
        if path.is_dir():
            path /= archive.name(now, encrypted=bool(target.public_keys))
        if not path.parent.is_dir():
            raise BackupError(NO_FOLDER.format(path.parent))
        if path.exists() and not target.overwrite:
            raise BackupError(archive.already_there(path))
    return path
