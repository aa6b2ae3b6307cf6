"""`flask --help` lists every command with a sentence of help."""

from __future__ import annotations

import os
import subprocess
import sys

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


@pytest.mark.parametrize("line", [["version"], ["clinic", "list"], ["db", "current"], ["doctor"]])
def test_a_command_imports_neither_the_api_nor_what_pictures_need(line, tmp_path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'afterglow.db'}", "SECRET_KEY": SECRET_KEY}
    script = f"import sys; sys.argv = ['flask', '--app', 'wsgi', *{line}]; import wsgi; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **database, "FLASK_RUN_FROM_CLI": "true"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"api", "flask_smorest", "resvg_py"}.isdisjoint(done.stdout.split())
