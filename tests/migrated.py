"""Databases at any revision: copies of a few that are migrated once in a process, brought up to it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cli.db import upgrade
from models.schema_version import HEAD
from tests.postgres import PostgresServer

FILES: Final = ("0018_sharing", "0030_infusion_records", "0043_record_number_key", HEAD)
"""Revisions that copies of SQLite are made of."""
DATABASES: Final = ("0043_record_number_key",)
"""The same of PostgreSQL, to which a copy costs as much as thirty migrations: a thousand files."""

AtRevision = Callable[[str], str]
"""Gives the address of a database of the test's own, at a revision."""


class MigratedFiles:
    """SQLite files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, revision: str, file: Path) -> str:
        """Make a file at a revision; return its address."""
        revisions = [each for each in FILES if each <= revision]
        if revisions:
            shutil.copy(self._at(revisions), file)
        url = f"sqlite:///{file}"
        upgrade(url, revision)
        return url

    def _at(self, revisions: list[str]) -> Path:
        """Return the file at the last of these revisions, made from the one before it."""
        file = self._folder / f"{revisions[-1]}.db"
        if not file.exists():
            if revisions[:-1]:
                shutil.copy(self._at(revisions[:-1]), file)
            upgrade(f"sqlite:///{file}", revisions[-1])
        return file


class MigratedDatabases:
    """Databases of PostgreSQL."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._templates: dict[str, str] = {}

    def make(self, revision: str, name: str) -> str:
        """Make a database at a revision; return its address."""
        revisions = [each for each in DATABASES if each <= revision]
        url = self._server.create_database(name, self._at(revisions))
        upgrade(url, revision)
        return url

    def close(self) -> None:
        """Remove what copies were made of."""
        for name in self._templates.values():
            self._server.drop_database(name)

    def _at(self, revisions: list[str]) -> str | None:
        """Return the database at the last of these revisions, made from the one before it; None for none."""
        if not revisions:
            return None
        if revisions[-1] not in self._templates:
            name = f"afterglow_at_{secrets.token_hex(8)}"
            upgrade(self._server.create_database(name, self._at(revisions[:-1])), revisions[-1])
            self._templates[revisions[-1]] = name
        return self._templates[revisions[-1]]
