"""A real server for the generated clients to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SECRET_KEY
from tests.e2e.server import Server, ServerForker


@pytest.fixture
def kind() -> str:
    """One database will do: the client sees none."""
    return "sqlite"


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """The server, running."""
    with ServerForker() as forker, Server(forker, database_url, SECRET_KEY, tmp_path) as running:
        yield running
