"""Infusions over HTTP: named by their client, corrected by revision, never erased."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import delete

from models.consultations import Consultation
from models.patients import Patient
from services.access import Role
from tests import factories
from tests.people import signed_in

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
ID = uuid4()
GIVEN: dict[str, Any] = {
    "started_at": "2026-11-17T10:05:00-05:00",
    "ended_at": "2026-11-17T10:45:00-05:00",
    "time_zone": "America/New_York",
    "dose_mg": 35,
    "weight_kg": 70.5,
    "route": "intravenous",
    "status": "completed",
    "reason": "scheduled",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture(autouse=True)
def consulted(database, people):
    """Store what the patient's consultation said, by default that treatment is suitable; None for none."""

    def store(given: dict[str, Any] | None = None, **more: Any) -> None:
        with database.write(people.clinic_id) as session:
            session.execute(delete(Consultation))
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            if given is not None:
                factories.suitable(session, patient, **given | more)

    store({})
    return store


@pytest.fixture
def ask(client, people):
    def send(
        method: str, rest: Any = f"/{ID}", body: Any = None, version: int | None = None, who: Any = None
    ):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(
            f"/v1/patients/{patient}/infusions{rest}", method=method, json=body, headers=headers
        )

    return send


@pytest.fixture
def put(ask):
    def send(infusion_id: Any = ID, version: int | None = None, **changed: Any):
        reason = {"not_done_reason": "other"} if changed.get("status") == "not_done" else {}
        body = {name: value for name, value in (GIVEN | reason | changed).items() if value is not None}
        return ask("PUT", f"/{infusion_id}", body, version)

    return send


def problem(response: Any, status: int, code: str) -> Any:
    assert (response.status_code, response.json["code"]) == (status, code), response.json
    return response.json


def faults(response: Any) -> set[tuple[str, str]]:
    return {(found["pointer"], found["code"]) for found in problem(response, 422, "invalid")["errors"]}


def test_an_infusion_is_recorded_once_however_often_it_is_sent(put, ask):
    first, second = put(), put()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert first.json == GIVEN | {"id": str(ID), "version": 1, "local_date": "2026-11-17", "mg_per_kg": 0.496}
    assert first.headers["ETag"] == '"v1"'
    assert ask("GET").json == first.json


def test_a_correction_names_the_version_it_corrects(put):
    stored = put().json
    assert problem(put(dose_mg=40), 428, "version_required")["current"] == stored
    corrected = put(dose_mg=40, version=1)
    assert (corrected.status_code, corrected.json["version"], corrected.json["dose_mg"]) == (200, 2, 40)
    assert put(dose_mg=40, version=1).data == corrected.data
    assert problem(put(dose_mg=45, version=1), 412, "stale")["current"] == corrected.json
    problem(put(infusion_id=uuid4(), version=1), 412, "stale")


def test_entered_in_error_leaves_the_course_and_its_revisions_stay(put, ask):
    put()
    problem(ask("DELETE"), 428, "version_required")
    assert ask("DELETE", version=1).status_code == 204
    assert [ask("DELETE", version=version).status_code for version in (1, None, 2)] == [204, 204, 204]
    assert problem(ask("GET"), 410, "removed")["version"] == 2
    problem(put(), 410, "removed")
    assert ask("GET", "").json["items"] == []
    revisions = ask("GET", f"/{ID}/revisions").json["items"]
    assert [(item["version"], item["removed"], item["dose_mg"]) for item in revisions] == [
        (1, False, 35),
        (2, True, 35),
    ]
    again = put(version=2)
    assert (again.status_code, again.json["version"]) == (200, 3)
    problem(ask("DELETE", f"/{uuid4()}"), 404, "not_found")


def test_two_infusions_cannot_cover_one_time(put):
    put()
    for started, ended in (("10:05", "10:45"), ("09:00", "10:05"), ("10:20", "10:30"), ("10:45", "11:30")):
        clash = put(
            uuid4(), started_at=f"2026-11-17T{started}:00-05:00", ended_at=f"2026-11-17T{ended}:00-05:00"
        )
        assert problem(clash, 409, "conflict")["errors"][0]["code"] == "overlaps"
    problem(put(uuid4(), started_at="2026-11-17T15:20:00Z", ended_at=None), 409, "conflict")
    assert put(uuid4(), started_at="2026-11-17T10:20:00-05:00", status="not_done").status_code == 201


def test_without_an_end_an_infusion_is_taken_to_last_forty_minutes(put):
    for minute, status in ((0, 201), (1, 409), (20, 409), (40, 409), (41, 201)):
        started = f"2026-11-17T15:{minute:02}:00Z"
        assert put(uuid4(), started_at=started, ended_at=None).status_code == status, minute
    into = {"started_at": "2026-11-16T14:55:00Z", "ended_at": None}
    known = {"started_at": "2026-11-16T15:00:00Z", "ended_at": "2026-11-16T15:40:00Z"}
    assert put(uuid4(), **known).status_code == 201
    assert problem(put(uuid4(), **into), 409, "conflict")["errors"][0]["pointer"] == "#/started_at"
    assert put(uuid4(), **into | {"ended_at": "2026-11-16T14:59:00Z"}).status_code == 201


def test_bookings_may_not_overlap_and_yield_to_infusions_given(put):
    booked = uuid4()
    assert put(booked, status="scheduled", ended_at=None).status_code == 201
    assert put(booked, status="scheduled", ended_at=None, weight_kg=71, version=1).status_code == 200
    problem(put(uuid4(), status="scheduled", ended_at=None), 409, "conflict")
    assert put(uuid4()).status_code == 201
    problem(put(uuid4(), status="scheduled", started_at="2026-11-17T15:20:00Z"), 409, "conflict")
    assert put(booked, status="not_done", ended_at=None, version=2).status_code == 200


def test_impossible_years_are_refused_with_their_field(put):
    day = timedelta(days=1)
    for started, status, code in (
        ("1950-01-01T12:00:00Z", "completed", "too_long_past"),
        ("1999-12-31T23:59:59-05:00", "not_done", "too_long_past"),
        ("2199-01-01T12:00:00Z", "scheduled", "too_far_ahead"),
        ((NOW + 366 * day + timedelta(seconds=1)).isoformat(), "not_done", "too_far_ahead"),
    ):
        wrong = put(uuid4(), started_at=started, ended_at=None, status=status)
        assert faults(wrong) == {("#/started_at", code)}, started
    for started, status in (
        ("2000-01-01T00:00:00-05:00", "completed"),
        ((NOW + 366 * day).isoformat(), "scheduled"),
    ):
        assert put(uuid4(), started_at=started, ended_at=None, status=status).status_code == 201


def test_two_infusions_at_one_instant_are_refused_and_named_however_they_are_written(put):
    put(ended_at=None)
    for started in (GIVEN["started_at"], "2026-11-17T15:05:00Z", "2026-11-18T00:05:00+09:00"):
        for status in ("completed", "stopped"):
            clash = put(uuid4(), started_at=started, ended_at=None, status=status, time_zone="Asia/Tokyo")
            assert [error["pointer"] for error in problem(clash, 409, "conflict")["errors"]] == [
                "#/started_at"
            ]
    # Nor by moving another there.
    other = uuid4()
    assert put(other, started_at="2026-11-16T15:05:00Z", ended_at=None).status_code == 201
    problem(put(other, version=1, ended_at=None), 409, "conflict")


def test_one_booked_where_another_was_given_did_not_take_place_then(put):
    booked = uuid4()
    assert put(booked, ended_at=None, status="scheduled").status_code == 201
    assert put().status_code == 201
    problem(put(booked, version=1, ended_at=None), 409, "conflict")


def test_of_writers_who_send_the_same_instant_at_once_one_is_taken(app, people, ask):
    ids = [uuid4() for _ in range(4)]

    def send(infusion_id: Any) -> int:
        path = f"/v1/patients/{people.patient.patient_id}/infusions/{infusion_id}"
        together.wait()
        answer = app.test_client().put(path, json=GIVEN, headers=people.clinician.headers)
        return int(answer.status_code)

    together = Barrier(len(ids))
    with ThreadPoolExecutor(len(ids)) as writers:
        assert sorted(writers.map(send, ids)) == [201, 409, 409, 409]
    assert len(ask("GET", "").json["items"]) == 1


def test_two_infusions_on_one_day_are_both_stored_and_the_day_counts_once(put, ask, client, people):
    put()
    put(uuid4(), started_at="2026-11-17T15:00:00-05:00", ended_at="2026-11-17T15:40:00-05:00")
    assert [item["local_date"] for item in ask("GET", "").json["items"]] == ["2026-11-17"] * 2
    summary = client.get(
        f"/v1/patients/{people.patient.patient_id}/summary", headers=people.clinician.headers
    ).json
    assert summary["phase"] == {
        "kind": "induction",
        "infusions_given_count": 1,
        "infusions_planned_count": 6,
        "infusions_expected_count": 2,
        "induction_pace": "on_pace",
        "days_behind": 0,
    }
    assert summary["infusions_given_count"] == 2


def test_what_was_removed_or_not_given_covers_no_time(put, ask):
    put()
    ask("DELETE", version=1)
    assert put(uuid4()).status_code == 201


def test_another_patient_may_have_an_infusion_at_that_time_and_under_that_id(put, client, people):
    put()
    path = f"/v1/patients/{people.other_patient.patient_id}/infusions/{ID}"
    assert client.put(path, json=GIVEN, headers=people.clinician.headers).status_code == 201


@pytest.mark.parametrize("status", ["completed", "stopped"])
def test_an_infusion_given_cannot_be_in_the_future(put, status):
    ahead = {"started_at": "2026-11-21T20:00:01Z", "ended_at": None}
    assert faults(put(**ahead, status=status)) == {("#/started_at", "in_the_future")}
    assert put(**ahead, status="scheduled").status_code == 201


def test_the_day_on_which_it_was_asked_for_is_not_after_it_nor_ahead(put):
    # Where it was given it is still the 17th at that hour; for a booking, today is the last day.
    assert faults(put(requested_on="2026-11-18")) == {("#/requested_on", "too_late")}
    booked = {"status": "scheduled", "started_at": "2026-12-01T10:00:00-05:00", "ended_at": None}
    assert faults(put(**booked, requested_on="2026-11-22")) == {("#/requested_on", "too_late")}
    assert faults(put(requested_on="1890-01-01")) == {("#/requested_on", "too_long_past")}
    assert put(**booked, requested_on="2026-11-21").json["requested_on"] == "2026-11-21"


def test_it_ends_after_it_starts_and_within_a_day(put):
    for ended_at in ("2026-11-17T10:04:59-05:00", "2026-11-18T10:05:01-05:00"):
        assert faults(put(ended_at=ended_at)) == {("#/ended_at", "not_after_start")}
    assert put(ended_at=GIVEN["started_at"]).status_code == 201


def test_each_wrong_field_is_named(put):
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"dose_mg": 2001}, "dose_mg"),
        ({"dose_mg": -1}, "dose_mg"),
        ({"dose_mg": "35"}, "dose_mg"),
        ({"dose_mg": True}, "dose_mg"),
        ({"weight_kg": 0}, "weight_kg"),
        ({"route": "rectal"}, "route"),
        ({"status": "done"}, "status"),
        ({"reason": "whim"}, "reason"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"started_at": "2026-11-17T10:05:00"}, "started_at"),
        ({"started_at": "0001-01-01T00:00:00Z"}, "started_at"),
        ({"ended_at": "9999-12-31T23:59:59Z"}, "ended_at"),
        ({"requested_on": "2026-11-31"}, "requested_on"),
        ({"dose": 35}, "dose"),
    ]
    for changed, name in wrong:
        assert {pointer for pointer, _ in faults(put(**changed))} == {f"#/{name}"}, changed


def test_its_date_is_that_of_the_place_where_it_was_given(put):
    late = {"started_at": "2026-11-18T01:30:00Z", "ended_at": None}
    assert put(**late).json["local_date"] == "2026-11-17"
    assert put(uuid4(), **late | {"started_at": "2026-11-18T05:30:00Z"}).json["local_date"] == "2026-11-18"


def test_a_patient_reads_and_does_not_write(put, ask, people):
    stored = put().json
    assert ask("GET", who=people.patient).json == stored
    assert ask("GET", "", who=people.patient).json["items"] == [stored]
    assert ask("PUT", body=GIVEN, who=people.patient).status_code == 403
    assert ask("DELETE", who=people.patient, version=1).status_code == 403
    assert ask("GET", f"/{ID}/revisions", who=people.patient).status_code == 403


def test_a_client_that_has_the_version_gets_304(put, client, people):
    put()
    path = f"/v1/patients/{people.patient.patient_id}/infusions/{ID}"
    held = {**people.clinician.headers, "If-None-Match": '"v1"'}
    assert client.get(path, headers=held).status_code == 304
    put(dose_mg=40, version=1)
    assert client.get(path, headers=held).status_code == 200


def test_pages_give_every_infusion_once_in_order_of_start(put, ask):
    for day in (3, 9, 1, 7, 5):
        put(uuid4(), started_at=f"2026-11-0{day}T15:00:00Z", ended_at=None)
    seen, rest = [], "?limit=2"
    while rest:
        page = ask("GET", rest).json
        seen += [item["local_date"] for item in page["items"]]
        rest = f"?limit=2&cursor={page['next_cursor']}" if "next_cursor" in page else ""
    assert seen == [f"2026-11-0{day}" for day in (1, 3, 5, 7, 9)]


def test_infusions_are_listed_within_a_period_and_from_the_last_one_on_request(put, ask):
    for day in (3, 9, 1, 7, 5):
        put(uuid4(), started_at=f"2026-11-0{day}T15:00:00Z", ended_at=None)
    seen, rest = [], "?limit=2&order=desc&from=2026-11-03&to=2026-11-07"
    while rest:
        page = ask("GET", rest).json
        seen += [item["local_date"] for item in page["items"]]
        following = f"?limit=2&order=desc&from=2026-11-03&to=2026-11-07&cursor={page.get('next_cursor')}"
        rest = following if "next_cursor" in page else ""
    assert seen == [f"2026-11-0{day}" for day in (7, 5, 3)]


BOOKING = {
    "started_at": "2027-03-02T10:00:00-06:00",
    "time_zone": factories.ZONE,
    "status": "scheduled",
    "reason": "scheduled",
}
CANCELLED = {"status": "not_done", "not_done_reason": "patient_cancelled"}
SHOWN = {"id", "version", "local_date", "started_at", "time_zone", "status"}


@pytest.fixture
def desk(app, people, database):
    """Somebody at the front desk of the clinic."""
    with database.write() as session:
        account_id = factories.account(session, people.clinic_id, Role.FRONT_DESK).id
        return signed_in(app, session, "front_desk", account_id)


def test_the_front_desk_books_moves_and_cancels(ask, desk):
    booked = ask("PUT", body=BOOKING, who=desk)
    assert (booked.status_code, set(booked.json)) == (201, SHOWN)
    assert ask("PUT", body=BOOKING, who=desk).status_code == 200
    asked = ask("PUT", f"/{uuid4()}", BOOKING | CANCELLED | {"requested_on": "2026-11-20"}, who=desk)
    assert (asked.status_code, asked.json["requested_on"]) == (201, "2026-11-20")
    moved = ask("PUT", body=BOOKING | {"started_at": "2027-03-04T10:00:00-06:00"}, version=1, who=desk)
    assert (moved.status_code, moved.json["local_date"], set(moved.json)) == (200, "2027-03-04", SHOWN)
    cancelled = ask("PUT", body=BOOKING | CANCELLED, version=2, who=desk)
    assert (cancelled.status_code, set(cancelled.json)) == (200, SHOWN | {"not_done_reason"})
    assert {name: cancelled.json[name] for name in CANCELLED} == CANCELLED


def test_what_the_care_team_entered_of_a_booking_stays_when_the_front_desk_moves_it(ask, desk):
    planned = BOOKING | {"reason": "symptoms_returned", "dose_mg": 42.5, "weight_kg": 70, "route": "oral"}
    assert ask("PUT", body=planned).status_code == 201
    moved = ask("PUT", body=BOOKING | {"started_at": "2027-03-04T10:00:00-06:00"}, version=1, who=desk)
    assert (moved.status_code, set(moved.json)) == (200, SHOWN)
    seen = ask("GET").json
    assert (seen["reason"], seen["dose_mg"], seen["route"]) == ("symptoms_returned", 42.5, "oral")
    assert seen["local_date"] == "2027-03-04"


@pytest.mark.parametrize(
    "more", [{"dose_mg": 35}, {"weight_kg": 70}, {"lot_number": "KT4471"}, {"status": "completed"}]
)
def test_the_front_desk_enters_nothing_that_was_given(more, ask, desk):
    body = BOOKING | {"started_at": "2026-03-02T10:00:00-06:00"} | more
    refused = ask("PUT", body=body, who=desk)
    assert (refused.status_code, refused.json["required_roles"]) == (403, ["clinician", "nurse"])
    assert ask("GET").status_code == 404


def test_the_front_desk_changes_no_infusion_that_was_given(ask, desk):
    assert ask("PUT", body=GIVEN).status_code == 201
    refused = ask("PUT", body=BOOKING, version=1, who=desk)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert ask("GET").json["version"] == 1


def test_a_version_that_is_stale_shows_the_front_desk_the_booking_alone(ask, desk):
    ask("PUT", body=BOOKING | {"reason": "symptoms_returned", "dose_mg": 42.5})
    for version, status in ((None, 428), (7, 412)):
        refused = ask("PUT", body=BOOKING | CANCELLED, version=version, who=desk)
        assert (refused.status_code, set(refused.json["current"])) == (status, SHOWN)


def test_the_front_desk_reads_bookings_with_a_tag_of_their_own(ask, desk):
    ask("PUT", body=GIVEN)
    (item,) = ask("GET", "", who=desk).json["items"]
    shown = ask("GET", who=desk)
    assert item == shown.json
    assert set(item) == SHOWN | {"ended_at"}
    assert shown.headers["ETag"] != ask("GET").headers["ETag"]


RECORDED = {
    "lot_number": "KT4471",
    "wasted_mg": 15,
    "performer_name": "R. Vale",
    "witness_name": "M. Ostrow",
}


def test_lot_wastage_witness_and_performer_are_stored_and_shown_to_the_clinic_alone(put, ask, people):
    by_account = {"performer_account_id": str(people.clinician.id), "performer_name": None}
    stored = put(**RECORDED | by_account)
    assert stored.status_code == 201
    recorded = {name: value for name, value in (RECORDED | by_account).items() if value is not None}
    assert recorded.items() <= stored.json.items()
    own = ask("GET", who=people.patient)
    assert not set(recorded) & set(own.json)
    assert own.json["mg_per_kg"] == pytest.approx(0.496)
    assert own.headers["ETag"] != ask("GET").headers["ETag"]
    assert not set(recorded) & set(ask("GET", "", who=people.patient).json["items"][0])


def test_the_phone_is_sent_no_infusion_with_the_names_of_staff(put, client, people):
    put(**RECORDED)
    (change,) = client.get("/v1/sync/changes", headers=people.patient.headers).json["changes"]
    assert change["data"]["dose_mg"] == 35
    assert not set(RECORDED) & set(change["data"])


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"performer_account_id": str(uuid4())}, ("#/performer_account_id", "unknown_account")),
        ({"performer_account_id": "patient"}, ("#/performer_account_id", "unknown_account")),
        ({"witness_account_id": "clinician", "witness_name": "M. Ostrow"}, ("#/witness_name", "choose_one")),
        ({"performer_name": "R. Vale", "witness_name": "R. Vale"}, ("#/witness_name", "same_person")),
        ({"wasted_mg": -1}, ("#/wasted_mg", "out_of_range")),
        ({"not_done_reason": "unwell"}, ("#/not_done_reason", "only_not_done")),
        ({"status": "not_done", "not_done_reason": None}, ("#/not_done_reason", "required")),
        ({"status": "not_done", "not_done_reason": "tired"}, ("#/not_done_reason", "unknown_reason")),
    ],
)
def test_a_record_that_cannot_be_is_refused_by_name(put, people, wrong, fault):
    accounts = {"patient": str(people.patient.id), "clinician": str(people.clinician.id)}
    refused = put(**{name: accounts.get(str(value), value) for name, value in wrong.items()})
    assert faults(refused) == {fault}


@pytest.fixture
def limited(client, people):
    def send(**limits: float) -> None:
        path, headers = f"/v1/clinics/{people.clinic_id}/session-settings", people.admin.headers
        version = client.get(path, headers=headers).headers["ETag"]
        response = client.put(path, json=limits, headers=headers | {"If-Match": version})
        assert response.status_code in {200, 201}, response.json

    return send


REASON = {"dose_confirmation": {"rationale": "Titrated over five sessions."}}


def test_a_dose_above_the_clinics_limits_needs_a_recorded_confirmation(put, ask, people, limited):
    limited(max_dose_mg_per_kg=1, max_dose_mg=80)
    assert put().status_code == 201
    refused = put(dose_mg=84.6, version=1)
    assert faults(refused) == {("#/dose_confirmation", "dose_limit_exceeded")}
    assert "1 mg/kg and 80 mg" in refused.json["errors"][0]["detail"]
    confirmed = put(dose_mg=84.6, version=1, **REASON)
    assert confirmed.status_code == 200
    assert confirmed.json["dose_limits_exceeded"] == [
        {"limit_name": "max_dose_mg_per_kg", "dose": 1.2, "dose_limit": 1},
        {"limit_name": "max_dose_mg", "dose": 84.6, "dose_limit": 80},
    ]
    assert confirmed.json["dose_confirmation"] == REASON["dose_confirmation"] | {
        "confirmed_by": str(people.clinician.id),
        "confirmed_at": "2026-11-21T20:00:00+00:00",
    }
    own = ask("GET", who=people.patient).json
    assert not {"dose_limits_exceeded", "dose_confirmation"} & set(own)


def test_who_confirmed_a_dose_stays_when_somebody_else_adds_the_end(put, ask, app, people, database, limited):
    limited(max_dose_mg=30)
    confirmed = put(ended_at=None, **REASON).json["dose_confirmation"]
    with database.write() as session:
        nurse = signed_in(app, session, "nurse", factories.account(session, people.clinic_id, Role.NURSE).id)
    later = ask("PUT", body=GIVEN | REASON, version=1, who=nurse)
    assert (later.status_code, later.json["dose_confirmation"]) == (200, confirmed)
    more = ask("PUT", body=GIVEN | REASON | {"dose_mg": 40}, version=2, who=nurse)
    assert more.json["dose_confirmation"]["confirmed_by"] == str(nurse.id)


def test_a_dose_at_its_limit_or_without_a_weight_exceeds_no_limit_by_weight(put, limited):
    limited(max_dose_mg_per_kg=0.7)
    assert put(dose_mg=33.6, weight_kg=48).json["mg_per_kg"] == pytest.approx(0.7)
    without = put(uuid4(), started_at="2026-11-16T15:00:00Z", ended_at=None, dose_mg=140, weight_kg=None)
    assert (without.status_code, "mg_per_kg" in without.json) == (201, False)
    (warning,) = [each for each in without.json["warnings"] if each["code"] == "weight_missing"]
    assert "0.7 mg/kg" in warning["text"]


def test_without_limits_of_the_clinic_no_dose_needs_a_confirmation(put):
    stored = put(dose_mg=700)
    assert (stored.status_code, stored.json["mg_per_kg"]) == (201, 9.929)
    assert "dose_limits_exceeded" not in stored.json


@pytest.fixture
def refusing(client, people):
    """Let the clinic refuse what a consultation does not clear."""
    path, headers = f"/v1/clinics/{people.clinic_id}/settings", people.admin.headers
    version = client.get(path, headers=headers).headers["ETag"]
    answer = client.patch(path, json={"refuse_unsuitable": True}, headers=headers | {"If-Match": version})
    assert answer.json["refuse_unsuitable"] is True


def warned(response: Any) -> list[str]:
    return [each["code"] for each in response.json.get("warnings", ())]


BOOKED_AHEAD: dict[str, Any] = {
    "started_at": "2026-12-01T15:00:00Z",
    "ended_at": None,
    "status": "scheduled",
} | {
    "dose_mg": None,
    "weight_kg": None,
}
NOT_DONE = {"status": "not_done", "not_done_reason": "unwell"}
OVERRIDE = {"override_reason": "Agreed with the psychiatrist by telephone."}


@pytest.mark.parametrize(
    ("consultation", "codes"),
    [
        (None, ["no_consultation"]),
        ({"seen_on": date(2026, 11, 22)}, ["no_consultation"]),
        ({}, []),
        ({"decision": "not_suitable"}, ["not_suitable"]),
        ({"decision": "deferred", "consent_given_on": None}, ["treatment_deferred", "no_consent"]),
        ({"decision": None}, ["no_decision"]),
        ({"consent_given_on": date(2026, 11, 22)}, ["no_consent"]),
    ],
)
@pytest.mark.parametrize(
    "what", [{}, {"status": "stopped"}, BOOKED_AHEAD | {"started_at": "2026-11-21T21:00:00Z"}]
)
def test_what_the_consultation_does_not_clear_is_a_warning(put, consulted, consultation, codes, what):
    consulted(consultation)
    stored = put(**what)
    assert (stored.status_code, warned(stored)) == (201, codes)
    # The same again says the same.
    assert warned(put(**what)) == codes
    not_done = put(uuid4(), **BOOKED_AHEAD | {"started_at": "2026-11-01T15:00:00Z"} | NOT_DONE)
    assert (not_done.status_code, warned(not_done)) == (201, [])


def test_who_overrode_the_consultation_and_why_is_stored_with_the_revision(
    put, ask, consulted, app, people, database
):
    consulted({"decision": "not_suitable"})
    assert "hold_override" not in put().json
    stored = put(version=1, **OVERRIDE)
    assert warned(stored) == []
    assert stored.json["hold_override"] == OVERRIDE | {
        "hold_codes": ["not_suitable"],
        "overridden_by": str(people.clinician.id),
        "overridden_at": "2026-11-21T20:00:00+00:00",
    }
    assert ask("GET").json["hold_override"] == stored.json["hold_override"]
    # Somebody who corrects the dose does not become who overrode.
    with database.write() as session:
        nurse = signed_in(app, session, "nurse", factories.account(session, people.clinic_id, Role.NURSE).id)
    later = ask("PUT", body=GIVEN | OVERRIDE | {"dose_mg": 40}, version=2, who=nurse)
    assert later.json["hold_override"] == stored.json["hold_override"]
    assert "hold_override" not in ask("GET", who=people.patient).json


@pytest.mark.usefixtures("refusing")
def test_a_clinic_may_refuse_what_the_consultation_does_not_clear(put, consulted):
    consulted({"decision": "not_suitable"})
    for body in ({}, BOOKED_AHEAD, BOOKED_AHEAD | OVERRIDE):
        refused = put(uuid4(), **body)
        assert (refused.status_code, refused.json["code"]) == (409, "not_cleared")
        assert refused.json["hold_codes"] == ["not_suitable"]
    # What was given must be recorded; what is not done needs no clearance.
    assert put(**OVERRIDE).status_code == 201
    assert put(version=1, **OVERRIDE, dose_mg=40).status_code == 200
    assert put(uuid4(), **BOOKED_AHEAD | NOT_DONE).status_code == 201


@pytest.mark.usefixtures("refusing")
def test_a_clinic_that_refuses_accepts_what_is_cleared_and_corrections_of_what_was_stored(put, consulted):
    assert put().status_code == 201
    consulted({"decision": "not_suitable"})
    corrected = put(version=1, dose_mg=40)
    assert (corrected.status_code, warned(corrected)) == (200, ["not_suitable"])


@pytest.mark.usefixtures("refusing")
def test_the_front_desk_gets_no_part_of_a_consultation(ask, app, people, database, client, consulted):
    consulted(None)
    with database.write() as session:
        desk = signed_in(
            app, session, "desk", factories.account(session, people.clinic_id, Role.FRONT_DESK).id
        )
    body = {"started_at": "2026-12-01T15:00:00Z", "time_zone": "America/Chicago", "status": "scheduled"} | {
        "reason": "scheduled"
    }
    refused = ask("PUT", body=body, who=desk)
    assert (refused.status_code, refused.json["code"], "hold_codes" in refused.json) == (
        409,
        "not_cleared",
        False,
    )
    path, headers = f"/v1/clinics/{people.clinic_id}/settings", people.admin.headers
    version = client.get(path, headers=headers).headers["ETag"]
    client.patch(path, json={"refuse_unsuitable": False}, headers=headers | {"If-Match": version})
    booked = ask("PUT", body=body, who=desk)
    assert (booked.status_code, "warnings" in booked.json) == (201, False)
    assert ask("PUT", body=body | OVERRIDE, version=1, who=desk).status_code == 403


def test_why_it_was_given_is_asked_of_what_was_given_and_not_of_a_booking(ask, desk, put):
    body = {name: value for name, value in BOOKING.items() if name != "reason"}
    assert ask("PUT", body=body, who=desk).status_code == 201
    assert ask("PUT", body=body).json["reason"] == "scheduled"
    assert faults(put(uuid4(), reason=None)) == {("#/reason", "required")}


def test_a_dose_of_nothing_is_no_infusion(put):
    assert faults(put(uuid4(), dose_mg=0)) == {("#/dose_mg", "out_of_range")}
