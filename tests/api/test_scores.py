"""Totals of questionnaires over HTTP: entered once however often they are sent, never erased."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(
        method: str,
        rest: Any = f"/phq-9/{TODAY}",
        body: Any = None,
        version: int | None = None,
        who: Any = None,
        **headers: str,
    ):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers |= who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(f"/v1/patients/{patient}/scores{rest}", method=method, json=body, headers=headers)

    return send


@pytest.fixture
def put(ask):
    def send(total: Any = 14, day: Any = TODAY, version: int | None = None, instrument: str = "phq-9"):
        return ask("PUT", f"/{instrument}/{day}", {"total": total}, version)

    return send


def problem(response: Any, status: int, code: str) -> Any:
    assert (response.status_code, response.json["code"]) == (status, code), response.json
    return response.json


def faults(response: Any) -> set[tuple[str, str]]:
    found = problem(response, 422, "invalid")["errors"]
    return {(error.get("pointer") or error.get("parameter"), error["code"]) for error in found}


def test_a_total_is_entered_once_however_often_it_is_sent(put, ask):
    first, second = put(), put()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"] == '"v1"'
    shown = {"instrument": "phq-9", "local_date": "2026-11-21", "total": 14, "version": 1}
    shown |= {"record_id": "phq-9/2026-11-21", "source": "entered"}
    assert first.json == shown | {"lowest": 0, "highest": 27}
    assert ask("GET").json == first.json


def test_a_correction_names_the_version_it_corrects(put):
    stored = put().json
    assert problem(put(12), 428, "version_required")["current"] == stored
    corrected = put(12, version=1)
    assert (corrected.status_code, corrected.json["total"], corrected.json["version"]) == (200, 12, 2)
    assert put(12, version=1).data == corrected.data
    assert problem(put(9, version=1), 412, "stale")["current"] == corrected.json
    problem(put(9, TODAY - timedelta(days=1), version=1), 412, "stale")


def test_a_removed_total_leaves_a_tombstone_and_may_be_entered_again(put, ask):
    problem(ask("DELETE"), 404, "not_found")
    put()
    problem(ask("DELETE"), 428, "version_required")
    assert [ask("DELETE", version=version).status_code for version in (1, 1, None, 2)] == [204] * 4
    assert problem(ask("GET"), 410, "removed")["version"] == 2
    problem(put(), 410, "removed")
    assert ask("GET", "").json == {"items": []}
    assert put(version=2).json["version"] == 3


def test_every_revision_is_stored_with_its_author_and_its_time(put, ask, people, clock):
    put()
    clock.shift(60)
    put(9, version=1)
    clock.shift(60)
    ask("DELETE", version=2)
    items = ask("GET", f"/phq-9/{TODAY}/revisions").json["items"]
    assert [(item["version"], item["total"], item["removed"]) for item in items] == [
        (1, 14, False),
        (2, 9, False),
        (3, 9, True),
    ]
    assert {item["recorded_by"] for item in items} == {str(people.clinician.id)}
    assert [item["known_from"] for item in items[1:]] == [item["known_until"] for item in items[:2]]
    assert "known_until" not in items[2]
    problem(ask("GET", "/phq-9/2026-11-01/revisions"), 404, "not_found")


@pytest.mark.parametrize("total", [0, 27, 14.0])
def test_any_total_that_a_phq_9_can_give_is_taken(put, total):
    assert put(total).json["total"] == total


def test_a_total_that_no_phq_9_gives_is_refused_and_named(put, ask):
    for total, code in ((28, "off_scale"), (-1, "out_of_range"), (10**9, "out_of_range")):
        assert faults(put(total)) == {("#/total", code)}, total
    for wrong in (3.5, "14", True, [14]):
        assert faults(put(wrong)) == {("#/total", "not_whole")}, wrong
    assert faults(put(None)) == {("#/total", "null")}
    assert faults(ask("PUT", body={})) == {("#/total", "required")}
    assert faults(ask("PUT", body={"total": 14, "item_9": 1})) == {("#/item_9", "unknown_field")}
    problem(ask("GET"), 404, "not_found")


def test_a_total_of_a_questionnaire_that_is_not_asked_here_comes_with_its_range_and_who_judged(ask):
    day = f"/cadss/{TODAY}"
    result = {"total": 19, "lowest": 0, "highest": 92, "rater": "clinician"}
    first = ask("PUT", day, result)
    assert first.status_code == 201
    assert {name: first.json[name] for name in result} == result
    assert ask("PUT", day, result).data == first.data
    assert faults(ask("PUT", "/cadss/2026-11-01", {"total": 19})) == {
        ("#/lowest", "required"),
        ("#/highest", "required"),
    }
    assert ask("PUT", f"/madrs/{TODAY}", {"total": 30, "rater": "clinician"}).json["highest"] == 60
    assert faults(ask("PUT", day, {**result, "rater": "aunt"})) == {("#/rater", "unknown_rater")}
    assert (
        problem(ask("PUT", day, {**result, "rater": "other"}), 428, "version_required")["current"]
        == first.json
    )


def test_an_unknown_questionnaire_in_the_path_is_invalid_for_every_method(put, ask):
    for name in ("phq9", "PHQ-9", "zung", "%F0%9F%98%80"):
        assert faults(put(instrument=name)) == {("instrument", "unknown_instrument")}, name
    for method in ("GET", "DELETE"):
        assert faults(ask(method, f"/zung/{TODAY}")) == {("instrument", "unknown_instrument")}


def test_a_day_that_has_not_begun_or_is_too_long_past_is_refused_and_named(put):
    assert put(day=TODAY + timedelta(days=1)).status_code == 201, "it has begun in the east"
    assert faults(put(day=TODAY + timedelta(days=2))) == {("local_date", "not_begun")}
    assert faults(put(day="1999-12-31")) == {("local_date", "too_long_past")}
    assert put(day="2000-01-01").status_code == 201
    assert faults(put(day="2026-02-30")) == {("local_date", "not_a_date")}


def test_a_patient_reads_their_own_and_does_not_write(put, ask, client, people):
    stored = put().json
    assert ask("GET", who=people.patient).json == stored
    assert ask("GET", "", who=people.patient).json["items"] == [stored]
    assert ask("PUT", body={"total": 3}, who=people.patient).status_code == 403
    assert ask("DELETE", who=people.patient, version=1).status_code == 403
    assert ask("GET", who=people.integration).json == stored
    for who in (people.other_patient, people.stranger, people.strangers_patient):
        for rest in ("", f"/phq-9/{TODAY}", f"/phq-9/{TODAY}/revisions"):
            path = f"/v1/patients/{people.patient.patient_id}/scores{rest}"
            problem(client.get(path, headers=who.headers), 404, "not_found")


def test_pages_give_every_total_once_in_order_of_date(put, ask):
    for day in (3, 9, 1, 7, 5):
        put(day=f"2026-11-0{day}")
    seen, rest = [], "?limit=2"
    while rest:
        page = ask("GET", rest).json
        seen += [item["local_date"] for item in page["items"]]
        rest = f"?limit=2&cursor={page['next_cursor']}" if "next_cursor" in page else ""
    assert seen == [f"2026-11-0{day}" for day in (1, 3, 5, 7, 9)]
    part = ask("GET", "?from=2026-11-03&to=2026-11-07").json["items"]
    assert [item["local_date"] for item in part] == ["2026-11-03", "2026-11-05", "2026-11-07"]
    assert faults(ask("GET", "?from=2026-11-07&to=2026-11-03")) == {("to", "before_from")}


@pytest.fixture
def totals(database, people):
    """Totals from everywhere, two of one day; and questionnaires without a total, or entered in error."""
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.score(session, patient, date(2026, 11, 3), total=20, source="imported", rater="other")
        factories.score(session, patient, date(2026, 11, 5), total=15)
        ids = [factories.form(session, patient, date(2026, 11, day)).id for day in (5, 5, 9)]
        factories.form(session, patient, date(2026, 11, 6), total=None)
        factories.form(session, patient, date(2026, 11, 7), removed=True)
        factories.form(session, patient, date(2026, 11, 4), instrument="gad-7", reported_by="staff")
    return sorted(ids[:2]) + ids[2:]


def test_the_list_shows_what_was_filled_in_entered_and_imported_each_with_its_source(ask, totals, people):
    first, second, last = map(str, totals)
    for who in (people.clinician, people.patient, people.integration, people.delegate):
        items = ask("GET", "", who=who).json["items"]
        assert [(item["local_date"][-2:], item["source"], item["total"]) for item in items] == [
            ("03", "imported", 20),
            ("04", "questionnaire", 8),
            ("05", "entered", 15),
            ("05", "questionnaire", 8),
            ("05", "questionnaire", 8),
            ("09", "questionnaire", 8),
        ]
        assert [items[at]["record_id"] for at in (0, 2, 3, 4, 5)] == [
            "phq-9/2026-11-03",
            "phq-9/2026-11-05",
            first,
            second,
            last,
        ]
        assert [item.get("rater") for item in items] == ["other", None, None, "self", "self", "self"]
        assert {(item["lowest"], item["highest"]) for item in items} == {(0, 27), (0, 21)}
    only = ask("GET", "?instrument=gad-7").json["items"]
    assert [item["instrument"] for item in only] == ["gad-7"]
    assert faults(ask("GET", "?instrument=zung")) == {("instrument", "unknown_instrument")}


@pytest.mark.usefixtures("totals")
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 4, 6])
def test_pages_give_every_total_of_every_source_once(ask, order, limit):
    whole = ask("GET", f"?order={order}").json["items"]
    seen, rest = [], f"?order={order}&limit={limit}"
    while rest:
        page = ask("GET", rest).json
        assert len(page["items"]) <= limit
        seen += page["items"]
        cursor = page.get("next_cursor")
        rest = f"?order={order}&limit={limit}&cursor={cursor}" if cursor else ""
    assert seen == whole
    assert len(whole) == 6
    part = ask("GET", "?from=2026-11-04&to=2026-11-05").json["items"]
    assert len(part) == 4


@pytest.mark.usefixtures("totals")
def test_a_phone_pulls_the_same_totals_as_changes(ask, client, people):
    pull = client.get("/v1/sync/changes", headers=people.patient.headers).json["changes"]
    shown = {item["record_id"]: item for item in ask("GET", "", who=people.patient).json["items"]}
    assert {change["record_id"]: change["data"] for change in pull if not change["deleted"]} == shown
    assert {change["type"] for change in pull} == {"score"}
    # That which was entered in error.
    assert len([change for change in pull if change["deleted"]]) == 1


def test_the_list_comes_as_csv_and_as_a_json_object_a_line(put, ask):
    put(9, "2026-11-01")
    put()
    csv = ask("GET", "", Accept="text/csv")
    assert csv.text.split("\r\n") == [
        "local_date,instrument,total,source,record_id,version,lowest,highest,rater",
        "2026-11-01,phq-9,9,entered,phq-9/2026-11-01,1,0,27,",
        "2026-11-21,phq-9,14,entered,phq-9/2026-11-21,1,0,27,",
        "",
    ]
    lines = ask("GET", "", Accept="application/x-ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == ask("GET", "").json["items"]
    problem(ask("GET", "", Accept="application/xml"), 406, "not_acceptable")


def test_a_client_that_has_the_version_gets_304(put, ask):
    put()
    assert ask("GET", If_None_Match='"v1"').status_code == 304
    put(9, version=1)
    assert ask("GET", If_None_Match='"v1"').json["total"] == 9


def test_a_change_counts_and_a_repetition_does_not(put, ask, database, people):
    def count() -> Any:
        with database.read(people.clinic_id) as session:
            return session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq

    before = count()
    put()
    put()
    assert count() == before + 1
    put(9, version=1)
    ask("DELETE", version=2)
    ask("DELETE", version=2)
    assert count() == before + 3
