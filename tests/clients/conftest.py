"""A real server for the generated clients to talk to."""

from __future__ import annotations

import pytest


@pytest.fixture
def kind() -> str:
    """One database will do: the client sees none."""
    return "sqlite"
