"""`flask --help` lists every command with a sentence of help."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import commands
from tests.architecture.sources import ROOT
from tests.conftest import SECRET_KEY


def test_openapi_has_help_and_no_command_for_several_apis(app):
    result = app.test_cli_runner().invoke(args=["openapi", "--help"])
    assert result.exit_code == 0
    assert "Print openapi.json, or write it to a file." in result.output
    assert "list-config-prefixes" not in result.output
    assert app.test_cli_runner().invoke(args=["openapi", "print"]).output.startswith("{")


def test_every_command_is_found_where_it_is_said_to_be(app):
    help_text = app.test_cli_runner().invoke(args=["--help"]).output
    for name in commands.COMMANDS:
        assert f"\n  {name} " in help_text, name


def test_which_command_a_line_runs_is_known_before_anything_is_imported():
    assert commands.wanted(["--app", "wsgi", "clinic", "list"]) == "clinic"
    assert commands.wanted(["--app", "wsgi", "openapi", "write"]) is None
    assert commands.wanted(["--app", "wsgi", "--help"]) is None


def in_command(script: str, line: list[str], folder: Path) -> list[str]:
    """Run a script as `flask` would run a command, and return the words that it prints."""
    database = {"DATABASE_URL": f"sqlite:///{folder / 'afterglow.db'}", "SECRET_KEY": SECRET_KEY}
    done = subprocess.run(
        [sys.executable, "-c", script, "--app", "wsgi", *line],
        env={**os.environ, **database, "FLASK_RUN_FROM_CLI": "true"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


API = {"api", "flask_smorest", "flask_jwt_extended"}
DEAR = {"numpy", "scipy", "alembic", "resvg_py", "zxcvbn", "pyrage", "demo.clinic"}
"""What takes long to import, and is needed by few commands."""


@pytest.mark.parametrize(
    ("line", "not_needed"),
    [
        (["version"], API | DEAR | {"models", "services", "sqlalchemy.orm", "cli.db"}),
        (["db", "current"], API | DEAR | {"services", "cli.backups"}),
        (["clinic", "list"], API | DEAR | {"schemas", "cli.clinic", "cli.db", "services.start_checks"}),
        (["event-log", "verify"], API | DEAR | {"cli.db"}),
        (["doctor"], API | DEAR),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_imports_nothing_that_it_does_not_need(line, not_needed, tmp_path):
    imported = in_command("import sys, wsgi; print(*sys.modules)", line, tmp_path)
    assert sorted(not_needed.intersection(imported)) == []


def test_what_was_imported_is_never_searched_for_garbage(tmp_path):
    script = "import gc, wsgi; print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    assert in_command(script, ["clinic", "list"], tmp_path) == ["True", "True"]
