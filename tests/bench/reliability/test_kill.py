"""The experiments run, small: kills and restarts lose nothing, and a broken promise is told apart."""

from __future__ import annotations

import pytest

from bench.reliability import kill, restart
from bench.reliability.__main__ import broken
from bench.reliability.clinic import Outcome
from tests.effort import amount

pytestmark = pytest.mark.slow


KILLS = amount("kills of two servers", 1, 2)
WRITES = amount("writes before a restart", 100, 300)


def test_kills_of_two_servers_lose_nothing():
    # Of one process each: two processes share the database all the same.
    found = kill.run("sqlite", KILLS, workers=1)
    assert broken("kill", found) == []
    assert found["acknowledged"] >= 40 * KILLS


def test_a_restart_with_the_shipped_parameters_causes_no_error():
    found = restart.run("sqlite", 1, WRITES)
    assert broken("restart", found) == []
    assert found["exit_codes"] == [0]
    assert found["acknowledged"] >= 2 * WRITES


def test_what_is_lost_or_stored_twice_is_counted():
    outcome = Outcome(acknowledged={"a", "b", "c"})
    found = outcome.compare({"a": 1, "b": 2})
    assert (found["lost"], found["twice"]) == (1, 1)
    assert broken("kill", found) == ["lost", "twice"]
