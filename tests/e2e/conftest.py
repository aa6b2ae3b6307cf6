"""Servers that many tests share: everybody is in their database, and no test counts on what it changes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SECRET_KEY
from tests.e2e.server import Server, ServerForker
from tests.people import PeopleRows
from tests.postgres import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HURRIED_RECEIVE_S = 3.0
"""How long a request to the hurried server may take to arrive, in place of ten seconds."""


@pytest.fixture(scope="session")
def shared_server(
    server_forker: ServerForker, people_rows: PeopleRows, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The real server on SQLite, for what is neither the database's nor changes it."""
    folder = tmp_path_factory.mktemp("shared_server")
    file = shutil.copy(people_rows.stored.file, folder / "afterglow.db")
    with Server(server_forker, f"sqlite:///{file}", SECRET_KEY, folder) as running:
        yield running


@pytest.fixture(scope="session")
def hurried_server(
    server_forker: ServerForker, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The same that waits less long for a request to arrive, for clients that are too slow."""
    folder = tmp_path_factory.mktemp("hurried_server")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'afterglow.db')}"
    with Server(server_forker, url, SECRET_KEY, folder, HURRIED_RECEIVE_S) as running:
        yield running


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL to be killed and stopped: each test makes a database of its own, and leaves it running."""
    with PostgresServer(durable=True) as running:
        yield running
