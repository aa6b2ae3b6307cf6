"""What happens around the infusions, over HTTP: life_event once, seen by those meant, marked on the trend."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from models.events import Event
from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SESSION = {
    "local_date": "2026-11-19",
    "kind": "psychotherapy",
    "visibility": "patient",
    "note": "An hour on the train journey.",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(
        method: str, what: Any, body: Any = None, who: Any = None, version: int | None = None, **more: str
    ):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | more | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(f"/v1/patients/{patient}/{what}", method=method, json=body, headers=headers)

    return send


def faults(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.json
    return {(error["pointer"], error["code"]) for error in answer.json["errors"]}


def test_an_event_is_stored_once_corrected_by_version_and_removed_without_its_note(ask):
    where = f"events/{uuid4()}"
    first, again = (ask("PUT", where, SESSION) for _ in range(2))
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    assert first.json["reported_by"] == "staff"
    moved = SESSION | {"local_date": "2026-11-18"}
    assert ask("PUT", where, moved).status_code == 428
    assert ask("PUT", where, moved, version=4).status_code == 412
    assert ask("PUT", where, moved, version=1).json["version"] == 2
    assert ask("DELETE", where, version=2).status_code == 204
    assert ask("GET", where).status_code == 410
    result = ask("GET", f"{where}/revisions").json["items"]
    assert [(row["version"], row["removed"], "note" in row) for row in result] == [
        (1, False, False),
        (2, False, False),
        (3, True, False),
    ]
    assert ask("GET", "events").json["items"] == []


def test_nobody_gets_the_note_of_a_removed_event_and_the_database_has_it_no_more(
    ask, people, client, database
):
    unchanged, theirs, clinics = (f"events/{uuid4()}" for _ in range(3))
    life_event = SESSION | {"kind": "life_event", "note": "zq7canary"}
    ask("PUT", theirs, life_event, people.patient)
    ask("PUT", theirs, life_event | {"note": "zq7canary, corrected"}, people.patient, version=1)
    ask("PUT", clinics, life_event | {"kind": "annotation", "visibility": "staff"})
    ask("PUT", unchanged, SESSION, people.patient)
    assert ask("DELETE", theirs, who=people.patient, version=2).status_code == 204
    assert ask("DELETE", clinics, version=1).status_code == 204
    for who in people:
        headers = who.headers
        for what in (theirs, f"{theirs}/revisions", clinics, f"{clinics}/revisions", "events", "trends"):
            for form in ("application/json", "text/csv", "application/x-ndjson"):
                patient = people.patient.patient_id
                answer = client.get(f"/v1/patients/{patient}/{what}", headers={**headers, "Accept": form})
                assert "zq7canary" not in answer.text, (who.name, what)
    with database.read(people.clinic_id) as session:
        notes = {row.note for row in session.scalars(select(Event))}
    assert notes == {None, SESSION["note"]}
    # Told again after the removal, it is the new note that is shown.
    again = ask("PUT", theirs, SESSION | {"kind": "life_event"}, people.patient, version=3)
    assert (again.status_code, again.json["note"]) == (200, SESSION["note"])


def test_a_patient_reports_life_events_and_cannot_change_the_clinics(ask, people):
    theirs, clinics, hidden = (f"events/{uuid4()}" for _ in range(3))
    result = ask("PUT", theirs, SESSION | {"kind": "life_event"}, people.patient)
    assert (result.status_code, result.json["reported_by"]) == (201, "patient")
    ask("PUT", clinics, SESSION)
    ask("PUT", hidden, {**SESSION, "kind": "annotation", "visibility": "staff"})
    seen = [row["kind"] for row in ask("GET", "events", who=people.patient).json["items"]]
    assert sorted(seen) == ["life_event", "psychotherapy"]
    assert len(ask("GET", "events").json["items"]) == 3
    assert ask("GET", hidden, who=people.patient).status_code == 404
    assert ask("PUT", hidden, SESSION, people.patient, version=1).status_code == 404
    assert ask("DELETE", hidden, who=people.patient, version=1).status_code == 404
    assert ask("PUT", clinics, SESSION | {"note": "x"}, people.patient, version=1).status_code == 403
    assert ask("DELETE", clinics, who=people.patient, version=1).status_code == 403
    corrected = ask("PUT", theirs, SESSION | {"kind": "life_event", "note": "x"}, people.patient, version=1)
    assert (corrected.status_code, corrected.json["reported_by"]) == (200, "patient")


def test_an_invalid_event_is_refused_with_its_fields(ask, people):
    where = f"events/{uuid4()}"
    assert faults(ask("PUT", where, SESSION | {"local_date": "2026-11-30"})) == {
        ("#/local_date", "not_begun")
    }
    assert faults(ask("PUT", where, SESSION | {"local_date": "1999-12-31"})) == {
        ("#/local_date", "too_long_past")
    }
    bare = {name: SESSION[name] for name in ("local_date", "visibility")} | {"kind": "annotation"}
    assert faults(ask("PUT", where, bare)) == {("#/note", "required")}
    assert faults(ask("PUT", where, SESSION | {"kind": "party", "visibility": "all"})) == {
        ("#/kind", "unknown_kind"),
        ("#/visibility", "unknown_visibility"),
    }
    clinics = SESSION | {"kind": "annotation", "visibility": "staff"}
    assert faults(ask("PUT", where, clinics, people.patient)) == {
        ("#/kind", "clinicians_only"),
        ("#/visibility", "clinicians_only"),
    }
    assert ask("GET", "events").json["items"] == []


def test_a_day_that_has_not_begun_for_the_patient_is_refused_with_the_present_one(ask, database, people):
    tomorrow = SESSION | {"local_date": str(TODAY + timedelta(days=1))}
    where = f"events/{uuid4()}"
    refused = ask("PUT", where, tomorrow)
    assert faults(refused) == {("#/local_date", "not_begun")}
    assert refused.json["errors"][0]["expected_on"] == str(TODAY)
    # In Tokyo, as a check-in of the patient's says, it is tomorrow already.
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.check_in(session, patient, TODAY, time_zone="Asia/Tokyo")
    assert ask("PUT", where, tomorrow).status_code == 201


def test_the_list_goes_on_from_page_to_page_and_comes_as_csv(ask):
    for back in (9, 5, 5, 2):
        ask("PUT", f"events/{uuid4()}", SESSION | {"local_date": str(TODAY - timedelta(days=back))})
    first = ask("GET", "events?limit=2").json
    rest = ask("GET", f"events?limit=2&cursor={first['next_cursor']}").json
    days = [row["local_date"] for row in first["items"] + rest["items"]]
    assert days == ["2026-11-12", "2026-11-16", "2026-11-16", "2026-11-19"]
    lines = ask("GET", "events?from=2026-11-19", Accept="text/csv").text.splitlines()
    assert (lines[0].split(",")[:2], len(lines)) == (["local_date", "kind"], 2)


def test_the_trend_marks_them_by_day_and_kind_for_those_who_may_see_them(ask, people, database, client):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for back in range(20):
            factories.check_in(session, patient, TODAY - timedelta(days=back))
        shown = factories.event(session, patient, TODAY - timedelta(days=8), note="zq7canary")
        factories.event(session, patient, TODAY - timedelta(days=3), kind="annotation", visibility="staff")
        marked = {"id": str(shown.id), "local_date": "2026-11-13", "kind": "life_event"}
    clinics, own = ask("GET", "trends"), ask("GET", "trends", who=people.patient)
    assert [event["kind"] for event in clinics.json["events"]] == ["life_event", "annotation"]
    assert own.json["events"] == [marked]
    assert ask("GET", "trends?from=2026-11-15", who=people.patient).json["events"] == []
    assert ask("GET", f"trends?as_of={TODAY - timedelta(days=15)}").json["events"] == []
    pulled = client.get(
        f"/v1/patients/{people.patient.patient_id}/trends", headers=people.integration.headers
    )
    assert pulled.json["events"] == [marked]
    drawn = [ask("GET", "trends", who=who, Accept="image/svg+xml").text for who in (None, people.patient)]
    assert [">life event<" in text for text in drawn] == [True, True]
    assert [">note<" in text for text in drawn] == [True, False]
    for text in (*drawn, clinics.text, own.text):
        assert "zq7canary" not in text


def test_an_event_of_another_author_cannot_be_overwritten(ask, people):
    theirs = f"events/{uuid4()}"
    assert ask("PUT", theirs, SESSION, people.patient).status_code == 201
    hidden = SESSION | {"visibility": "staff", "note": "Says so herself."}
    assert ask("PUT", theirs, hidden, version=1).status_code == 403
    assert ask("GET", theirs, who=people.patient).json["note"] == SESSION["note"]
    # What was life_event in error a clinician may remove.
    assert ask("DELETE", theirs, version=1).status_code == 204
