"""What a client is told, and what is logged, when the database cannot do what it was asked."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs


@pytest.fixture
def kind():
    """SQLite, which can be told that its disk is full."""
    return "sqlite"


def test_a_full_disk_is_not_busy_and_heals_by_itself(app, client, people):
    database = app.extensions["database"]

    def limit(connection, _entry, _proxy):
        connection.execute("PRAGMA max_page_count=1")  # SQLite makes this what the file has already

    def free(connection, _entry, _proxy):
        connection.execute("PRAGMA max_page_count=1000000")

    def enrol(number: int):
        new = {"record_number": f"HC-{number}", "display_name": "Private Name " * 8, "time_zone": "Etc/UTC"}
        path = f"/v1/clinics/{people.clinic_id}/patients"
        return client.post(path, json=new, headers=people.clinician.headers)

    event.listen(database.engine, "checkout", limit)
    with capture_logs() as lines:
        answered = [enrol(number) for number in range(60)]
    event.remove(database.engine, "checkout", limit)
    event.listen(database.engine, "checkout", free)
    full = [each for each in answered if each.status_code == 503]
    assert full
    assert {each.status_code for each in answered} <= {201, 503}
    assert {each.json["code"] for each in full} == {"storage_full"}
    assert {each.headers["Retry-After"] for each in full} == {"60"}
    troubles = [line for line in lines if line["event"] == "database_trouble"]
    assert {(line["code"], line["cause"]) for line in troubles} == {("SQLITE_FULL", "full")}
    assert "Private" not in str(lines)
    assert enrol(100).status_code == 201
