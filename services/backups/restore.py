"""Put a backup in place of the database, once everything about it was checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.schema_version import HEAD, known_revisions
from services.backups import archive
from services.backups.archive import Contents, Manifest
from services.backups.errors import BackupError, described
from services.backups.stores import Store

Migrate = Callable[[str], None]
"""Migrates the database at an address to this code's schema."""

OTHER_KIND = "This backup is of a {0} database, and DATABASE_URL names a {1} one: restore it to its own kind."
NEWER_SCHEMA = (
    "This backup has schema {0}, which this version of Afterglow does not know: restore it with the version "
    "that made it ({1}), or a newer one."
)
OTHER_ROWS = "The restored copy does not hold what the backup's manifest counted ({0}): nothing was restored."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored from a backup, and what it holds after its migration."""

    manifest: Manifest
    contents: Contents
    previous: str | None = None
    """Where the database that was there before is now; None if there was none."""


def restore(store: Store, file: Path, identity: Path | None, migrate: Migrate, now: datetime) -> Restored:
    """Replace a database by a backup, which is migrated first if it is older; the database is moved aside.

    Raises BackupError, and leaves everything as it was, for a wrong key, a damaged backup, a newer schema,
    rows that were not counted when it was made, and a database that is in use.
    """
    store.refuse_unless_replaceable()
    with store.folder() as folder:
        manifest, copy = archive.read(file, folder, identity)
        with staged(store, manifest, copy, migrate, privileges=True) as (address, contents):
            previous = store.replace(address, f"_before_restore_{now:%Y%m%dT%H%M%S_%f}")
    return Restored(manifest, contents, previous)


@contextmanager
def staged(
    store: Store, manifest: Manifest, copy: Path, migrate: Migrate, *, privileges: bool
) -> Iterator[tuple[str, Contents]]:
    """Give the address and contents of a separate database made of a backup, checked and migrated."""
    if manifest.database != store.kind:
        raise BackupError(OTHER_KIND.format(manifest.database, store.kind))
    if manifest.schema_revision not in known_revisions():
        raise BackupError(NEWER_SCHEMA.format(manifest.schema_revision, manifest.server_version))
    with store.stage(copy, manifest.roles if privileges else None) as address:
        store.check(address)
        found = store.contents(address)
        if found != manifest.contents:
            raise BackupError(OTHER_ROWS.format(_difference(found, manifest.contents)))
        if found.revision != HEAD:
            with described(copy):
                migrate(address)
            store.check(address)
            found = store.contents(address)
        yield address, found


def _difference(found: Contents, expected: Contents) -> str:
    if found.revision != expected.revision:
        return f"schema {found.revision} instead of {expected.revision}"
    names = sorted(found.rows.keys() | expected.rows.keys())
    return ", ".join(
        f"{name}: {found.rows.get(name)} instead of {expected.rows.get(name)}"
        for name in names
        if found.rows.get(name) != expected.rows.get(name)
    )
