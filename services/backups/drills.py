"""The restore drill: a backup is restored to a temporary place, checked, and read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import NullPool, create_engine, select

from models.base import Base
from services.backups import archive
from services.backups.errors import BackupError, described
from services.backups.restore import Migrate, Restored, staged
from services.backups.stores import Store

NEWEST_WITHIN: Final = timedelta(days=2)
"""Greatest age of the newest backup in a folder: older ones are a sign that none are made. Operational."""

NO_BACKUPS = "The folder {0} holds no backup."
TOO_OLD = "The newest backup in {0} is {1}: none was made for more than two days."
UNREADABLE = "A row of table {0} cannot be read."


def newest(folder: Path, now: datetime) -> Path:
    """Return the newest backup in a folder; raises BackupError if there is none, or none of late."""
    found = archive.of_folder(folder)
    if not found:
        raise BackupError(NO_BACKUPS.format(folder))
    made = archive.made_at(found[0])
    if made is None or now - made > NEWEST_WITHIN:
        raise BackupError(TOO_OLD.format(folder, found[0].name))
    return found[0]


def rehearse(store: Store, file: Path, identity: Path | None, migrate: Migrate) -> Restored:
    """Restore a backup to a temporary place, check and migrate it, and read a row of every table.

    Raises BackupError for all that `restore` refuses, except that the database may be in use.
    """
    with store.folder() as folder:
        manifest, copy = archive.read(file, folder, identity)
        with staged(store, manifest, copy, migrate, privileges=False) as (address, contents):
            _read_samples(address)
    return Restored(manifest, contents)


def _read_samples(address: str) -> None:
    """Read one row of every table as this code reads it."""
    engine = create_engine(address, poolclass=NullPool, hide_parameters=True)
    with described("the copy"), engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            try:
                connection.execute(select(table).limit(1)).first()
            except (ValueError, TypeError, LookupError):
                raise BackupError(UNREADABLE.format(table.name)) from None
