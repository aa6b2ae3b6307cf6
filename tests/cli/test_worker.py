"""flask worker next to the server: an answer sent over HTTP reaches the on-call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy.exc import OperationalError

from cli.worker import worker
from models.database import DatabaseConfigError
from models.patients import Patient
from tests import factories
from tests.webhook_receiver import webhook_receiver

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def run(app):
    app.extensions["settings"] = replace(app.extensions["settings"], webhooks_to_loopback=True)
    return lambda: app.test_cli_runner().invoke(worker, args=["--once"])


def test_an_unacknowledged_answer_reaches_the_on_call_after_the_clinics_time(run, client, people, database):
    with webhook_receiver() as hook, time_machine.travel(NOW, tick=False) as clock:
        with database.write(people.clinic_id) as session:
            factories.safety_settings(session, on_call_webhook=f"http://127.0.0.1:{hook.port}/")
        broken = {"mood": "??", "safety_answer": 3}
        path = "/v1/patients/me/check-ins/2026-11-21"
        assert client.put(path, json=broken, headers=people.patient.headers).status_code == 422
        assert (run().output, hook.bodies) == ("", [])
        clock.shift(31 * 60)
        result = run()
        assert (result.exit_code, result.output) == (
            0,
            f"{people.clinic_id}: 1 escalated\n{people.clinic_id}: webhook delivered\n",
        )
        assert len(hook.bodies) == 1
        assert b"mood" not in hook.bodies[0]
        listed = client.get(f"/v1/clinics/{people.clinic_id}/safety-alerts", headers=people.clinician.headers)
        (alert,) = listed.json["items"]
        (sent,) = alert["escalations"]
        assert (sent["channel"], sent["state"], sent["attempt_count"]) == ("webhook", "delivered", 1)
        assert (alert["priority"], alert["state"]) == ("top", "open")
        assert (run().output, len(hook.bodies)) == ("", 1)


def test_a_failure_is_printed_with_clinic_channel_and_reason_and_without_the_address(run, people, database):
    with webhook_receiver() as gone:
        port = gone.port
    address = f"http://127.0.0.1:{port}/on-call"
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session, on_call_webhook=address, on_call_email="on-call@clinic.test")
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.alert(session, patient, NOW.date(), opened_at=factories.LONG_AGO)
    clinic = people.clinic_id
    lines = [
        f"{clinic}: 1 escalated",
        f"{clinic}: email failed at attempt 1, no_mail_server",
        f"{clinic}: webhook failed at attempt 1, no_connection",
    ]
    assert sorted(run().output.splitlines()) == lines


def test_a_database_that_does_not_answer_is_a_sentence(app, run, monkeypatch):
    monkeypatch.setitem(app.extensions, "database", Broken())
    result = run()
    assert (result.exit_code, result.output) == (0, "The database did not answer; trying again.\n")


def test_any_error_is_reported_and_the_worker_goes_on(app, run, monkeypatch):
    # A database whose settings are not confirmed raises no error of SQLAlchemy's.
    monkeypatch.setitem(app.extensions, "database", Broken(DatabaseConfigError("its text is not repeated")))
    result = run()
    assert (result.exit_code, result.output) == (0, "DatabaseConfigError; trying again.\n")


class Broken:
    """A database that cannot be reached."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error or OperationalError("", {}, Exception())

    def read(self):
        raise self._error

    def close(self):
        """Do nothing."""
