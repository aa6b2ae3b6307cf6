"""Who read a patient's record: everybody who was shown it, once an hour, before it was sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from api.access_log import COLUMNS
from models.access_log import AccessLogEntry
from models.accounts import Account
from models.patients import Patient
from services import access_log
from services.access import Actor
from tests import factories
from tests.api.http.endpoints import ENDPOINTS
from tests.people import Person

NOW = datetime(2026, 11, 22, 15, 3, 41, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def read_log(client, people):
    def ask(query: str = "", **headers: str) -> Any:
        return client.get(f"/v1/patients/me/access-log{query}", headers=people.patient.headers | headers)

    return ask


@pytest.fixture
def look(client, people):
    """Have somebody read something of the patient's."""

    def at(who: Person, what: str = "summary", status: int = 200) -> None:
        answer = client.get(f"/v1/patients/{people.patient.patient_id}/{what}", headers=who.headers)
        assert answer.status_code == status, answer.json

    return at


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("name", "endpoints"), [("clinician", 30), ("admin", 2), ("integration", 8), ("delegate", 13)]
)
def test_anyone_shown_a_patient_is_in_that_patients_log(
    name, endpoints, people, scenario, client, database, clock
):
    caller = getattr(people, name)
    patient_id = people.patient.patient_id
    with database.write(people.clinic_id) as session:
        session.get_one(Patient, (people.clinic_id, patient_id)).display_name = "Quillfeather"
    shown = 0
    for endpoint in (endpoint for endpoint in ENDPOINTS if endpoint.method == "GET"):
        # Another hour for each, backwards, so that the days of the scenario stay apart.
        clock.shift(timedelta(hours=-1))
        answer = endpoint.send_as(client, scenario, caller)
        about = (
            "<patient:" in endpoint.rule or "Quillfeather" in answer.text or str(patient_id) in answer.text
        )
        if answer.status_code == 200 and about:
            assert people.patient.patient_id in noted(database, people, caller.id, clock_now()), endpoint.key
            shown += 1
    assert shown >= endpoints


def clock_now() -> datetime:
    return datetime.now(UTC)


def noted(database: Any, people: Any, reader_id: Any, now: datetime) -> set[Any]:
    """The patients whose record somebody is noted to have read in this hour; all, where it was a list."""
    with database.read(people.clinic_id) as session:
        found = session.scalars(
            select(AccessLogEntry).where(
                AccessLogEntry.reader_id == reader_id, AccessLogEntry.hour == access_log.hour_of(now)
            )
        )
        return {entry.patient_id or people.patient.patient_id for entry in found}


def test_a_patient_reads_who_read_what_and_when(people, look, read_log, clock, client):
    assert read_log().json["items"] == []
    look(people.clinician, "check-ins")
    clock.shift(60)
    look(people.integration)
    clock.shift(60)
    look(people.delegate, "infusions")
    clock.shift(60)
    client.get(f"/v1/clinics/{people.clinic_id}/patients", headers=people.clinician.headers)
    clock.shift(60)
    look(people.admin, "")
    assert [tuple(entry[name] for name in COLUMNS) for entry in read_log().json["items"]] == [
        ("2026-11-22T15:07:41+00:00", "Robin Vale", ["admin"], "details", False),
        ("2026-11-22T15:06:41+00:00", "Robin Vale", ["clinician"], "patients", True),
        ("2026-11-22T15:05:41+00:00", "My sister", ["delegate"], "infusions", False),
        ("2026-11-22T15:04:41+00:00", "Record system", ["integration"], "summary", False),
        ("2026-11-22T15:03:41+00:00", "Robin Vale", ["clinician"], "check-ins", False),
    ]
    lines = read_log(Accept="text/csv").text.splitlines()
    assert lines[1] == '2026-11-22T15:07:41+00:00,Robin Vale,"[""admin""]",details,false'


def test_reads_are_logged_once_an_hour_by_reader_and_part(people, look, read_log, clock):
    for _ in range(3):
        look(people.clinician)
        look(people.clinician, "trends")
    clock.move_to(NOW.replace(minute=59, second=59))
    look(people.clinician)
    assert len(read_log().json["items"]) == 2
    clock.move_to(NOW.replace(hour=16, minute=0, second=0))
    look(people.clinician)
    assert [entry["read_at"][11:16] for entry in read_log().json["items"]] == ["16:00", "15:03", "15:03"]


def test_own_reads_and_refused_requests_are_not_logged(people, look, read_log):
    look(people.patient)
    look(people.other_patient, status=404)
    look(people.admin, "check-ins", status=403)
    look(people.stranger, status=404)
    look(people.clinician, f"check-ins/{NOW:%Y-%m-%d}", status=404)
    assert read_log().json["items"] == []


@pytest.mark.usefixtures("clock")
def test_a_refusal_that_shows_the_current_version_counts_as_a_read(client, people, read_log, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.check_in(session, patient, NOW.date(), note="Heard the sea.")
    path = f"/v1/patients/{people.patient.patient_id}/check-ins/{NOW:%Y-%m-%d}"
    when = {"time_zone": "America/New_York", "recorded_at": "2026-11-22T09:00:00-05:00"}
    body = {"mood": 1, "anxiety": 3, **when}
    for version, status in (({}, 428), ({"If-Match": '"v7"'}, 412)):
        answer = client.put(path, json=body, headers=people.clinician.headers | version)
        assert (answer.status_code, answer.json["current"]["note"]) == (status, "Heard the sea.")
    assert [(entry["roles"], entry["resource"]) for entry in read_log().json["items"]] == [
        (["clinician"], "check-ins")
    ]


def test_a_304_is_logged_as_a_read(client, people, read_log, clock):
    path = f"/v1/patients/{people.patient.patient_id}/summary"
    tag = client.get(path, headers=people.integration.headers).headers["ETag"]
    clock.shift(timedelta(hours=1))
    assert client.get(path, headers=people.integration.headers | {"If-None-Match": tag}).status_code == 304
    assert len(read_log().json["items"]) == 2


def test_a_delegate_has_the_name_that_this_patient_gave_and_not_another_patients(
    people, look, read_log, database
):
    with database.write(people.clinic_id) as session:
        session.get_one(Account, people.delegate.id).display_name = "That awful Sage"
    look(people.delegate, "check-ins")
    assert [entry["reader"] for entry in read_log().json["items"]] == ["My sister"]


def test_reads_of_lists_are_shown_from_the_hour_of_the_enrolment_on(
    client, people, database, read_log, clock
):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.enrolled_at = NOW + timedelta(minutes=30)
    for minutes in (-60, 0, 45):
        # The list names the patient only the third time, when this hour's reading is noted already.
        clock.move_to(NOW + timedelta(minutes=minutes))
        client.get(f"/v1/clinics/{people.clinic_id}/patients", headers=people.clinician.headers)
    assert [entry["read_at"][11:16] for entry in read_log().json["items"]] == ["15:03"]


def test_its_pages_hold_every_entry_once(people, look, read_log, clock):
    for _ in range(7):
        look(people.clinician)
        look(people.clinician, "trends")
        clock.shift(timedelta(hours=1))
    whole = read_log("?limit=200").json["items"]
    found, query = [], "?limit=3"
    while query:
        page = read_log(query).json
        found += page["items"]
        query = f"?limit=3&cursor={page['next_cursor']}" if "next_cursor" in page else ""
    assert found == whole
    assert len(whole) == 14
    found, query = [], "?limit=4&order=asc"
    while query:
        page = read_log(query).json
        found += page["items"]
        query = f"?limit=4&order=asc&cursor={page['next_cursor']}" if "next_cursor" in page else ""
    assert found == whole[::-1]


def test_a_read_that_cannot_be_logged_is_refused(app, client, people, read_log):
    def fail(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO access_log"):
            raise OperationalError("INSERT", None, Exception("disk full"))

    engine = app.extensions["database"].engine
    path = f"/v1/patients/{people.patient.patient_id}/check-ins"
    event.listen(engine, "before_cursor_execute", fail)
    try:
        refused = client.get(path, headers=people.clinician.headers)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert (refused.status_code, refused.json["code"]) == (503, "busy")
    assert "items" not in refused.json
    assert client.get(path, headers=people.clinician.headers).status_code == 200
    assert len(read_log().json["items"]) == 1


def test_a_conflict_whose_record_cannot_be_logged_shows_no_record(app, client, people, read_log):
    def fail(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO access_log"):
            raise OperationalError("INSERT", None, Exception("disk full"))

    engine = app.extensions["database"].engine
    path = f"/v1/patients/{people.patient.patient_id}/protocol"
    headers = {**people.clinician.headers, "If-Match": '"v0"'}
    assert client.put(path, json={"min_interval_days": 10}, headers=headers).status_code == 200
    event.listen(engine, "before_cursor_execute", fail)
    try:
        refused = client.put(path, json={"min_interval_days": 12}, headers=headers)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert (refused.status_code, refused.json["code"]) == (503, "busy")
    assert "current" not in refused.json
    again = client.put(path, json={"min_interval_days": 12}, headers=headers)
    assert (again.status_code, again.json["version"]) == (412, 1)
    assert "10" in str(again.json["current"])
    assert len(read_log().json["items"]) == 1


def test_concurrent_reads_are_logged_once(people, database):
    actor = Actor(people.clinician.id, people.clinic_id, people.clinician.roles)
    whose = [people.patient.patient_id, people.other_patient.patient_id, None]
    with ThreadPoolExecutor(8) as pool:
        for done in [
            pool.submit(access_log.record_access, database, actor, "summary", whose, NOW) for _ in range(24)
        ]:
            done.result()
    with database.read(people.clinic_id) as session:
        assert len(session.scalars(select(AccessLogEntry)).all()) == 3


def test_the_access_log_is_filtered_by_the_patients_local_days(read_log, look, people, clock):
    look(people.clinician)
    # 22:30 on the 21st in Chicago, and the 22nd in UTC.
    clock.move_to(datetime(2026, 11, 22, 4, 30, tzinfo=UTC))
    look(people.clinician, "trends")
    clock.move_to(NOW)

    def resources(query):
        return [item["resource"] for item in read_log(query).json["items"]]

    assert resources("?from=2026-11-22") == ["summary"]
    assert resources("?to=2026-11-21") == ["trends"]
    assert resources("?from=2026-11-21&to=2026-11-22&order=asc") == ["trends", "summary"]
    assert resources("?from=0001-01-01&to=9999-12-31") == ["summary", "trends"]
    assert resources("?from=9999-12-31") == resources("?to=0001-01-01") == []
