"""The seven steps of docs/operate.md from a new clinic to a first outlook, on the real server."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import SECRET_KEY
from tests.e2e.documentation import run, shell_blocks
from tests.e2e.server import Server

pytestmark = pytest.mark.slow

CREATE = (
    *("clinic", "create", "Harbour Clinic", "--time-zone", "Europe/Lisbon"),
    *("--admin-email", "wren@clinic.example", "--admin-name", "Wren Ashby"),
)
WHOLE = "send GET /v1/patients/$patient/outlook $clinician"
CODE = re.compile(r"invitation +([0-9A-Z]{26})")


@pytest.fixture
def kind():
    """One database will do: the steps are the same on both."""
    return "sqlite"


def test_the_documented_steps_lead_to_a_first_outlook(server_forker, app, sqlite_url, tmp_path):
    created = app.test_cli_runner().invoke(args=CREATE)
    (code,) = CODE.findall(created.stdout)
    (steps,) = [block for block in shell_blocks("docs/operate.md") if "code=…" in block]
    with Server(server_forker, sqlite_url, SECRET_KEY, tmp_path) as server:
        script = steps.replace("code=…", f"code={code}").replace(":8000", f":{server.port}")
        printed = run(script + WHOLE, sqlite_url, tmp_path)
    outlook = json.loads(printed.splitlines()[-1])
    assert printed.splitlines()[-2].split()[:2] == [outlook["status"], outlook["recommended_on"]]
    assert outlook["phase"] == {"kind": "maintenance"}
    assert "no_forecast_reason" not in outlook
    assert outlook["recommended_on"] <= outlook["protocol_latest_on"]
    assert outlook["inputs"]["reading_count"] > 10
