"""Forms over HTTP: kept whole or begun, scored once whole; an item 9 is acted on whatever else is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from clinical.instruments import catalogue
from clinical.instruments.gad7 import GAD_7
from clinical.instruments.instrument import Instrument
from clinical.instruments.phq9 import PHQ_9
from models.patients import Patient
from models.safety import SafetyAlertAnswer
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
ALL = [str(number) for number in range(1, 10)]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(
        method: str, rest: str = "", body: Any = None, version: int | None = None, who: Any = None, **headers
    ):
        who = who or people.patient
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers |= who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        path = f"/v1/patients/{patient}/questionnaire-responses{rest}"
        return client.open(path, method=method, json=body, headers=headers)

    return send


@pytest.fixture
def put(ask):
    def send(answers: Any, form: Any, version: int | None = None, who: Any = None, **other: Any):
        return ask("PUT", f"/{form}", {**begun(answers), **other}, version, who)

    return send


@pytest.fixture
def alerts(database, people):
    def found() -> list[tuple[str, int]]:
        with database.read(people.clinic_id) as session:
            query = select(SafetyAlertAnswer).where(SafetyAlertAnswer.patient_id == people.patient.patient_id)
            return sorted((row.record_id, row.answer) for row in session.scalars(query))

    return found


def begun(answers: Any, instrument: str = "phq-9") -> dict[str, Any]:
    return {
        "instrument": instrument,
        "instrument_version": "1",
        "local_date": str(TODAY),
        "time_zone": factories.ZONE,
        "recorded_at": "2026-11-22T02:40:00+00:00",
        "answers": answers,
    }


def phq_9(item_9: int = 0, others: int = 1) -> dict[str, int]:
    return {**dict.fromkeys(ALL, others), "9": item_9}


def problem(response: Any, status: int, code: str) -> Any:
    assert (response.status_code, response.json["code"]) == (status, code), response.json
    return response.json


def faults(response: Any) -> set[tuple[str, str]]:
    found = problem(response, 422, "invalid")["errors"]
    return {(error.get("pointer") or error.get("parameter"), error["code"]) for error in found}


def test_a_whole_form_is_scored_by_the_server_once_however_often_it_is_sent(put, ask):
    form = uuid4()
    first, second = put(phq_9(), form), put(phq_9(), form)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    result = first.json
    assert (result["complete"], result["total"], result["band"], result["item_9"]) == (
        True,
        8,
        "mild",
        "not endorsed",
    )
    assert result["reported_by"] == "patient"
    assert "safety" not in result
    assert ask("GET", f"/{form}").json == result
    assert ask("GET", f"/{form}", If_None_Match='"v1"').status_code == 304


@pytest.mark.parametrize(
    "recorded", [{"recorded_at": "2026-11-22T02:41:00+00:00"}, {"time_zone": "Asia/Tokyo"}]
)
def test_the_same_form_recorded_at_another_time_or_place_changes_nothing(put, ask, recorded):
    form = uuid4()
    first = put(phq_9(), form)
    again = put(phq_9(), form, **recorded)
    assert (again.status_code, again.data) == (200, first.data)
    assert len(ask("GET", f"/{form}/revisions").json["items"]) == 1


def test_a_form_is_stored_in_parts_and_scored_once_it_is_complete(put, ask, people):
    form = uuid4()
    answers: dict[str, int] = {}
    result: dict[str, Any] = {}
    for version, item in enumerate(ALL):
        answers[item] = 2 if item != "9" else 0
        result = put(answers, form, version or None).json
        assert result["complete"] is (item == "9")
        assert ("total" in result) is (item == "9")
        assert result["item_9"] == ("not answered" if item != "9" else "not endorsed")
    assert result["total"] == 16
    clinicians = ask("GET", f"/{form}/revisions", who=people.clinician).json["items"]
    assert [item["version"] for item in clinicians] == list(range(1, 10))
    assert [len(item["answers"]) for item in clinicians] == list(range(1, 10))


def test_a_clinician_fills_in_and_corrects_a_form_and_marks_one_entered_in_error(put, ask, people):
    form = uuid4()
    stored = put(
        {str(number): 1 for number in range(1, 21)}, form, who=people.clinician, instrument="pcl-5"
    ).json
    assert (stored["total"], stored["reported_by"]) == (20, "staff")
    assert [cluster["total"] for cluster in stored["clusters"]] == [5, 2, 7, 6]
    assert "band" not in stored
    again = {str(number): 2 for number in range(1, 21)}
    refused = put(again, form, who=people.clinician, instrument="pcl-5")
    assert problem(refused, 428, "version_required")["current"]["total"] == 20
    assert put(again, form, 1, people.clinician, instrument="pcl-5").json["total"] == 40
    assert ask("DELETE", f"/{form}", version=2).status_code == 403
    assert ask("DELETE", f"/{form}", version=2, who=people.clinician).status_code == 204
    problem(ask("GET", f"/{form}"), 410, "removed")
    assert ask("GET").json == {"items": []}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"answers": {"10": 1}}, {("#/answers/10", "unknown_item")}),
        ({"answers": {"1": 4, "a/b": 1}}, {("#/answers/1", "off_scale"), ("#/answers/a~1b", "unknown_item")}),
        ({"answers": {"1": 6}}, {("#/answers/1", "out_of_range")}),
        ({"answers": {"1": "2"}}, {("#/answers/1", "not_whole")}),
        ({"answers": {}}, {("#/answers", "too_many")}),
        ({"answers": [1]}, {("#/answers", "wrong_type")}),
        ({"instrument": "madrs"}, {("#/instrument", "unknown_questionnaire")}),
        ({"instrument_version": "2"}, {("#/instrument_version", "unknown_version")}),
        ({"local_date": "2026-11-23"}, {("#/local_date", "not_begun")}),
        ({"local_date": "2026-11-01"}, {("#/local_date", "too_long_past")}),
        ({"time_zone": "Mars/Olympus"}, {("#/time_zone", "unknown_time_zone")}),
        ({"total": 8}, {("#/total", "unknown_field")}),
    ],
)
def test_what_cannot_be_stored_is_refused_by_its_field(ask, sent, wrong):
    form = uuid4()
    assert faults(ask("PUT", f"/{form}", {**begun(phq_9()), **sent})) == wrong
    problem(ask("GET", f"/{form}"), 404, "not_found")


def test_a_form_that_claims_a_time_over_a_month_ago_counts_from_its_receipt(put):
    last = {"local_date": "2026-10-23", "recorded_at": "2026-10-24T02:50:00+00:00"}
    assert put(phq_9(), uuid4(), **last).status_code == 201
    older = {"local_date": "2026-10-22", "recorded_at": "2026-10-23T02:30:00+00:00"}
    assert faults(put(phq_9(), uuid4(), **older)) == {("#/local_date", "too_long_past")}


def test_a_day_ahead_of_its_moment_is_refused_with_the_day_it_should_be(put, alerts, ask):
    form, moment = uuid4(), {"recorded_at": "2026-11-21T20:40:00-06:00", "local_date": "2026-11-22"}
    refused = put(phq_9(item_9=1), form, **moment)
    assert faults(refused) == {("#/local_date", "ahead_of_recorded_at")}
    assert refused.json["errors"][0]["expected_on"] == "2026-11-21"
    # Item 9 is acted on all the same, and stored for the day that it was.
    assert alerts() == [(str(form), 1)]
    assert ask("GET", f"/{form}").json["local_date"] == "2026-11-21"
    assert put(phq_9(item_9=1), form, 1, local_date="2026-11-21").json["complete"] is True


def test_another_questionnaire_under_the_same_id_is_a_clash(put):
    form = uuid4()
    put(phq_9(), form)
    clash = problem(put({"1": 1}, form, 1, instrument="gad-7"), 409, "conflict")
    assert clash["errors"][0]["pointer"] == "#/instrument"


@pytest.mark.parametrize("item_9", [1, 2, 3])
def test_an_item_9_above_not_at_all_is_answered_at_once_and_opens_one_alert(put, alerts, item_9):
    form = uuid4()
    for _ in range(2):
        result = put({"9": item_9}, form).json
        assert result["item_9"] == "endorsed"
        assert "Nobody watches" in result["safety"]["message"]
        assert "total" not in result
    assert alerts() == [(str(form), item_9)]


# Whatever else is wrong with a form: the members that replace those of a right one.
TROUBLE: dict[str, tuple[dict[str, Any], int]] = {
    "another item off its scale": ({"answers": {**phq_9(2), "3": 7}}, 422),
    "another item that is text": ({"answers": {**phq_9(2), "3": "often"}}, 422),
    "an item that there is not": ({"answers": {**phq_9(2), "10": 1}}, 422),
    "an unknown version": ({"instrument_version": "9"}, 422),
    "a day that has not begun": ({"local_date": "2031-01-01"}, 422),
    "a day long past": ({"local_date": "2026-01-01"}, 422),
    "no day at all": ({"local_date": None}, 422),
    "a member too many": ({"mood": 3}, 422),
    "a version of nothing": ({}, 412),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_item_9_is_stored_and_acted_on_whatever_else_is_wrong(ask, alerts, trouble):
    form, (wrong, status) = uuid4(), TROUBLE[trouble]
    for _ in range(2):
        refused = ask("PUT", f"/{form}", {**begun(phq_9(2)), **wrong}, 7 if status == 412 else None)
        assert refused.status_code == status
        assert refused.content_type == "application/problem+json"
        assert "Nobody watches" in refused.json["safety"]["message"]
    in_store = ask("GET", f"/{form}").json
    assert (in_store["answers"], in_store["complete"], in_store["version"]) == ({"9": 2}, False, 1)
    assert alerts() == [(str(form), 2)]
    corrected = ask("PUT", f"/{form}", begun(phq_9(2)), 1).json
    assert (corrected["total"], corrected["item_9"]) == (10, "endorsed")
    assert alerts() == [(str(form), 2)]


def test_item_9_is_screened_in_a_form_with_a_version_conflict(put, ask, alerts):
    form = uuid4()
    stored = put(phq_9(0), form).json
    refused = put(phq_9(3), form)
    assert problem(refused, 428, "version_required")["current"] == stored
    assert refused.json["safety"]["message"]
    assert ask("GET", f"/{form}").json == stored
    assert alerts() == [(str(form), 3)]


def test_a_form_changed_back_to_not_at_all_leaves_its_alert_open(put, alerts):
    form = uuid4()
    put({"9": 1}, form)
    assert "safety" not in put(phq_9(0), form, 1).json
    assert alerts() == [(str(form), 1)]


def test_no_other_patients_form_is_stored_for_its_item_9(client, people, alerts):
    for who in (people.other_patient, people.stranger, people.strangers_patient):
        path = f"/v1/patients/{people.patient.patient_id}/questionnaire-responses/{uuid4()}"
        for body in (begun({"9": 3}), {**begun({"9": 3}), "mood": 1}):
            problem(client.put(path, json=body, headers=who.headers), 404, "not_found")
    assert alerts() == []


def test_forms_are_listed_by_questionnaire_and_day_in_pages_and_as_lines(put, ask, people):
    for day in (20, 18, 19):
        put(phq_9(), uuid4(), local_date=f"2026-11-{day}")
        put({"1": 1, "2": 2}, uuid4(), instrument="phq-2", local_date=f"2026-11-{day}")
    seen, rest = [], "?limit=2&instrument=phq-9"
    while rest:
        page = ask("GET", rest, who=people.integration).json
        seen += [item["local_date"] for item in page["items"]]
        cursor = page.get("next_cursor")
        rest = f"?limit=2&instrument=phq-9&cursor={cursor}" if cursor else ""
    assert seen == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert len(ask("GET", "?from=2026-11-19&to=2026-11-19").json["items"]) == 2
    assert faults(ask("GET", "?instrument=madrs")) == {("instrument", "unknown_questionnaire")}
    csv = ask("GET", "?instrument=phq-9", Accept="text/csv").text.splitlines()
    assert csv[0] == "local_date,id,instrument,instrument_version,complete,total,band,version"
    assert csv[1].endswith("phq-9,1,true,8,mild,1")
    lines = ask("GET", "", Accept="application/x-ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == ask("GET").json["items"]


def test_a_form_counts_as_a_change_and_a_repetition_does_not(put, database, people):
    def count() -> int:
        with database.read(people.clinic_id) as session:
            found: int = session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq
            return found

    form, before = uuid4(), count()
    put(phq_9(), form)
    put(phq_9(), form)
    assert count() == before + 1


@pytest.fixture
def push(client, people):
    def send(*operations: Any):
        answer = client.post("/v1/sync/push", json={"operations": operations}, headers=people.patient.headers)
        assert answer.status_code == 207
        return answer.json["results"]

    return send


def operation(form: Any, body: Any, **other: Any) -> dict[str, Any]:
    named = {"op_id": str(uuid4()), "type": "put_questionnaire_response", "id": str(form)}
    return {**named, "form": body, **other}


def test_forms_are_pushed_among_check_ins_and_judged_alone(push, ask, alerts):
    whole, part = uuid4(), uuid4()
    results = push(
        {"op_id": str(uuid4()), "type": "put_check_in", "local_date": "2026-11-20", "data": {"mood": "fine"}},
        operation(whole, begun(phq_9())),
        operation(part, begun({"9": 1})),
        operation(uuid4(), begun({"1": 9, "2": 1})),
        None,
    )
    assert [result["status"] for result in results] == [
        *("rejected", "created", "created"),
        *("rejected", "rejected"),
    ]
    assert (results[1]["record_id"], results[1]["version"]) == (str(whole), 1)
    assert "safety" not in results[1]
    assert "Nobody watches" in results[2]["safety"]["message"]
    assert results[3]["problem"]["errors"][0]["pointer"] == "#/form/answers/1"
    assert alerts() == [(str(part), 1)]
    assert len(ask("GET").json["items"]) == 2
    again = push(operation(whole, begun(phq_9())), operation(whole, begun(phq_9(0, 2))))
    assert [result["status"] for result in again] == ["unchanged", "conflict"]
    assert again[1]["current_form"]["total"] == 8
    assert push(operation(whole, begun(phq_9(0, 2)), base_version=1))[0]["status"] == "updated"


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": {**begun(phq_9(3)), "answers": {**phq_9(3), "1": None}}},
        {"form": {"instrument": "phq-9", "answers": {"9": 3}}},
        {"mood": 4},
        {"op_id": None},
        {"base_version": 5},
        {"type": "put_check_in"},
        {"type": "burn"},
        {"id": "not an id"},
        {"id": None},
    ],
    ids=str,
)
def test_item_9_in_a_push_with_any_fault_is_stored_and_answered_once(push, ask, alerts, wrong):
    form = uuid4()
    check_in = {"op_id": str(uuid4()), "type": "put_check_in", "local_date": "2026-11-20", "data": []}
    for _ in range(2):
        results = push(check_in, {**operation(form, begun(phq_9(3))), **wrong}, {"op_id": 1})
        assert {result["status"] for result in results} <= {"rejected", "conflict"}
        assert "Nobody watches" in results[1]["safety"]["message"]
    in_store = ask("GET").json["items"]
    assert [(item["answers"], item["item_9"]) for item in in_store] == [({"9": 3}, "endorsed")]
    assert alerts() == [(in_store[0]["id"], 3)]
    if "id" not in wrong:
        assert in_store[0]["id"] == str(form)


def test_item_9_of_a_body_that_is_refused_whole_is_still_stored(client, people, ask, alerts):
    put, pushed = uuid4(), uuid4()
    path = f"/v1/patients/me/questionnaire-responses/{put}"
    text = json.dumps(begun(phq_9(2))).replace('"1": 1', '"1": NaN')
    headers = {**people.patient.headers, "Content-Type": "application/json"}
    for sent in (text, text.replace('"2": 1', '"2": 1, "2": 1')):
        refused = client.put(path, data=sent, headers=headers)
        assert refused.status_code in {400, 422}
        assert "Nobody watches" in refused.json["safety"]["message"]
    refused = client.put(
        path, data=json.dumps(begun(phq_9(2))), headers={**headers, "Content-Type": "text/plain"}
    )
    assert (refused.status_code, "safety" in refused.json) == (415, True)
    body = {"operations": [operation(pushed, begun(phq_9(3))), *range(101)]}
    refused = client.post("/v1/sync/push", json=body, headers=people.patient.headers)
    assert faults(refused) == {("#/operations", "too_many")}
    assert "Nobody watches" in refused.json["safety"]["message"]
    assert alerts() == sorted([(str(put), 2), (str(pushed), 3)])
    assert len(ask("GET").json["items"]) == 2


@pytest.fixture
def next_revision(monkeypatch):
    """Let time go on in the catalogue: a version is retired, and another in use."""

    def succeeded(successor: Instrument) -> None:
        former = [replace(each, retired=each.code == successor.code) for each in catalogue.CATALOGUE]
        monkeypatch.setattr(catalogue, "CATALOGUE", (successor, *former))

    return succeeded


GAD_7_ANSWERS = {str(number): 2 for number in range(1, 8)}


def test_a_retired_version_is_refused_by_its_field_and_its_stored_forms_stay(
    put, ask, push, client, people, next_revision
):
    whole, part = uuid4(), uuid4()
    in_store = put(GAD_7_ANSWERS, whole, instrument="gad-7").json
    put({"1": 3}, part, instrument="gad-7")
    next_revision(replace(GAD_7, version="2"))
    listed = client.get("/v1/questionnaires").json["items"]
    assert [item["instrument_version"] for item in listed if item["code"] == "gad-7"] == ["2"]
    assert client.get("/v1/questionnaires/gad-7/versions/1").json["retired"] is True

    new = uuid4()
    refused = problem(put(GAD_7_ANSWERS, new, instrument="gad-7"), 409, "conflict")
    assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [
        ("#/instrument_version", "retired_version")
    ]
    (pushed,) = push(operation(new, begun(GAD_7_ANSWERS, "gad-7")))
    assert (pushed["status"], pushed["problem"]["errors"][0]["pointer"]) == (
        "rejected",
        "#/form/instrument_version",
    )
    problem(ask("GET", f"/{new}"), 404, "not_found")
    assert put(GAD_7_ANSWERS, new, instrument="gad-7", instrument_version="2").status_code == 201

    # What was stored reads as it did, and may be gone on with and put right in its own version.
    assert ask("GET", f"/{whole}").json == in_store
    assert (in_store["total"], in_store["band"]) == (14, "moderate")
    assert put(GAD_7_ANSWERS, part, 1, instrument="gad-7").json["total"] == 14
    assert len(ask("GET", f"/{part}/revisions").json["items"]) == 2
    course = f"/v1/patients/{people.patient.patient_id}/questionnaire-courses/gad-7"
    assert [
        point["band"] for point in client.get(course, headers=people.clinician.headers).json["points"]
    ] == ["moderate"]


def test_an_item_9_in_a_retired_version_is_still_screened(ask, put, alerts, next_revision):
    next_revision(replace(PHQ_9, version="2"))
    form = uuid4()
    refused = put(phq_9(2), form)
    assert refused.json["errors"][0]["code"] == "retired_version"
    assert "Nobody watches" in refused.json["safety"]["message"]
    assert alerts() == [(str(form), 2)]
    in_store = ask("GET", f"/{form}").json
    assert (in_store["answers"], in_store["instrument_version"]) == ({"9": 2}, "2")
    assert put(phq_9(2), form, 1, instrument_version="2").json["total"] == 10
    assert alerts() == [(str(form), 2)]
