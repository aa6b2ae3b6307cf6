"""A backup of the real server while clients write, restored on a clean machine."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from models.check_ins import CheckIn
from models.database import Database
from models.safety import SafetyAlert
from tests import factories
from tests.e2e.server import START_TIMEOUT
from tests.e2e.test_never_lost import FIRST, Scenario, answers, at
from tests.people import Person
from tests.postgres import find_binaries

pytestmark = pytest.mark.slow

CLIENTS = 4
MIN_WRITES = 30
"""Writes that are acknowledged before the backup begins, and while it is made."""
SAFETY_ANSWER = 2

Write = tuple[UUID, date]


class Load:
    """Clients that write a day each, one after another, each with a safety answer, until they are stopped."""

    def __init__(self, server, patients: list[Person]) -> None:
        self._phones = [(server.phone(patient.headers), patient) for patient in patients]
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(len(patients))
        self._running = [self._pool.submit(self._write, phone, patient) for phone, patient in self._phones]
        self.acknowledged: list[Write] = []

    def wait_for(self, writes: int) -> list[Write]:
        """Give what was acknowledged once so many more are."""
        enough, until = len(self.acknowledged) + writes, time.monotonic() + START_TIMEOUT
        while len(self.acknowledged) < enough and time.monotonic() < until:
            time.sleep(0.02)
        return list(self.acknowledged)

    def stop(self) -> None:
        self._stopped.set()
        for each in self._running:
            each.result()
        self._pool.shutdown()

    def _write(self, phone, patient: Person) -> None:
        day = FIRST
        while not self._stopped.is_set():
            body = answers(day, "under load") | {"safety_answer": SAFETY_ANSWER}
            answer = phone.send("PUT", at(day), body)
            assert answer.status == 201, answer
            assert patient.patient_id
            self.acknowledged.append((patient.patient_id, day))
            day += timedelta(1)


@pytest.fixture
def clean_url(kind, request, tmp_path) -> Iterator[str]:
    """An empty database on another machine, as it were."""
    if kind == "sqlite":
        (tmp_path / "clean").mkdir()
        yield f"sqlite:///{tmp_path / 'clean' / 'afterglow.db'}"
        return
    server = request.getfixturevalue("postgres")
    name = f"afterglow_clean_{secrets.token_hex(4)}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture
def run(app) -> Callable[..., str]:
    """Runs `flask db ...`, which has to end well unless told otherwise; gives its output."""
    app.extensions["settings"] = replace(app.extensions["settings"], pg_bin=str(find_binaries()))

    def ran(*arguments: object, exit_code: int = 0) -> str:
        result = app.test_cli_runner().invoke(args=["db", *map(str, arguments)])
        assert result.exit_code == exit_code, result.output
        app.extensions["database"].close()
        return str(result.output)

    return ran


def stored(url: str, clinic_id: UUID) -> tuple[list[Write], list[Write]]:
    """Give the check-ins and the safety alerts of a database."""
    database = Database(url)
    with database.read(clinic_id) as session:
        check_ins = session.execute(select(CheckIn.patient_id, CheckIn.local_date)).all()
        alerts = session.execute(select(SafetyAlert.patient_id, SafetyAlert.local_date)).all()
    database.close()
    return [(at[0], at[1]) for at in check_ins], [(at[0], at[1]) for at in alerts]


def test_a_backup_under_load_has_everything_acknowledged_before_it_began(
    server, app, run, clean_url, database_url, tmp_path
):
    scenario = Scenario(app)
    with app.extensions["database"].write(scenario.clinic_id) as session:
        factories.safety_settings(session)
    load = Load(server, scenario.patients(CLIENTS))
    before = load.wait_for(MIN_WRITES)
    run("backup", tmp_path / "one.tar.gz")
    while_it_was_made = len(load.acknowledged) - len(before)
    refused = run("restore", tmp_path / "one.tar.gz", exit_code=1)
    load.wait_for(MIN_WRITES)
    load.stop()
    assert len(before) >= MIN_WRITES
    assert while_it_was_made > 0
    assert "The database is in use" in refused
    assert not server.failures()

    app.extensions["database"] = Database(clean_url)
    output = run("restore", tmp_path / "one.tar.gz")
    check_ins, alerts = stored(clean_url, scenario.clinic_id)
    assert set(before) <= set(check_ins) < set(load.acknowledged)
    assert len(check_ins) == len(set(check_ins))
    assert {patient for patient, _ in alerts} == {patient for patient, _ in check_ins}
    assert f"{len(alerts)} of them safety alerts" in output
    # A later answer of a patient is added to the open alert, and may change its day.
    assert {who for who, _ in alerts} <= {who for who, _ in stored(database_url, scenario.clinic_id)[1]}
