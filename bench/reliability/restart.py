"""Restarts with SIGTERM under load, on a socket held outside, with the parameters of the shipped units."""

from __future__ import annotations

import shlex
import time
from typing import Any

from bench.reliability.clinic import ROOT, SECRET_KEY, Clinic, Writers, database
from tests.e2e.passed_socket import HeldSocket, UnixConnection, stop

PATIENCE_S = 300.0
"""How long a client waits, seconds: on a busy machine a start takes long, which is no error. Operational."""
UNIT = ROOT / "deploy/systemd/afterglow.service"


def run(kind: str, restarts: int, writes: int = 300) -> dict[str, Any]:
    """Return counts, with `writes` before each restart and at the end; `unanswered` are a client's errors."""
    began = time.monotonic()
    (line,) = [line for line in UNIT.read_text().splitlines() if line.startswith("ExecStart=")]
    options = shlex.split(line)[shlex.split(line).index("serve") + 1 :]
    with database(kind) as (url, folder), HeldSocket(folder) as held:
        clinic = Clinic(url, phones=200)
        environment = {"AFTERGLOW_ENV": "local", "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
        log = folder / "server.log"
        server = held.start(environment, log, *options)
        codes, longest = [], 0.0
        try:
            with Writers(clinic, lambda _: UnixConnection(held.path, PATIENCE_S)) as writers:
                for _ in range(restarts):
                    writers.wait_for(writes)
                    stopped_at = time.monotonic()
                    codes.append(stop(server))
                    server = held.start(environment, log, *options)
                    writers.wait_for(1)
                    longest = max(longest, time.monotonic() - stopped_at)
                writers.wait_for(writes)
            found = writers.outcome.compare(clinic.rows())
        finally:
            stop(server)
    return {
        "restarts": restarts,
        "exit_codes": codes,
        **found,
        "longest_restart_s": round(longest, 1),
        "seconds": round(time.monotonic() - began),
    }
