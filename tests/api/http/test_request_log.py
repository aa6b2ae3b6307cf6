from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.architecture.sources import ROOT

REQUEST = "from wsgi import app; app.test_client().get('/health/live')"


def test_the_log_is_appended_to_a_file_of_its_own(tmp_path, sqlite_url):
    file = tmp_path / "server.log"
    env = os.environ | {"LOG_PATH": str(file), "DATABASE_URL": sqlite_url}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", REQUEST], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [("/health/live", 200)] * 2
    assert file.stat().st_mode & 0o777 == 0o600
