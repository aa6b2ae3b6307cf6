"""The README's seven steps from an opened clinic to a first outlook, word for word, on the real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SECRET_KEY
from tests.e2e.server import ROOT, Hatchery, Server

pytestmark = pytest.mark.slow

CODE = re.compile(r"invitation +([0-9A-Z]{26})")


def steps() -> str:
    """The block of the README that begins with the invitation's code."""
    blocks: list[str] = re.findall(
        r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (found,) = [block for block in blocks if "code=…" in block]
    return found


def test_the_steps_of_the_readme_lead_to_a_first_outlook(sqlite_url, tmp_path):
    bin_folder = Path(sys.executable).parent
    ours = os.environ | {
        "DATABASE_URL": sqlite_url,
        "SECRET_KEY": SECRET_KEY,
        "FLASK_APP": "wsgi",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
    }
    words = ["Harbour Clinic", "--time-zone", "Europe/Lisbon"]
    words += ["--admin-email", "wren@clinic.example", "--admin-name", "Wren Ashby"]
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "clinic", "create", *words]
    opened = subprocess.run(command, cwd=ROOT, env=ours, capture_output=True, text=True, check=True)
    (code,) = CODE.findall(opened.stdout)
    with Hatchery() as hatchery, Server(hatchery, sqlite_url, SECRET_KEY, tmp_path) as server:
        script = steps().replace("code=…", f"code={code}").replace(":8000", f":{server.port}")
        ran = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", script],
            cwd=tmp_path,
            env=ours,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    outlook = json.loads(ran.stdout[ran.stdout.rindex("\n{\n") :])
    assert outlook["phase"] == {"kind": "maintenance"}
    assert "refusal" not in outlook
    assert outlook["recommended"] <= outlook["protocol_latest"]
    assert outlook["inputs"]["readings"] > 10
