"""How a patient was before treatment, over HTTP: one judgement a patient, before the first infusion."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
JUDGED: dict[str, Any] = {"assessed_on": "2026-09-01", "mood": 3, "anxiety": 7}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(method: str, body: Any = None, version: int | None = None, who: Any = None, what="baseline"):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(f"/v1/patients/{patient}/{what}", method=method, json=body, headers=headers)

    return send


@pytest.fixture
def put(ask):
    def send(version: int | None = None, **changed: Any):
        body = {name: value for name, value in (JUDGED | changed).items() if value is not None}
        return ask("PUT", body, version)

    return send


@pytest.fixture
def infuse(ask):
    def on(day: date, version: int | None = None, infusion_id: Any = None, **changed: Any):
        body = {
            "started_at": f"{day}T15:00:00Z",
            "time_zone": "UTC",
            "status": "completed",
            "reason": "scheduled",
        } | changed
        return ask("PUT", body, version, what=f"infusions/{infusion_id or uuid4()}")

    return on


def problem(response: Any, status: int, code: str) -> Any:
    assert (response.status_code, response.json["code"]) == (status, code), response.json
    return response.json


def faults(response: Any, status: int = 422, code: str = "invalid") -> set[tuple[str, str]]:
    found = problem(response, status, code)["errors"]
    return {(error["pointer"], error["code"]) for error in found}


def test_a_baseline_is_stored_once_however_often_it_is_sent(put, ask):
    problem(ask("GET"), 404, "not_found")
    first, second = put(), put()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert first.json == {**JUDGED, "version": 1}
    assert ask("GET").json == first.json
    assert ask("GET").headers["ETag"] == '"v1"'


def test_anxiety_may_be_left_out(put, ask):
    assert "anxiety" not in put(anxiety=None).json
    assert "anxiety" not in ask("GET").json


def test_a_correction_names_the_version_it_corrects(put):
    stored = put().json
    assert problem(put(mood=4), 428, "version_required")["current"] == stored
    corrected = put(1, mood=4)
    assert (corrected.status_code, corrected.json["mood"], corrected.json["version"]) == (200, 4, 2)
    assert put(1, mood=4).data == corrected.data
    assert problem(put(1, mood=5), 412, "stale")["current"] == corrected.json


def test_a_version_of_what_was_never_stored_is_stale(put):
    problem(put(1), 412, "stale")


def test_a_withdrawn_baseline_is_gone_and_may_be_rated_again(put, ask):
    problem(ask("DELETE"), 404, "not_found")
    put()
    problem(ask("DELETE"), 428, "version_required")
    assert [ask("DELETE", version=version).status_code for version in (1, 1, None, 2)] == [204] * 4
    assert problem(ask("GET"), 410, "removed")["version"] == 2
    problem(put(), 410, "removed")
    assert put(2).json["version"] == 3


def test_each_wrong_field_is_named(put, ask):
    wrong: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"mood": 11}, ("#/mood", "out_of_range")),
        ({"mood": 3.5}, ("#/mood", "not_whole")),
        ({"anxiety": -1}, ("#/anxiety", "out_of_range")),
        ({"enjoyment": 3}, ("#/enjoyment", "unknown_field")),
        ({"assessed_on": "2026-02-30"}, ("#/assessed_on", "not_a_date")),
        ({"assessed_on": "2026-11-23"}, ("#/assessed_on", "in_the_future")),
        ({"assessed_on": "1999-12-31"}, ("#/assessed_on", "too_long_past")),
    ]
    for changed, fault in wrong:
        assert faults(put(**changed)) == {fault}, changed
    assert faults(ask("PUT", {})) == {("#/assessed_on", "required"), ("#/mood", "required")}
    problem(ask("GET"), 404, "not_found")


def test_a_baseline_after_the_first_infusion_is_refused(put, infuse):
    infuse(date(2026, 9, 10))
    infuse(date(2026, 9, 3))
    for day in ("2026-09-04", "2026-11-21"):
        assert faults(put(assessed_on=day), 409, "conflict") == {("#/assessed_on", "after_first_infusion")}
    assert put(assessed_on="2026-09-03").status_code == 201


def test_only_an_infusion_that_was_given_and_not_removed_comes_after_the_baseline(put, infuse, ask):
    infuse(date(2026, 8, 1), status="not_done", not_done_reason="other")
    infuse(date(2026, 12, 1), status="scheduled")
    mistaken = uuid4()
    infuse(date(2026, 8, 2), infusion_id=mistaken)
    assert put().status_code == 409
    assert ask("DELETE", version=1, what=f"infusions/{mistaken}").status_code == 204
    assert put().status_code == 201


def test_an_infusion_before_the_baselines_day_is_refused_and_named(put, infuse):
    put()
    assert faults(infuse(date(2026, 8, 31)), 409, "conflict") == {("#/started_at", "before_baseline")}
    assert infuse(date(2026, 8, 31), status="not_done", not_done_reason="other").status_code == 201


def test_the_morning_of_the_first_infusion_is_early_enough_for_a_baseline(put, infuse):
    put()
    assert infuse(date(2026, 9, 1)).status_code == 201
    assert put(1, assessed_on="2026-09-01", mood=4).status_code == 200


def test_an_infusion_given_cannot_be_dated_before_the_baseline(put, infuse):
    given, booked = uuid4(), uuid4()
    put()
    infuse(date(2026, 9, 2), infusion_id=given)
    infuse(date(2026, 8, 20), infusion_id=booked, status="scheduled")
    assert infuse(date(2026, 8, 30), 1, given).status_code == 409
    assert infuse(date(2026, 8, 20), 1, booked).status_code == 409


def test_once_the_baseline_is_withdrawn_or_dated_earlier_the_infusion_is_taken(put, infuse, ask):
    put()
    assert put(1, assessed_on="2026-08-01").status_code == 200
    assert infuse(date(2026, 8, 20)).status_code == 201
    assert infuse(date(2026, 7, 20)).status_code == 409
    ask("DELETE", version=2)
    assert infuse(date(2026, 7, 20)).status_code == 201
    assert put(3).status_code == 409, "what was withdrawn does not come back after the infusion"


def test_the_day_that_counts_is_that_of_the_place_where_it_was_given(put, infuse):
    put(assessed_on="2026-09-02")
    late = {"started_at": "2026-09-02T03:00:00Z", "time_zone": "America/New_York"}
    assert infuse(date(2026, 9, 2), **late).status_code == 409


def test_a_patient_reads_their_own_and_does_not_write(put, ask, client, people):
    stored = put().json
    assert ask("GET", who=people.patient).json == stored
    assert ask("GET", who=people.integration).json == stored
    assert ask("PUT", JUDGED, who=people.patient).status_code == 403
    assert ask("DELETE", who=people.patient, version=1).status_code == 403
    for who in (people.other_patient, people.stranger, people.strangers_patient):
        path = f"/v1/patients/{people.patient.patient_id}/baseline"
        problem(client.get(path, headers=who.headers), 404, "not_found")


def test_a_client_that_has_the_version_gets_304(put, client, people):
    put()
    path = f"/v1/patients/{people.patient.patient_id}/baseline"
    held = {**people.clinician.headers, "If-None-Match": '"v1"'}
    assert client.get(path, headers=held).status_code == 304
    put(1, mood=4)
    assert client.get(path, headers=held).status_code == 200


def test_a_change_counts_and_a_repetition_does_not(put, ask, database, people):
    def count() -> Any:
        with database.read(people.clinic_id) as session:
            return session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq

    before = count()
    put()
    put()
    assert count() == before + 1
    ask("DELETE", version=1)
    ask("DELETE", version=1)
    assert count() == before + 2


def test_a_baseline_and_an_infusion_that_exclude_each_other_are_not_both_taken(app, people):
    of = f"/v1/patients/{people.patient.patient_id}"
    given = {"started_at": "2026-08-31T15:00:00Z", "time_zone": "UTC"}
    sent = [
        (f"{of}/baseline", JUDGED),
        (f"{of}/infusions/{uuid4()}", given | {"status": "completed", "reason": "scheduled"}),
    ]
    together = Barrier(len(sent))

    def send(one: tuple[str, dict[str, Any]]) -> int:
        together.wait()
        answer = app.test_client().put(one[0], json=one[1], headers=people.clinician.headers)
        return int(answer.status_code)

    with ThreadPoolExecutor(len(sent)) as writers:
        assert sorted(writers.map(send, sent)) == [201, 409]


def test_another_patients_infusion_does_not_count(put, database, people):
    with database.write(people.clinic_id) as session:
        other = session.get_one(Patient, (people.clinic_id, people.other_patient.patient_id))
        factories.infusion(session, other, TODAY - timedelta(days=200))
    assert put().status_code == 201
