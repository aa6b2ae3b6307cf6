"""Shell blocks of the documentation, run as a reader would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import SECRET_KEY
from tests.e2e.server import ROOT


def shell_blocks(page: str) -> list[str]:
    """Return the blocks of a page, without its activation of a .venv: the tests may run from another."""
    text = (ROOT / page).read_text(encoding="utf-8")
    text = re.sub(r"^\. \.venv/bin/activate.*\n", "", text, flags=re.MULTILINE)
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def environment(database_url: str) -> dict[str, str]:
    """Return the environment of an operator's terminal, with this Python's commands on its PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ours = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "PYTHONPATH": str(ROOT), "PATH": path}
    return os.environ | ours


def run(script: str, database_url: str, folder: Path) -> str:
    """Run a script in a folder and return what it printed; a command that fails fails the test."""
    ran = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=environment(database_url) | {"FLASK_APP": "wsgi"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
