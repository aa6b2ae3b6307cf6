"""`flask version` prints the version that pyproject.toml states."""

from __future__ import annotations

import tomllib

from flask import Flask

from cli.version import version
from tests.architecture.sources import ROOT


def test_it_prints_the_version_of_the_project():
    app = Flask("bare")
    app.cli.add_command(version)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    result = app.test_cli_runner().invoke(args=["version"])
    assert (result.exit_code, result.output) == (0, f"Afterglow {project['version']}\n")
