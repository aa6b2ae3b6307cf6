"""Import of files over HTTP: reported line by line, stored once, never larger than one request may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, select

from imports import files
from models.check_ins import CheckIn
from models.infusions import Infusion
from models.patients import Patient

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
DIARY = "date,mood,anxiety\n2026-11-20,7,2\n2026-11-21,77,2\n2026-11-22,6,2\n"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def record_number(database, people):
    with database.read(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        return str(patient.record_number)


@pytest.fixture
def send(client, people, record_number):
    def post(text: Any = DIARY, who: Any = None, content_type: str = "text/csv", **query: str):
        query = {"kind": "check_ins", "patient": record_number} | query
        return client.post(
            f"/v1/clinics/{people.clinic_id}/imports",
            data=text,
            query_string={name: value for name, value in query.items() if value},
            headers=(who or people.clinician).headers,
            content_type=content_type,
        )

    return post


def problem(response: Any, status: int, code: str) -> Any:
    assert (response.status_code, response.json["code"]) == (status, code), response.json
    return response.json


def faults(response: Any) -> set[tuple[str, str]]:
    found = problem(response, 422, "invalid")["errors"]
    return {(error.get("pointer") or error.get("parameter"), error["code"]) for error in found}


def statuses(response: Any) -> list[tuple[int, str]]:
    assert response.status_code == 207, response.json
    return [(line["line"], line["status"]) for line in response.json["lines"]]


def test_a_diary_is_stored_line_by_line_and_reported(send, database, people):
    sent = send()
    assert statuses(sent) == [(2, "created"), (3, "refused"), (4, "created")]
    assert sent.json["lines"][1]["errors"] == [
        {"column": "mood", "code": "out_of_range", "detail": "Send a whole number from 0 to 10."}
    ]
    counts = {name: value for name, value in sent.json.items() if name.endswith("_count")}
    assert counts == {"created_count": 2, "unchanged_count": 0, "refused_count": 1, "not_used_count": 0}
    assert statuses(send(who=people.admin)) == [(2, "unchanged"), (3, "refused"), (4, "unchanged")]
    with database.read(people.clinic_id) as session:
        rows = session.scalars(select(CheckIn).order_by(CheckIn.local_date)).all()
        assert [(row.mood, row.reported_by, row.recorded_by) for row in rows] == [
            (7, "import", people.clinician.id),
            (6, "import", people.clinician.id),
        ]


def test_a_dry_run_says_the_same_and_stores_nothing(send, database, people):
    sent = send(dry_run="true")
    assert (sent.json["dry_run"], statuses(sent)) == (True, [(2, "created"), (3, "refused"), (4, "created")])
    with database.read(people.clinic_id) as session:
        assert session.scalars(select(CheckIn)).all() == []


def test_other_writers_need_not_wait_for_a_whole_file(send, app):
    days = [date(2026, 9, 1) + timedelta(days=number) for number in range(45)]
    engine, commits = app.extensions["database"].engine, []

    @event.listens_for(engine, "commit")
    def count(connection: object) -> None:
        commits.append(connection)

    sent = send("date,mood\n" + "".join(f"{day},6\n" for day in days), scale="0-10")
    event.remove(engine, "commit", count)
    assert sent.json["created_count"] == 45
    assert len(commits) >= 3


def test_how_a_file_is_read_is_stated_in_the_query(send):
    low = "date,mood\n2026-11-20,4\n"
    assert faults(send(low)) == {("#", "scale_unstated")}
    assert statuses(send(low, scale="1-5", direction="lower-is-better")) == [(2, "created")]
    assert send("date,mood\n2026-11-20,2\n", scale="0-10").json["created_count"] == 0
    daylio = "full_date,date,weekday,time,mood,activities,note_title,note\n"
    entries = "2026-11-19,,,21:00,fine,,,\n2026-11-19,,,8:00,low,,,\n"
    sent = send(daylio + entries, moods="great,fine,so-so,low,awful")
    assert statuses(sent) == [(2, "created"), (3, "not_used")]
    warned = send(f"date,mood,note\n2026-11-18,7,{'x' * 2001}\n").json["lines"][0]
    assert (warned["status"], warned["warnings"][0]["code"]) == ("created", "note_cut")


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"kind": "diaries"}, ("kind", "unknown_kind")),
        ({"kind": ""}, ("kind", "required")),
        ({"patient": ""}, ("patient", "required")),
        ({"kind": "patients"}, ("patient", "not_one_patient")),
        ({"patient": "nobody"}, ("patient", "unknown_patient")),
        ({"time_zone": "Mars"}, ("time_zone", "unknown_time_zone")),
        ({"scale": "5-1"}, ("scale", "unknown_scale")),
        ({"scale": "one to five"}, ("scale", "unknown_scale")),
        ({"direction": "up"}, ("direction", "unknown_direction")),
        ({"moods": "a,b"}, ("moods", "not_five")),
        ({"dry_run": "1"}, ("dry_run", "not_a_boolean")),
    ],
)
def test_what_cannot_be_asked_is_named(send, query, fault):
    assert faults(send(**query)) == {fault}


def test_a_file_that_cannot_be_read_is_refused_whole(send):
    assert faults(send(b"PK\x03\x04 xl/workbook.xml")) == {("#", "xlsx")}
    assert faults(send("date,mood\n".encode("utf-16"))) == {("#", "utf_16")}
    assert faults(send("")) == {("#", "missing_column")}
    assert faults(send("date,total\n", kind="scores", patient="")) >= {("#", "missing_column")}


def test_a_body_that_is_no_csv_or_too_large_is_refused(send, monkeypatch):
    problem(send(content_type="application/json"), 415, "not_a_csv_request")
    problem(send(content_type="multipart/form-data"), 415, "not_a_csv_request")
    large = "date,mood,note\n" + f"2026-11-20,7,{'x' * 1500}\n" * 800
    problem(send(large), 413, "body_too_large")
    monkeypatch.setattr(files, "MAX_LINES", 1)
    assert faults(send()) == {("#", "too_many")}


def test_a_file_beyond_the_usual_size_of_a_request_is_taken(send):
    lines = (f"2025-{1 + number // 28:02}-{1 + number % 28:02},7,{'x' * 1500}\n" for number in range(60))
    sent = send("date,mood,note\n" + "".join(lines))
    assert sent.json["created_count"] == 60


def test_patients_infusions_and_scores_are_imported_too(send, client, people, database):
    enrolled = send("record_number,display_name\nLB-90,Fern Hollow\n", kind="patients", patient="")
    assert statuses(enrolled) == [(2, "created")]
    infusions = "record_number,started_at,dose_mg\nLB-90,2026-11-03T10:00:00-06:00,35\n"
    infusions += "LB-91,2026-11-04T10:00:00Z,35\n"
    sent = send(infusions, kind="infusions", patient="")
    assert statuses(sent) == [(2, "created"), (3, "refused")]
    assert sent.json["lines"][1]["errors"][0]["column"] == "record_number"
    scores = "date,instrument,total\n2026-11-03,phq-9,17\n"
    assert statuses(send(scores, kind="scores", patient="LB-90")) == [(2, "created")]
    with database.read(people.clinic_id) as session:
        (given,) = session.scalars(select(Infusion))
        patient_id = session.scalar(select(Patient.id).where(Patient.record_number == "LB-90"))
        assert given.patient_id == patient_id
    shown = client.get(f"/v1/patients/{patient_id}/scores", headers=people.clinician.headers).json["items"]
    assert [(item["total"], item["source"]) for item in shown] == [(17, "imported")]


def test_our_own_csv_can_be_imported_again(send, client, people, record_number):
    path = f"/v1/patients/{people.patient.patient_id}"
    day = {"mood": 6, "anxiety": 3, "time_zone": "Asia/Tokyo", "recorded_at": "2026-11-21T21:14:05+09:00"}
    whole = day | {
        "enjoyment": 5,
        "side_effects": [{"code": "nausea", "severity": "mild"}],
        "note": '=SUM(1), "quoted"\nand a line',
        "benefit_left": 70,
        "ratings": {"craving": 2, "sleep": 6},
    }
    headers = people.patient.headers
    client.put(f"{path}/check-ins/2026-11-21", json=whole, headers=headers)
    client.put(f"{path}/check-ins/2026-11-20", json=day | {"side_effects": []}, headers=headers)
    exported = client.get(
        f"{path}/check-ins", headers={**people.clinician.headers, "Accept": "text/csv"}
    ).data
    assert statuses(send(exported)) == [(2, "unchanged"), (3, "unchanged")]
    other = people.other_patient.patient_id
    assert statuses(send(exported, patient=str(other))) == [(2, "created"), (3, "created")]
    stored = client.get(f"/v1/patients/{other}/check-ins", headers=people.clinician.headers).json["items"]
    original = client.get(f"{path}/check-ins", headers=people.clinician.headers).json["items"]
    own = {"reported_by", "recorded_by_name", "received_at"}
    without = [{name: value for name, value in item.items() if name not in own} for item in stored]
    assert without == [{name: value for name, value in item.items() if name not in own} for item in original]
    scores = client.get(f"{path}/scores", headers={**people.clinician.headers, "Accept": "text/csv"}).data
    assert statuses(send(scores, kind="scores", patient=record_number)) == []


def test_another_clinic_finds_nothing_and_a_patient_may_not(send, client, people):
    problem(send(who=people.stranger), 404, "not_found")
    problem(send(who=people.patient), 403, "forbidden")
    foreign = client.post(
        f"/v1/clinics/{people.other_clinic_id}/imports?kind=check_ins&patient={people.patient.patient_id}",
        data=DIARY,
        headers=people.stranger.headers,
        content_type="text/csv",
    )
    assert faults(foreign) == {("patient", "unknown_patient")}


def test_nothing_of_a_file_is_repeated(send):
    secret = "hunter2 said the patient"
    sent = send(f"date,mood,note\n{secret},{secret},{secret}\n2026-11-20,7,fine\n")
    assert sent.status_code == 207
    assert "hunter2" not in sent.text
    assert "hunter2" not in send(f"date,mood,{secret}\n").text
