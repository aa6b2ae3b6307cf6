"""`flask serve` on one machine: the server itself notifies the on-call, and one Ctrl-C ends everything."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import make_url

from tests import factories
from tests.conftest import SECRET_KEY
from tests.e2e.server import ROOT
from tests.postgres import free_port
from tests.webhook_receiver import webhook_receiver

MAX_START_S = 120


@pytest.fixture
def kind():
    """SQLite, as on one machine."""
    return "sqlite"


@pytest.fixture
def serve(database_url):
    """Start the server as a clinic does, and stop it after the test."""
    started = []

    def start(*options):
        ours = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "WEBHOOKS_TO_LOOPBACK": "yes"}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(free_port())]
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=os.environ | ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_the_server_notifies_the_on_call_once_and_ends_on_ctrl_c(serve, database, database_url):
    with webhook_receiver() as hook:
        with database.write() as session:
            clinic_id = factories.clinic(session).id
        with database.write(clinic_id) as session:
            factories.safety_settings(session, on_call_webhook=f"http://127.0.0.1:{hook.port}/on-call")
            patient = factories.patient(session)
            alert = factories.alert(session, patient, factories.LONG_AGO.date(), opened_at=factories.LONG_AGO)
        server = serve()
        lines: list[str] = []
        reader = Thread(target=lambda: lines.extend(iter(server.stdout.readline, "")), daemon=True)
        reader.start()
        until = time.monotonic() + MAX_START_S
        # It is printed after the delivery was stored: a signal before that would end the worker in between.
        counted = f"{clinic_id}: webhook delivered\n"
        while counted not in lines and time.monotonic() < until:
            time.sleep(0.05)
        assert counted in lines
        assert [json.loads(body)["data"]["alert_id"] for body in hook.bodies] == [str(alert.id)]
        # A terminal signals every process of the group at once.
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=15)
        reader.join()
    assert len(hook.bodies) == 1
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)
    # What somebody copies of a stopped server is whole without its log.
    log = Path(f"{make_url(database_url).database}-wal")
    assert not log.exists() or log.stat().st_size == 0
