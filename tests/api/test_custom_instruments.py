"""Instruments of a clinic's own: stated once, then entered, listed and judged by what the clinic stated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.patients import Patient
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
CODE = "clinic-daily-function"
FUNCTION: dict[str, Any] = {
    "code": CODE,
    "name": "Daily function",
    "lowest": 0,
    "highest": 40,
    "direction": "higher_is_worse",
    "bands": [{"from_total": 0, "label": "good"}, {"from_total": 21, "label": "poor"}],
    "bands_source": "Agreed by the team; not validated.",
    "response_share": 0.5,
    "response_share_source": "Agreed by the team; not validated.",
    "reliable_change_points": 8,
    "reliable_change_source": "Agreed by the team; not validated.",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def define(client, people):
    def put(*items: dict[str, Any], version: int | None = None, who: Any = None) -> Any:
        headers = (who or people.admin).headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        path = f"/v1/clinics/{people.clinic_id}/custom-instruments"
        return client.put(path, json={"items": [*items]}, headers=headers)

    return put


@pytest.fixture
def ask(client, people):
    def send(method: str, rest: str, body: Any = None, who: Any = None) -> Any:
        headers = (who or people.clinician).headers
        return client.open(
            f"/v1/patients/{people.patient.patient_id}/{rest}", method=method, json=body, headers=headers
        )

    return send


@pytest.fixture
def treated(database, people):
    """Six infusions from thirty days ago on."""
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for days in (30, 27, 24, 20, 17, 14):
            factories.infusion(session, patient, TODAY - timedelta(days=days))


def faults(response: Any) -> set[tuple[str, str]]:
    assert (response.status_code, response.json["code"]) == (422, "invalid"), response.json
    return {
        (error.get("pointer") or error.get("parameter"), error["code"]) for error in response.json["errors"]
    }


def test_a_clinic_without_instruments_has_version_0_as_the_document_says(client, people):
    path = f"/v1/clinics/{people.clinic_id}/custom-instruments"
    empty = client.get(path, headers=people.admin.headers)
    assert (empty.status_code, empty.json["version"], empty.json["items"]) == (200, 0, [])
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    assert schemas["CustomInstruments"]["properties"]["version"]["minimum"] == 0


def test_the_list_is_stored_whole_under_a_version(define, client, people):
    created = define(FUNCTION)
    assert (created.status_code, created.json["version"]) == (201, 1)
    assert created.json["items"] == [FUNCTION | {"retired": False}]
    assert define(FUNCTION).status_code == 200
    assert define(FUNCTION, FUNCTION | {"code": "clinic-two"}).status_code == 428
    assert define(FUNCTION | {"name": "Function"}, version=1, who=people.clinician).json["version"] == 2
    path = f"/v1/clinics/{people.clinic_id}/custom-instruments"
    for who in (people.clinician, people.admin):
        assert client.get(path, headers=who.headers).json["items"][0]["name"] == "Function"
    assert client.get(path, headers=people.stranger.headers).status_code == 404


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"code": "phq-9"}, ("#/items/0/code", "wrong_form")),
        ({"code": "clinic-Pain"}, ("#/items/0/code", "wrong_form")),
        ({"code": "clinic-pain\n"}, ("#/items/0/code", "wrong_form")),
        ({"code": "clinic-" + "a" * 30}, ("#/items/0/code", "too_long")),
        ({"highest": 0, "lowest": 0}, ("#/items/0/highest", "out_of_range")),
        ({"lowest": 40}, ("#/items/0/highest", "out_of_range")),
        ({"direction": "up"}, ("#/items/0/direction", "unknown_direction")),
        ({"bands_source": None}, ("#/items/0/bands_source", "required")),
        ({"reliable_change_source": None}, ("#/items/0/reliable_change_source", "required")),
        ({"response_share": None}, ("#/items/0/response_share_source", "not_allowed")),
        ({"response_share": 1.5}, ("#/items/0/response_share", "out_of_range")),
        ({"direction": "higher_is_better"}, ("#/items/0/response_share", "not_allowed")),
        ({"reliable_change_points": 41}, ("#/items/0/reliable_change_points", "out_of_range")),
        (
            {"bands": [{"from_total": 21, "label": "a"}, {"from_total": 20, "label": "b"}]},
            ("#/items/0/bands", "out_of_order"),
        ),
        ({"bands": [{"from_total": 41, "label": "a"}]}, ("#/items/0/bands", "out_of_order")),
        ({"bands": [{"from_total": at, "label": "a"} for at in range(13)]}, ("#/items/0/bands", "too_many")),
    ],
)
def test_what_contradicts_itself_or_has_no_source_is_named(define, changed, fault):
    sent = {name: value for name, value in (FUNCTION | changed).items() if value is not None}
    assert fault in faults(define(sent))


def test_two_of_one_code_and_a_list_too_long_are_refused(define):
    assert faults(define(FUNCTION, FUNCTION)) == {("#/items/1/code", "not_unique")}
    many = [FUNCTION | {"code": f"clinic-{number}"} for number in range(51)]
    assert faults(define(*many)) == {("#/items", "too_many")}


def test_totals_are_entered_within_the_range_that_held_then(define, ask, people):
    path = f"scores/{CODE}/{TODAY}"
    refused = ask("PUT", path, {"total": 12})
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")
    define(FUNCTION)
    stored = ask("PUT", path, {"total": 30})
    assert (stored.status_code, stored.json["lowest"], stored.json["highest"]) == (201, 0, 40)
    assert ask("PUT", path, {"total": 30, "highest": 40}).status_code == 200
    assert faults(ask("PUT", f"scores/{CODE}/{TODAY - timedelta(days=1)}", {"total": 41})) == {
        ("#/total", "off_scale")
    }
    other = ask("PUT", f"scores/{CODE}/{TODAY - timedelta(days=1)}", {"total": 4, "highest": 50})
    assert faults(other) == {("#/highest", "another_range")}
    define(FUNCTION | {"highest": 20, "bands": [], "bands_source": None} | {"retired": True}, version=1)
    listed = ask("GET", f"scores?instrument={CODE}", who=people.patient).json["items"]
    assert [(each["instrument"], each["total"], each["highest"]) for each in listed] == [(CODE, 30, 40)]


def test_one_with_totals_is_retired_and_not_removed(define, ask):
    define(FUNCTION)
    ask("PUT", f"scores/{CODE}/{TODAY}", {"total": 30})
    assert faults(define(version=1)) == {("#/items", "has_totals")}
    assert define(FUNCTION | {"retired": True}, version=1).json["items"][0]["retired"] is True
    assert faults(ask("PUT", f"scores/{CODE}/{TODAY - timedelta(days=1)}", {"total": 3})) == {
        ("#/total", "retired")
    }
    assert ask("GET", f"scores/{CODE}/{TODAY}").json["total"] == 30


@pytest.mark.usefixtures("treated")
def test_its_change_is_judged_by_what_the_clinic_stated(define, ask, client, people):
    define(FUNCTION)
    for days, total in ((31, 20), (2, 30)):
        assert (
            ask("PUT", f"scores/{CODE}/{TODAY - timedelta(days=days)}", {"total": total}).status_code == 201
        )
    course = ask("GET", f"questionnaire-courses/{CODE}").json
    assert [(point["total"], point["band"]) for point in course["points"]] == [(20, "good"), (30, "poor")]
    assert course["points"][-1]["reliable_change"] == "worsened"
    review = ask("GET", "response-review").json
    (total,) = [each for each in review["totals"] if each["instrument"] == CODE]
    assert (total["total_before"], total["reliable_change"], total["response"]) == (20, "worsened", False)
    assert "Daily function 30 on 20 November, was 20 before treatment: reliably worse." in str(
        ask("GET", "summary").json["attention"]
    )
    # Another threshold is judged by at once, cached summaries included.
    stricter = FUNCTION | {"reliable_change_points": 11}
    assert define(stricter, version=1).status_code == 200
    assert "Daily function" not in str(ask("GET", "summary").json["attention"])
    outcomes = client.get(
        f"/v1/clinics/{people.clinic_id}/reports/outcomes?instrument={CODE}", headers=people.clinician.headers
    ).json
    assert {rate["outcome"] for rate in outcomes["rates"]} == {"response", "worse"}
    assert [change["instrument"] for change in outcomes["changes"]] == [CODE]
    unknown = client.get(
        f"/v1/clinics/{people.clinic_id}/reports/outcomes?instrument=clinic-x",
        headers=people.clinician.headers,
    )
    assert faults(unknown) == {("instrument", "unknown_instrument")}
    path = f"/v1/clinics/{people.clinic_id}/reports/outcomes?instrument=phq-9%0A"
    assert faults(client.get(path, headers=people.clinician.headers)) == {
        ("instrument", "unknown_instrument")
    }


def test_totals_of_a_file_may_be_of_the_clinics_own(define, client, people, database):
    define(FUNCTION)
    with database.read(people.clinic_id) as session:
        number = session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).record_number
    sent = client.post(
        f"/v1/clinics/{people.clinic_id}/imports?kind=scores&patient={number}",
        data=f"date,instrument,total\n2026-11-20,{CODE},12\n2026-11-20,clinic-none,12\n",
        headers=people.clinician.headers,
        content_type="text/csv",
    )
    assert [line["status"] for line in sent.json["lines"]] == ["created", "refused"]


def test_one_without_bands_has_a_course_of_its_totals(define, ask, client, people):
    plain = {name: FUNCTION[name] for name in ("code", "name", "lowest", "highest", "direction")}
    assert define(plain).status_code in {200, 201}
    path = f"/v1/patients/{people.patient.patient_id}/questionnaire-courses/{CODE}"
    for _ in range(2):
        found = client.get(path, headers=people.clinician.headers)
        assert found.status_code == 200, found.json
        assert ask("PUT", f"scores/{CODE}/{TODAY}", {"total": 12}).status_code in {200, 201}
