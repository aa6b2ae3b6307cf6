"""docs/tutorial.md, word for word, on the real server with the demo clinic."""

from __future__ import annotations

import pytest

from tests.conftest import SECRET_KEY
from tests.e2e.documentation import run, shell_blocks
from tests.e2e.server import Server

pytestmark = pytest.mark.slow

SERVER_LINES = 3
"""What `flask serve` prints: two addresses and how to stop it."""


@pytest.mark.either_database
def test_the_tutorial_runs_and_prints_what_it_announces(server_forker, app, database_url, tmp_path):
    # What `make run` does before it serves, without starting Python for each.
    upgraded, filled = (
        app.test_cli_runner().invoke(args=command) for command in (["db", "upgrade"], ["demo", "--if-empty"])
    )
    assert (upgraded.exit_code, filled.exit_code) == (0, 0), upgraded.output + filled.output
    started = [*upgraded.stdout.splitlines(), *filled.output.splitlines()]
    with Server(server_forker, database_url, SECRET_KEY, tmp_path) as server:
        script = "\n".join(shell_blocks("docs/tutorial.md")).replace(":8000", f":{server.port}")
        lines = run(script, database_url, tmp_path).splitlines()
    assert lines[:4] == ["201", "200", "428", "200"]
    assert all(line.startswith("LB-") for line in lines[4:7])
    assert lines[7].split()[0] in {"not_due", "approaching", "due", "overdue"}
    assert len([line for line in lines[8:-1] if line.startswith("- ")]) >= 5
    assert lines[-1].split() == ["75", "304"]
    assert (tmp_path / "course.svg").read_text(encoding="utf-8").startswith("<svg")
    assert len(started) + SERVER_LINES + len(lines) < 40
