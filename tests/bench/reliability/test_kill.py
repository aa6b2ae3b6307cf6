"""The experiments run, small: kills and restarts lose nothing, and a broken promise is told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.reliability import clinic, kill, restart
from bench.reliability.__main__ import broken
from bench.reliability.clinic import SECRET_KEY, Outcome
from tests.e2e.server import Server
from tests.effort import amount

pytestmark = pytest.mark.slow


WRITES = amount("writes before a restart", 100, 300)
RESTARTS = amount("restarts under load", 1, 5)
REAL_STARTS = amount("starts of killed servers as the command does it, not forked", 0, 1)


def test_two_kills_of_two_servers_lose_nothing(server_forker):
    def forked(url: str, log: Path) -> kill.Killable:
        return Server(server_forker, url, SECRET_KEY, log.parent)

    found = kill.run("sqlite", 2, made=clinic.Server if REAL_STARTS else forked)
    assert broken("kill", found) == []
    assert found["acknowledged"] >= 80


def test_a_restart_with_the_shipped_parameters_causes_no_error():
    # Each client connects by the path of the socket: had the server removed it, requests would fail.
    found = restart.run("sqlite", RESTARTS, WRITES)
    assert broken("restart", found) == []
    assert found["exit_codes"] == [0] * RESTARTS
    assert found["acknowledged"] >= (RESTARTS + 1) * WRITES


def test_what_is_lost_or_stored_twice_is_counted():
    outcome = Outcome(acknowledged={"a", "b", "c"})
    found = outcome.compare({"a": 1, "b": 2})
    assert (found["lost"], found["twice"]) == (1, 1)
    assert broken("kill", found) == ["lost", "twice"]
