"""A day's answers over HTTP: stored once however often they are sent, and on the patient's own calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from models.accounts import SignIn
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.patients import Patient
from services.access import Role
from tests import factories

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 22, 3, 14, 5, tzinfo=UTC)  # a quarter past nine in the evening in Chicago
TODAY = date(2026, 11, 21)
ANSWERS: dict[str, Any] = {
    "mood": 6,
    "enjoyment": 5,
    "anxiety": 3,
    "side_effects": [{"code": "nausea", "severity": "mild"}],
    "note": "slept badly",
    "benefit_left": 70,
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-21T21:14:05-05:00",
}
REQUIRED_MEMBERS = {
    "mood": 6,
    "anxiety": 3,
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-21T21:14:05-05:00",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def put(client, people):
    def send(body: Any = None, day: Any = TODAY, who: Any = None, version: int | None = None, **changed: Any):
        headers = (who or people.patient).headers
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        patient = "me" if Role.PATIENT in (who or people.patient).roles else people.patient.patient_id
        body = (ANSWERS if body is None else body) | changed
        return client.put(f"/v1/patients/{patient}/check-ins/{day}", json=body, headers=headers)

    return send


@pytest.fixture
def get(client, people):
    def send(rest: Any = f"/{TODAY}", who: Any = None, **headers: str):
        who = who or people.patient
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        return client.get(f"/v1/patients/{patient}/check-ins{rest}", headers={**who.headers, **headers})

    return send


@pytest.fixture
def delete(client, people):
    def send(day: Any = TODAY, version: int | None = None):
        headers = people.patient.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.delete(f"/v1/patients/me/check-ins/{day}", headers=headers)

    return send


@pytest.fixture
def arrange(database, people):
    def change(model: Any = Patient, **given: Any) -> None:
        key = people.clinic_id if model is Clinic else (people.clinic_id, people.patient.patient_id)
        with database.write(people.clinic_id) as session:
            row = session.get_one(model, key)
            for name, value in given.items():
                setattr(row, name, value)

    return change


def problem(response: Any, status: int, code: str) -> Any:
    assert (response.status_code, response.json["code"]) == (status, code), response.json
    assert response.mimetype == "application/problem+json"
    return response.json


def faults(response: Any) -> set[tuple[str, str]]:
    body = problem(response, 422, "invalid")
    return {(found.get("pointer") or found.get("parameter"), found["code"]) for found in body["errors"]}


def test_a_first_put_stores_and_a_second_answers_the_same_record(put, database, people):
    first, second = put(), put()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"] == '"v1"'
    assert first.json == {
        **ANSWERS,
        "local_date": "2026-11-21",
        "version": 1,
        "entry_mode": "live",
        "received_at": "2026-11-22T03:14:05+00:00",
        "clock_suspect": False,
        "reported_by": "patient",
    }
    with database.read(people.clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(CheckIn)) == 1


def test_other_answers_without_a_version_are_refused_and_shown_the_current_ones(put):
    stored = put().json
    refused = put(mood=2)
    assert problem(refused, 428, "version_required")["current"] == stored
    assert refused.json["version"] == 1
    assert refused.headers["ETag"] == '"v1"'


def test_an_edit_names_the_version_it_changes(put, get):
    put()
    edited = put(mood=2, version=1)
    assert edited.status_code == 200
    assert (edited.json["mood"], edited.json["version"]) == (2, 2)
    assert edited.headers["ETag"] == '"v2"'
    assert get().json == edited.json


def test_an_edit_of_an_older_version_is_refused_and_shown_the_current_one(put):
    put()
    current = put(mood=2, version=1).json
    assert problem(put(mood=9, version=1), 412, "stale")["current"] == current


def test_an_edit_whose_response_was_lost_is_accepted_again(put):
    put()
    edited, again = put(mood=2, version=1), put(mood=2, version=1)
    assert (edited.status_code, again.status_code) == (200, 200)
    assert edited.data == again.data


def test_a_version_of_what_was_never_stored_is_stale(put):
    assert "current" not in problem(put(version=1), 412, "stale")


@pytest.mark.parametrize(
    "tag",
    [
        "1",
        '"1"',
        '"V1"',
        'w/"v1"',
        "W/v1",
        '"v1',
        '"v-1"',
        '"v01"',
        '"v99999999999999999999"',
        '"other"',
        '"v1", "other"',
        '"v1" "v2"',
        "*",
        "",
    ],
)
def test_if_match_that_is_no_version_tag_is_invalid(client, people, put, tag):
    put()
    path = f"/v1/patients/me/check-ins/{TODAY}"
    headers = {**people.patient.headers, "If-Match": tag}
    for answers in ({**ANSWERS, "mood": 1}, ANSWERS):
        found = problem(client.put(path, json=answers, headers=headers), 422, "invalid")
        assert [(error["header"], error["code"]) for error in found["errors"]] == [
            ("If-Match", "not_a_version")
        ]
        assert 'as "v3"' in found["errors"][0]["detail"]


def test_if_match_with_several_versions_is_stale(client, people, put):
    put()
    path = f"/v1/patients/me/check-ins/{TODAY}"
    headers = {**people.patient.headers, "If-Match": '"v1", W/"v2"'}
    problem(client.put(path, json={**ANSWERS, "mood": 1}, headers=headers), 412, "stale")


@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1"', "v1", ' W/"v1" '])
def test_a_version_is_named_by_its_tag_strong_weak_or_bare(client, people, put, tag):
    put()
    path = f"/v1/patients/me/check-ins/{TODAY}"
    headers = {**people.patient.headers, "If-Match": tag}
    edited = client.put(path, json={**ANSWERS, "mood": 1}, headers=headers)
    assert (edited.status_code, edited.headers["ETag"]) == (200, '"v2"')
    problem(client.put(path, json={**ANSWERS, "mood": 2}, headers=headers), 412, "stale")


@pytest.mark.parametrize(
    ("tags", "status"),
    [('"v1"', 304), ('W/"v1"', 304), ('"other", W/"v1"', 304), ('W/"v2"', 200), ('"other"', 200)],
)
def test_tags_of_a_stored_response_are_compared_weakly(put, get, tags, status):
    put()
    assert get(**{"If-None-Match": tags}).status_code == status


def test_a_removed_day_leaves_a_tombstone_and_removing_it_again_changes_nothing(put, get, delete):
    put()
    assert problem(delete(), 428, "version_required")["current"]["version"] == 1
    removed = delete(version=1)
    assert (removed.status_code, removed.data, removed.headers["ETag"]) == (204, b"", '"v2"')
    for again in (delete(version=1), delete(), delete(version=2)):
        assert (again.status_code, again.headers["ETag"]) == (204, '"v2"')
    assert problem(get(), 410, "removed")["version"] == 2
    assert get("").json == {"items": []}


def test_removing_what_was_never_there_is_not_found(delete):
    problem(delete(), 404, "not_found")


def test_removing_an_older_version_is_refused(put, delete):
    put()
    put(mood=2, version=1)
    assert problem(delete(version=1), 412, "stale")["current"]["mood"] == 2


def test_a_late_copy_of_an_old_write_does_not_bring_a_removed_day_back(put, get, delete):
    put()
    delete(version=1)
    assert problem(put(), 410, "removed")["version"] == 2
    problem(put(version=1), 410, "removed")
    problem(get(), 410, "removed")


def test_a_removed_day_can_be_stored_again_with_the_version_of_the_removal(put, get, delete):
    put()
    delete(version=1)
    again = put(mood=8, version=2)
    assert (again.status_code, again.json["version"]) == (200, 3)
    assert put(mood=8, version=2).data == again.data
    assert get().json["mood"] == 8
    assert problem(delete(version=1), 412, "stale")["current"]["version"] == 3


def test_every_revision_is_stored_with_its_author_and_its_time(put, get, delete, people, clock):
    put()
    clock.shift(60)
    put(mood=2, version=1, who=people.clinician)
    clock.shift(60)
    delete(version=2)
    items = get(f"/{TODAY}/revisions").json["items"]
    assert [(item["version"], item["mood"], item["removed"]) for item in items] == [
        (1, 6, False),
        (2, 2, False),
        (3, 2, True),
    ]
    assert [item["recorded_by"] for item in items] == [
        str(person.id) for person in (people.patient, people.clinician, people.patient)
    ]
    assert [item["known_from"] for item in items[1:]] == [item["known_until"] for item in items[:2]]
    assert "known_until" not in items[2]
    seen = get(f"/{TODAY}/revisions", who=people.clinician).json["items"]
    assert [item.pop("recorded_by_name", None) for item in seen] == [None, "Robin Vale", None]
    assert seen == items
    problem(get("/2026-11-20/revisions"), 404, "not_found")


def test_nobody_gets_the_note_of_a_removed_day_and_the_database_has_it_no_more(
    put, get, delete, people, client, database
):
    put(note="zq7canary")
    put(note="zq7canary, corrected", version=1)
    put(note="zq7canary, as told", version=2, who=people.clinician)
    assert any("zq7canary" in each["note"] for each in get(f"/{TODAY}/revisions").json["items"])
    delete(version=3)
    for who in people:
        for path in (
            f"check-ins/{TODAY}",
            f"check-ins/{TODAY}/revisions",
            "check-ins",
            "sync",
            "sync/digest",
        ):
            for form in ("application/json", "text/csv", "application/x-ndjson"):
                wanted = f"/v1/patients/{people.patient.patient_id}/{path}"
                answer = client.get(wanted, headers={**who.headers, "Accept": form})
                assert "zq7canary" not in answer.text, (who.name, path)
    with database.read(people.clinic_id) as session:
        assert {row.note for row in session.scalars(select(CheckIn))} == {None}
    # The ratings are clinical facts of the record, and stay in it.
    assert [row["mood"] for row in get(f"/{TODAY}/revisions").json["items"]] == [6, 6, 6, 6]


def test_a_clock_set_back_does_not_put_a_revision_before_its_predecessor(put, get, clock):
    put()
    clock.shift(-3600)
    put(mood=2, version=1)
    first, second = get(f"/{TODAY}/revisions").json["items"]
    assert first["known_from"] == first["known_until"] == second["known_from"]


def test_a_client_that_has_the_version_gets_304(put, get):
    put()
    for tag in ('"v1"', 'W/"v1"', '"v0", "v1"', "*"):
        held = get(If_None_Match=tag)
        assert (held.status_code, held.data, held.headers["ETag"]) == (304, b"", '"v1"')
    put(mood=2, version=1)
    assert get(If_None_Match='"v1"').json["mood"] == 2


@pytest.fixture
def put_raw(client, people):
    def send(name: str, number: str):
        return client.put(
            f"/v1/patients/me/check-ins/{TODAY}",
            data=json.dumps({**REQUIRED_MEMBERS, name: "HERE"}).replace('"HERE"', number).encode(),
            headers=people.patient.headers,
            content_type="application/json",
        )

    return send


def test_a_whole_number_is_taken_however_json_writes_it(put_raw):
    for whole, status in (("3.0", 201), ("3", 200), ("3e0", 200), ("30e-1", 200)):
        answer = put_raw("mood", whole)
        assert (answer.status_code, answer.json["mood"], answer.json["version"]) == (status, 3, 1), whole


@pytest.mark.parametrize("name", ["mood", "enjoyment", "anxiety"])
def test_a_value_of_another_type_is_refused_with_its_field(put_raw, get, name):
    for number in ("3.9", '"7"', "true", "null", "11", "-1", "2.59e-42", "1e400", "[3]", "{}", "9" * 20):
        assert {pointer for pointer, _ in faults(put_raw(name, number))} == {f"#/{name}"}, number
    for number in ("NaN", "Infinity", "-Infinity", "1" * 5000, "٣"):
        assert put_raw(name, number).status_code in {400, 422}, number
    problem(get(), 404, "not_found")


def test_not_asked_about_side_effects_is_not_the_same_as_none(put, get):
    assert "side_effects" not in put(REQUIRED_MEMBERS).json
    assert "side_effects" not in get().json
    problem(put(REQUIRED_MEMBERS, side_effects=[]), 428, "version_required")
    assert put(REQUIRED_MEMBERS, side_effects=[], version=1).json["side_effects"] == []
    assert get().json["side_effects"] == []


def test_what_was_not_answered_is_absent(put):
    assert set(put(REQUIRED_MEMBERS).json) == {
        *REQUIRED_MEMBERS,
        "local_date",
        "version",
        "entry_mode",
        "received_at",
        "clock_suspect",
        "reported_by",
    }


@pytest.mark.parametrize("left", [0, 100])
def test_how_much_benefit_is_left_is_stored_on_any_day(put, get, left):
    # No infusion was ever given: the answer is kept all the same.
    assert put(REQUIRED_MEMBERS, benefit_left=left).json["benefit_left"] == left
    assert get().json["benefit_left"] == left
    assert f"{left}" in get("", Accept="text/csv").text.splitlines()[1].split(",")


def test_leaving_benefit_left_out_of_an_edit_takes_it_back_and_its_revision_stays(put, get):
    put(REQUIRED_MEMBERS, benefit_left=70)
    assert "benefit_left" not in put(REQUIRED_MEMBERS, version=1).json
    items = get(f"/{TODAY}/revisions").json["items"]
    assert [item.get("benefit_left") for item in items] == [70, None]


def test_the_order_of_side_effects_does_not_matter(put):
    effects = [{"code": "nausea", "severity": "mild"}, {"code": "headache", "severity": "severe"}]
    stored, turned = put(side_effects=effects), put(side_effects=effects[::-1])
    assert (stored.status_code, turned.status_code) == (201, 200)
    assert stored.data == turned.data


WRONG: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"side_effects": [{"code": "gout", "severity": "mild"}]}, ("#/side_effects/0/code", "unknown_code")),
    (
        {"side_effects": [{"code": "nausea", "severity": "bad"}]},
        ("#/side_effects/0/severity", "unknown_severity"),
    ),
    ({"side_effects": [{"code": "nausea"}]}, ("#/side_effects/0/severity", "required")),
    ({"side_effects": [{"code": "nausea", "severity": "mild"}] * 2}, ("#/side_effects", "named_twice")),
    ({"side_effects": None}, ("#/side_effects", "null")),
    ({"side_effects": {}}, ("#/side_effects", "not_a_list")),
    ({"benefit_left": -1}, ("#/benefit_left", "out_of_range")),
    ({"benefit_left": 101}, ("#/benefit_left", "out_of_range")),
    ({"benefit_left": 0.7}, ("#/benefit_left", "not_whole")),
    ({"benefit_left": "70"}, ("#/benefit_left", "not_whole")),
    ({"benefit_left": True}, ("#/benefit_left", "not_whole")),
    ({"benefit_left": None}, ("#/benefit_left", "null")),
    ({"note": ""}, ("#/note", "wrong_length")),
    ({"note": "é" * 2001}, ("#/note", "wrong_length")),
    ({"note": 7}, ("#/note", "not_text")),
    ({"mod": 6}, ("#/mod", "unknown_field")),
    ({"time_zone": "Mars/Olympus"}, ("#/time_zone", "unknown_time_zone")),
    ({"time_zone": "../etc/passwd"}, ("#/time_zone", "unknown_time_zone")),
    ({"time_zone": "localtime"}, ("#/time_zone", "unknown_time_zone")),
    ({"time_zone": "Factory"}, ("#/time_zone", "unknown_time_zone")),
    ({"recorded_at": "2026-11-21T21:14:05"}, ("#/recorded_at", "no_offset")),
    ({"recorded_at": "yesterday"}, ("#/recorded_at", "not_an_instant")),
    ({"recorded_at": 1763777645}, ("#/recorded_at", "not_an_instant")),
    ({"recorded_at": "0001-01-01T00:00:00+00:00"}, ("#/recorded_at", "beyond_calendar")),
    ({"recorded_at": "9999-12-31T23:59:59+00:00"}, ("#/recorded_at", "beyond_calendar")),
    ({"recorded_at": "9999-12-31T23:59:59-14:00"}, ("#/recorded_at", "beyond_calendar")),
]


def test_each_wrong_field_is_named_and_nothing_is_stored(put, get):
    for changed, fault in WRONG:
        assert faults(put(**changed)) == {fault}, changed
    problem(get(), 404, "not_found")


def test_every_missing_field_is_named_at_once(put):
    assert faults(put(body={"note": "x"})) == {
        (f"#/{name}", "required") for name in ("mood", "anxiety", "time_zone", "recorded_at")
    }


def test_a_note_of_the_longest_length_is_returned_unchanged(put, get):
    note = "✓\n\t'\"é" + "\N{MUSICAL SYMBOL G CLEF}" * 1994
    assert put(note=note).status_code == 201
    assert get().json["note"] == note


def test_a_refusal_repeats_nothing_that_was_sent(put):
    secret = "hunter2 said the patient"
    assert secret not in put(mood=secret, note=[secret], time_zone=secret, **{secret: 1}).text.replace(
        f"#/{secret}", ""
    )


@pytest.mark.parametrize("day", ["20261121", "2026-11-2", "today", "2026-W47-6"])
def test_a_path_segment_that_is_no_date_is_not_found(put, day):
    problem(put(day=day), 404, "not_found")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0000-00-00"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_impossible_date_in_the_path_is_invalid_for_every_method(client, people, method, day):
    path = f"/v1/patients/me/check-ins/{day}"
    body = {"json": ANSWERS} if method == "PUT" else {}
    refused = client.open(path, method=method, headers=people.patient.headers, **body)
    assert refused.status_code == 422
    assert [(error["parameter"], error["code"]) for error in refused.json["errors"]] == [
        ("local_date", "not_a_date")
    ]


@pytest.mark.parametrize("who", ["other_patient", "stranger", "strangers_patient"])
def test_another_patient_or_clinic_finds_nothing(client, people, put, who):
    put()
    path, headers = f"/v1/patients/{people.patient.patient_id}/check-ins", getattr(people, who).headers
    for rest in ("", f"/{TODAY}", f"/{TODAY}/revisions"):
        problem(client.get(path + rest, headers=headers), 404, "not_found")
    problem(client.put(f"{path}/{TODAY}", json=ANSWERS, headers=headers), 404, "not_found")
    problem(client.delete(f"{path}/{TODAY}", headers=headers), 404, "not_found")


def test_a_patient_may_name_themselves(client, people, put):
    stored = put().json
    path = f"/v1/patients/{people.patient.patient_id}/check-ins/{TODAY}"
    assert client.get(path, headers=people.patient.headers).json == stored


# Whose.


def test_a_check_in_says_whose_entry_it_is_and_names_staff_to_staff_alone(put, get, people):
    assert put(who=people.clinician).json["recorded_by_name"] == "Robin Vale"
    for who, name in ((people.clinician, "Robin Vale"), (people.patient, None)):
        for shown in (get(who=who).json, get("", who=who).json["items"][0]):
            assert (shown["reported_by"], shown.get("recorded_by_name")) == ("staff", name)
            assert "patient_version" not in shown
            assert "clinic_answers" not in shown
    put(day="2026-11-20")
    assert get("/2026-11-20", who=people.clinician).json["reported_by"] == "patient"
    assert "recorded_by_name" not in get("/2026-11-20", who=people.clinician).json


def test_a_clinicians_entry_over_the_patients_answers_keeps_both_and_says_so(put, get, people):
    put(ratings={"craving": 2, "sleep": 6})
    entered = put(REQUIRED_MEMBERS, mood=2, ratings={"sleep": 3}, who=people.clinician, version=1).json
    stays = {name: ANSWERS[name] for name in ("enjoyment", "side_effects", "note", "benefit_left", "anxiety")}
    assert {name: entered[name] for name in stays} == stays
    assert (entered["mood"], entered["ratings"]) == (2, {"craving": 2, "sleep": 3})
    assert (entered["reported_by"], entered["patient_version"]) == ("staff", 1)
    assert entered["clinic_answers"] == ["mood", "ratings"]
    for who in (people.patient, people.clinician):
        shown = get(who=who).json
        assert (shown["mood"], shown["patient_version"]) == (2, 1)
        assert shown["clinic_answers"] == ["mood", "ratings"]
        assert get(f"/{TODAY}/revisions", who=who).json["items"][0]["mood"] == 6


def test_a_clinicians_entry_that_is_sent_again_or_says_the_same_changes_nothing(put, people):
    put()
    same = put(REQUIRED_MEMBERS, who=people.clinician)
    assert (same.status_code, same.json["version"], same.json["reported_by"]) == (200, 1, "patient")
    problem(put(REQUIRED_MEMBERS, mood=2, who=people.clinician), 428, "version_required")
    entered = put(REQUIRED_MEMBERS, mood=2, who=people.clinician, version=1)
    again = put(REQUIRED_MEMBERS, mood=2, who=people.clinician, version=1)
    assert (again.status_code, again.data) == (200, entered.data)


def test_a_clinicians_next_entry_takes_back_their_own_and_never_what_the_patient_answered(put, people):
    put()
    put(REQUIRED_MEMBERS, mood=2, enjoyment=0, who=people.clinician, version=1)
    next_one = put(REQUIRED_MEMBERS, mood=3, who=people.clinician, version=2).json
    assert (next_one["mood"], next_one["enjoyment"], next_one["note"]) == (3, 5, "slept badly")
    assert (next_one["patient_version"], next_one["clinic_answers"]) == (1, ["mood"])
    # With the patient's mood, nothing is left of the clinician's entry but its version.
    assert put(REQUIRED_MEMBERS, who=people.clinician, version=3).json["clinic_answers"] == []


def test_a_patients_edit_of_a_clinicians_entry_is_the_patients_again(put, get, people):
    put()
    put(REQUIRED_MEMBERS, mood=2, who=people.clinician, version=1)
    edited = put(mood=4, version=2).json
    assert (edited["reported_by"], edited["mood"]) == ("patient", 4)
    assert not {"patient_version", "clinic_answers"} & edited.keys()
    rows = get(f"/{TODAY}/revisions").json["items"]
    assert [row["reported_by"] for row in rows] == ["patient", "staff", "patient"]


def test_a_clinician_replaces_a_day_of_their_own_and_one_that_was_removed(put, delete, people):
    put(who=people.clinician)
    assert "note" not in put(REQUIRED_MEMBERS, mood=2, who=people.clinician, version=1).json
    put(day="2026-11-20")
    delete("2026-11-20", version=1)
    written = put(REQUIRED_MEMBERS, day="2026-11-20", who=people.clinician, version=2).json
    assert (written["version"], "enjoyment" in written, "patient_version" in written) == (3, False, False)


# When.


def test_a_patient_fills_in_as_many_days_as_the_clinic_allows(put, arrange):
    arrange(Clinic, backfill_days=7)
    assert put(day=TODAY - timedelta(days=7)).json["entry_mode"] == "backfill"
    assert faults(put(day=TODAY - timedelta(days=8))) == {("local_date", "too_long_past")}


def test_the_clinic_may_allow_more_or_none(put, arrange):
    arrange(Clinic, backfill_days=30)
    assert put(day=TODAY - timedelta(days=30)).status_code == 201
    arrange(Clinic, backfill_days=0)
    assert faults(put(day=TODAY - timedelta(days=1))) == {("local_date", "too_long_past")}
    assert put(day=TODAY).status_code == 201


def test_without_backfill_answers_before_the_day_start_hour_belong_to_the_day_before(put, arrange):
    arrange(Clinic, backfill_days=0)
    late = put(recorded_at="2026-11-22T01:30:00-05:00")
    assert (late.status_code, late.json["entry_mode"]) == (201, "live")


def test_a_clinician_fills_in_older_days(put, people):
    old = put(day=TODAY - timedelta(days=200), who=people.clinician)
    assert (old.status_code, old.json["entry_mode"]) == (201, "backfill")


@pytest.mark.parametrize("day", ["0001-01-01", "1969-07-20", "1999-12-31"])
def test_days_before_2000_are_refused(put, people, day):
    assert faults(put(day=day, who=people.clinician)) == {("local_date", "too_long_past")}
    at_the_time = put(day=day, recorded_at=f"{max(day, '1900-01-01')}T21:00:00Z")
    assert faults(at_the_time) == {("local_date", "too_long_past")}


def test_a_phone_offline_for_three_weeks_delivers_what_was_answered_on_the_day(put, arrange):
    arrange(Clinic, backfill_days=7)
    day = TODAY - timedelta(days=21)
    delivered = put(day=day, recorded_at=f"{day}T21:00:00-05:00")
    assert (delivered.status_code, delivered.json["entry_mode"]) == (201, "live")
    assert delivered.json["received_at"] == "2026-11-22T03:14:05+00:00"


@pytest.mark.both_databases
def test_answers_that_claim_a_time_long_ago_are_filled_in_later_within_the_clinics_limit(put, arrange):
    arrange(Clinic, backfill_days=7)
    last = TODAY - timedelta(days=30)
    assert put(day=last, recorded_at=f"{last}T22:20:00-05:00").json["entry_mode"] == "live"
    older = TODAY - timedelta(days=31)
    claimed = {"day": older, "recorded_at": f"{older}T22:00:00-05:00"}
    assert faults(put(**claimed)) == {("local_date", "too_long_past")}
    arrange(Clinic, backfill_days=40)
    assert put(**claimed).json["entry_mode"] == "backfill"
    yesterday = TODAY - timedelta(days=1)
    assert put(day=yesterday, recorded_at="2026-11-20T21:00:00-05:00").json["entry_mode"] == "live"


def test_a_day_is_accepted_once_it_has_begun_in_the_easternmost_zone(put, clock):
    clock.move_to(datetime(2026, 11, 22, 9, 59, 59, tzinfo=UTC))
    east = {"time_zone": "Pacific/Kiritimati", "recorded_at": "2026-11-22T23:59:59+14:00"}
    assert put(day="2026-11-22", **east).status_code == 201
    assert faults(put(day="2026-11-23", **east)) == {("local_date", "not_begun")}
    clock.move_to(datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC))
    east["recorded_at"] = "2026-11-23T00:00:00+14:00"
    assert put(day="2026-11-23", **east).json["entry_mode"] == "live"
    assert faults(put(day="2026-11-24", **east)) == {("local_date", "not_begun")}


@pytest.mark.parametrize(
    ("recorded_at", "mode"),
    [
        ("2026-11-21T21:14:05-05:00", "live"),
        ("2026-11-21T23:59:59-05:00", "live"),
        ("2026-11-22T00:00:00-05:00", "live"),
        ("2026-11-22T03:59:59-05:00", "live"),
        ("2026-11-22T04:00:00-05:00", "backfill"),
        ("2026-11-22T21:00:00-05:00", "backfill"),
    ],
)
def test_the_entry_mode_follows_the_day_start_hour(put, clock, recorded_at, mode):
    clock.move_to(datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert put(recorded_at=recorded_at).json["entry_mode"] == mode


def test_the_day_starts_at_the_patients_hour(put, arrange, clock):
    clock.move_to(datetime(2026, 11, 23, 12, tzinfo=UTC))
    arrange(day_start_hour=0)
    assert put(recorded_at="2026-11-22T00:00:00-05:00").json["entry_mode"] == "backfill"
    arrange(day_start_hour=12)
    assert put(recorded_at="2026-11-21T11:59:59-05:00", day="2026-11-20").json["entry_mode"] == "live"


@pytest.mark.parametrize(
    ("zone", "day", "recorded_at", "mode"),
    [
        # Clocks go forward: half past two is nowhere, and the day has 23 hours.
        ("America/New_York", "2026-03-08", "2026-03-08T03:30:00-04:00", "live"),
        ("America/New_York", "2026-03-07", "2026-03-08T03:30:00-04:00", "live"),
        ("America/New_York", "2026-03-07", "2026-03-08T04:00:00-04:00", "backfill"),
        ("Europe/Lisbon", "2026-03-29", "2026-03-29T02:30:00+01:00", "live"),
        ("Europe/Lisbon", "2026-03-28", "2026-03-29T03:59:00+01:00", "live"),
        # Clocks go back: half past one comes twice, and the day has 25 hours.
        ("America/New_York", "2026-11-01", "2026-11-01T01:30:00-04:00", "live"),
        ("America/New_York", "2026-10-31", "2026-11-01T01:30:00-04:00", "live"),
        ("America/New_York", "2026-10-31", "2026-11-01T01:30:00-05:00", "live"),
        ("America/New_York", "2026-10-31", "2026-11-01T04:00:00-05:00", "backfill"),
        ("Europe/Lisbon", "2026-10-25", "2026-10-25T01:30:00+01:00", "live"),
        ("Europe/Lisbon", "2026-10-24", "2026-10-25T01:30:00+00:00", "live"),
    ],
)
def test_days_on_which_the_clocks_change_are_days_like_others(put, clock, zone, day, recorded_at, mode):
    clock.move_to(datetime.fromisoformat(recorded_at) + timedelta(minutes=1))
    stored = put(day=day, time_zone=zone, recorded_at=recorded_at)
    assert (stored.status_code, stored.json["entry_mode"]) == (201, mode)
    assert stored.json["recorded_at"] == recorded_at
    assert put(day=day, time_zone=zone, recorded_at=recorded_at).data == stored.data


def test_two_instants_of_the_repeated_hour_are_distinct(put, get, clock):
    clock.move_to(datetime(2026, 11, 1, 12, tzinfo=UTC))
    put(day="2026-11-01", recorded_at="2026-11-01T01:30:00-04:00")
    put(day="2026-11-01", recorded_at="2026-11-01T01:30:00-05:00", version=1, mood=1)
    moments = [item["recorded_at"] for item in get("/2026-11-01/revisions").json["items"]]
    assert moments == ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"]


def test_travelling_west_over_the_date_line_gives_a_day_twice_and_it_is_one_day(put, get, clock):
    clock.move_to(datetime(2026, 11, 21, 9, tzinfo=UTC))
    tokyo = {"time_zone": "Asia/Tokyo", "recorded_at": "2026-11-21T18:00:00+09:00"}
    honolulu = {"time_zone": "Pacific/Honolulu", "recorded_at": "2026-11-21T18:00:00-10:00", "mood": 1}
    assert put(**tokyo).status_code == 201
    clock.move_to(datetime(2026, 11, 22, 4, tzinfo=UTC))
    assert problem(put(**honolulu), 428, "version_required")["current"]["time_zone"] == "Asia/Tokyo"
    assert put(**honolulu, version=1).json["entry_mode"] == "live"
    assert [item["local_date"] for item in get("").json["items"]] == ["2026-11-21"]


def test_travelling_east_over_the_date_line_two_dates_share_an_instant_and_both_are_stored(put, get, clock):
    clock.move_to(datetime(2026, 11, 22, 6, tzinfo=UTC))
    honolulu = {"time_zone": "Pacific/Honolulu", "recorded_at": "2026-11-21T20:00:00-10:00"}
    auckland = {"time_zone": "Pacific/Auckland", "recorded_at": "2026-11-22T19:00:00+13:00"}
    assert put(**honolulu).json["entry_mode"] == "live"
    assert put(day="2026-11-22", **auckland).json["entry_mode"] == "live"
    items = get("").json["items"]
    assert [item["local_date"] for item in items] == ["2026-11-21", "2026-11-22"]
    assert len({datetime.fromisoformat(item["recorded_at"]) for item in items}) == 1


def test_a_date_skipped_by_a_time_zone_is_a_gap_in_the_trend(put, client, people, arrange, clock, database):
    arrange(time_zone="Pacific/Apia")
    with database.write() as session:
        session.execute(update(SignIn).values(created_at=datetime(2011, 12, 1, tzinfo=UTC)))
    for day, offset in (("2011-12-28", "-10:00"), ("2011-12-29", "-10:00"), ("2011-12-31", "+14:00")):
        recorded_at = f"{day}T21:00:00{offset}"
        clock.move_to(datetime.fromisoformat(recorded_at))
        stored = put(day=day, time_zone="Pacific/Apia", recorded_at=recorded_at)
        assert (stored.status_code, stored.json["entry_mode"]) == (201, "live")
    path = f"/v1/patients/{people.patient.patient_id}"
    trends = client.get(f"{path}/trends?measure=mood", headers=people.patient.headers).json
    assert trends["today"] == "2011-12-31"
    assert trends["series"][0]["gaps"] == [{"first_on": "2011-12-30", "last_on": "2011-12-30", "gap_days": 1}]
    assert [day["answered"] for day in trends["series"][0]["days"]] == [True, True, False, True]
    for rest in ("summary", "outlook"):
        assert client.get(f"{path}/{rest}", headers=people.clinician.headers).status_code == 200
    # Somebody elsewhere had that day, and so may say so.
    assert put(day="2011-12-30", recorded_at="2011-12-30T21:00:00-05:00").status_code == 201


def test_a_clock_ahead_of_ours_is_flagged_and_what_it_recorded_is_stored(put):
    assert put(day="2026-11-20", recorded_at="2026-11-22T03:24:05Z").json["clock_suspect"] is False
    assert put(day="2026-11-19", recorded_at="2026-11-22T03:24:06Z").json["clock_suspect"] is True


def test_a_clock_years_ahead_does_not_make_the_day_a_late_one(put):
    stored = put(recorded_at="2031-05-05T12:00:00Z")
    assert (stored.status_code, stored.json["entry_mode"]) == (201, "live")
    assert stored.json["clock_suspect"] is True


# A day and its moment agree.

LOS_ANGELES = {"time_zone": "America/Los_Angeles", "recorded_at": "2026-11-26T22:46:00-08:00"}


def expected_day(response: Any, code: str = "ahead_of_recorded_at") -> str:
    (found,) = problem(response, 422, "invalid")["errors"]
    assert (found["parameter"], found["code"]) == ("local_date", code)
    return str(found["expected_on"])


def test_a_day_taken_from_utc_is_refused_with_the_day_it_should_be(put, get, arrange, clock):
    arrange(time_zone="America/Los_Angeles")
    clock.move_to(datetime(2026, 11, 27, 6, 47, tzinfo=UTC))
    refused = put(day="2026-11-27", **LOS_ANGELES)
    assert expected_day(refused) == "2026-11-26"
    assert "2026-11-26" in refused.json["errors"][0]["detail"]
    assert put(day="2026-11-26", **LOS_ANGELES).json["entry_mode"] == "live"
    # However much later it arrives, and whoever enters it.
    clock.move_to(datetime(2026, 11, 29, tzinfo=UTC))
    assert expected_day(put(day="2026-11-27", **LOS_ANGELES)) == "2026-11-26"
    assert [item["local_date"] for item in get("").json["items"]] == ["2026-11-26"]


def test_a_clinician_is_refused_a_day_ahead_of_its_moment_too(put, people, arrange, clock):
    arrange(time_zone="America/Los_Angeles")
    clock.move_to(datetime(2026, 11, 27, 6, 47, tzinfo=UTC))
    assert expected_day(put(day="2026-11-27", who=people.clinician, **LOS_ANGELES)) == "2026-11-26"


def test_in_the_small_hours_the_calendar_day_and_the_patients_day_are_both_taken(put, arrange, clock):
    arrange(time_zone="America/Los_Angeles")
    clock.move_to(datetime(2026, 11, 27, 9, tzinfo=UTC))
    small_hours = LOS_ANGELES | {"recorded_at": "2026-11-27T00:30:00-08:00"}
    assert put(day="2026-11-27", **small_hours).status_code == 201
    assert put(day="2026-11-26", **small_hours).json["entry_mode"] == "live"


@pytest.mark.parametrize("home", ["Asia/Tokyo", "Pacific/Apia"])
def test_a_phone_that_changed_to_a_zone_further_west_may_still_send_the_day_of_the_patients_own(
    put, arrange, clock, home
):
    arrange(time_zone=home)
    clock.move_to(datetime(2026, 11, 27, 6, 47, tzinfo=UTC))
    assert put(day="2026-11-27", **LOS_ANGELES).json["entry_mode"] == "live"


def test_a_traveller_may_still_send_and_correct_the_day_of_a_zone_declared_by_a_check_in(put, arrange, clock):
    arrange(time_zone="America/Los_Angeles")
    clock.move_to(datetime(2026, 11, 27, 6, 47, tzinfo=UTC))
    tokyo = {"time_zone": "Asia/Tokyo", "recorded_at": "2026-11-26T21:00:00+09:00"}
    assert expected_day(put(day="2026-11-27", **LOS_ANGELES)) == "2026-11-26"
    put(day="2026-11-26", **tokyo)
    assert put(day="2026-11-27", **LOS_ANGELES).status_code == 201
    assert put(day="2026-11-27", **LOS_ANGELES, version=1, mood=1).json["version"] == 2


def test_on_both_sides_of_the_date_line_each_day_is_that_of_its_zone(put, clock):
    clock.move_to(datetime(2026, 11, 26, 11, tzinfo=UTC))
    apia = {"time_zone": "Pacific/Apia", "recorded_at": "2026-11-27T00:00:00+13:00"}
    pago_pago = {"time_zone": "Pacific/Pago_Pago", "recorded_at": "2026-11-26T00:00:00-11:00"}
    assert expected_day(put(day="2026-11-27", **pago_pago)) == "2026-11-25"
    assert put(day="2026-11-26", **pago_pago).status_code == 201
    assert put(day="2026-11-27", **apia).json["entry_mode"] == "live"


def test_a_clock_a_few_minutes_ahead_at_midnight_is_no_fault(put, arrange, clock):
    arrange(time_zone="America/Los_Angeles")
    clock.move_to(datetime(2026, 11, 27, 7, 55, tzinfo=UTC))
    midnight = LOS_ANGELES | {"recorded_at": "2026-11-27T00:03:00-08:00"}
    assert put(day="2026-11-27", **midnight).status_code == 201


def test_a_clock_a_day_ahead_does_not_open_tomorrow(put, arrange, clock):
    arrange(time_zone="America/Los_Angeles")
    clock.move_to(datetime(2026, 11, 27, 6, 46, tzinfo=UTC))
    ahead = LOS_ANGELES | {"recorded_at": "2026-11-27T22:46:00-08:00"}
    assert expected_day(put(day="2026-11-27", **ahead), "not_begun") == "2026-11-26"
    clock.shift(timedelta(days=1))
    assert put(day="2026-11-27", **ahead).status_code == 201


# Lists.


def test_days_are_listed_in_order_from_one_to_another(put, get):
    for day in (19, 21, 20):
        put(day=f"2026-11-{day}")
    listed = [item["local_date"] for item in get("").json["items"]]
    assert listed == ["2026-11-19", "2026-11-20", "2026-11-21"]
    assert [item["local_date"] for item in get("?from=2026-11-20&to=2026-11-20").json["items"]] == [
        "2026-11-20"
    ]
    assert faults(get("?from=2026-11-21&to=2026-11-20")) == {("to", "before_from")}
    assert faults(get("?form=2026-11-21")) == {("form", "unknown_field")}


@pytest.mark.parametrize(
    "recorded",
    [
        {"recorded_at": "2026-11-21T21:14:06-05:00"},
        {"time_zone": "Europe/Lisbon"},
        {"time_zone": "Asia/Tokyo", "recorded_at": "2026-11-22T08:00:00+09:00"},
    ],
)
@pytest.mark.parametrize("version", [None, 1, 7])
def test_the_same_answers_recorded_at_another_time_or_place_change_nothing(put, get, recorded, version):
    stored = put()
    again = put(**recorded, version=version)
    assert (again.status_code, again.data) == (200, stored.data)
    assert len(get(f"/{TODAY}/revisions").json["items"]) == 1
    assert put(**recorded, mood=2, version=1).json["version"] == 2


def test_days_are_listed_from_the_last_one_on_request(put, get):
    days = [str(TODAY - timedelta(days=back)) for back in range(7)]
    for day in days:
        put(day=day)
    seen, rest = [], "?limit=3&order=desc"
    while rest:
        page = get(rest).json
        seen += [item["local_date"] for item in page["items"]]
        cursor = page.get("next_cursor")
        rest = f"?limit=3&order=desc&cursor={cursor}" if cursor else ""
    assert seen == days
    cursor = get("?limit=3&order=desc").json["next_cursor"]
    problem(get(f"?limit=3&cursor={cursor}"), 400, "cursor_mismatch")
    problem(get(f"?limit=3&order=asc&cursor={cursor}"), 400, "cursor_mismatch")
    assert faults(get("?order=down")) == {("order", "unknown_order")}


def test_pages_give_every_day_once(put, get, people):
    days = [str(TODAY - timedelta(days=back)) for back in range(7)][::-1]
    for day in days:
        put(day=day)
    for who in (people.patient, people.clinician):
        seen, rest = [], "?limit=3"
        while rest:
            answer = get(rest, who=who)
            seen += [item["local_date"] for item in answer.json["items"]]
            cursor = answer.json.get("next_cursor")
            rest = f"?limit=3&cursor={cursor}" if cursor else ""
            assert bool(cursor) == ("Link" in answer.headers)
        assert seen == days


def test_a_cursor_is_valid_only_for_the_query_it_came_from(put, get, client, people):
    for day in (19, 20, 21):
        put(day=f"2026-11-{day}")
    cursor = get("?limit=1").json["next_cursor"]
    problem(get(f"?limit=1&from=2026-11-19&cursor={cursor}"), 400, "cursor_mismatch")
    problem(get("?cursor=abc"), 400, "cursor_mismatch")
    foreign = client.get(
        f"/v1/patients/me/check-ins?limit=1&cursor={cursor}", headers=people.other_patient.headers
    )
    problem(foreign, 400, "cursor_mismatch")


def test_the_list_as_csv_runs_no_formula(put, get):
    for day, note in ((19, '=cmd|"/c calc"!A1'), (20, 'two\nlines, "quoted"'), (21, "@SUM(1);=1+1")):
        put(REQUIRED_MEMBERS, day=f"2026-11-{day}", note=note)
    answer = get("", Accept="text/csv")
    assert answer.mimetype == "text/csv"
    lines = answer.text.split("\r\n")
    assert lines[0] == (
        "local_date,mood,enjoyment,anxiety,side_effects,note,benefit_left,ratings,time_zone,recorded_at,"
        "received_at,entry_mode,clock_suspect,reported_by,version"
    )
    assert "\"'=cmd|" in lines[1]
    assert '"two\nlines, ""quoted"""' in lines[2]
    assert ",'@SUM(1);'=1+1," in lines[3]
    assert lines[4:] == [""]


def test_the_list_as_a_json_object_a_line(put, get):
    put(day="2026-11-20")
    put()
    answer = get("", Accept="application/x-ndjson")
    assert answer.mimetype == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == get("").json["items"]


def test_lines_are_paged_by_the_link(put, get):
    put(day="2026-11-20")
    put()
    first = get("?limit=1", Accept="text/csv")
    assert first.text.count("\r\n") == 2
    assert 'rel="next"' in first.headers["Link"]
    rest = first.headers["Link"].partition("check-ins")[2].partition(">")[0]
    assert "2026-11-21" in get(rest, Accept="text/csv").text


def test_an_unavailable_media_type_is_not_acceptable(get):
    problem(get("", Accept="application/xml"), 406, "not_acceptable")


def test_a_day_of_a_patient_enrolled_by_a_builder_reads_as_one_stored_over_http(database, people, get):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.check_in(session, patient, TODAY, note="by hand")
    assert get().json["note"] == "by hand"
