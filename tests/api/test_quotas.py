"""A patient who writes without end is stopped; what is about safety never is."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services import quotas
from tests import factories

pytestmark = pytest.mark.both_databases

DAY = "2026-11-20"
EVENT = {"local_date": DAY, "kind": "life_event", "visibility": "patient", "note": "Moved house."}
ANSWERS = {
    "mood": 6,
    "anxiety": 3,
    "time_zone": factories.ZONE,
    "recorded_at": f"{DAY}T21:14:05-06:00",
}
MOST = 3


@pytest.fixture(autouse=True)
def small_quotas(monkeypatch):
    monkeypatch.setattr(quotas, "REVISIONS_OF_PATIENTS", MOST)
    monkeypatch.setattr(quotas, "CHECK_INS_OF_PATIENTS", MOST)


@pytest.fixture
def asked(database, people):
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)


def put_event(client, who, patient="me"):
    return client.put(f"/v1/patients/{patient}/events/{uuid4()}", json=EVENT, headers=who.headers)


def exceeded(answer, kind):
    found = answer.json["code"], answer.json["quota"], answer.json["most_a_day"]
    assert (answer.status_code, found) == (429, ("quota_exceeded", kind, MOST))
    assert 0 < int(answer.headers["Retry-After"]) <= 86_401


def test_a_patients_events_of_a_day_are_bounded_and_the_clinics_are_not_used_up(client, people):
    for _ in range(MOST):
        assert put_event(client, people.patient).status_code == 201
    exceeded(put_event(client, people.patient), "events")
    listed = client.get("/v1/patients/me/events", headers=people.patient.headers).json["items"]
    assert len(listed) == MOST
    assert put_event(client, people.clinician, people.patient.patient_id).status_code == 201
    assert put_event(client, people.other_patient).status_code == 201


def test_revisions_and_removals_count_and_what_is_unchanged_does_not(client, people):
    path = f"/v1/patients/me/check-ins/{DAY}"

    def put(mood, version=None):
        headers = people.patient.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.put(path, json=ANSWERS | {"mood": mood}, headers=headers)

    for version in range(MOST - 1):
        assert put(version, version or None).status_code in {200, 201}
        for _ in range(MOST):
            assert put(version).status_code == 200
    removed = client.delete(path, headers=people.patient.headers | {"If-Match": f'"v{MOST - 1}"'})
    assert removed.status_code == 204
    exceeded(put(9, MOST), "check_ins")


@pytest.mark.usefixtures("asked")
def test_a_safety_answer_is_stored_and_acted_on_whatever_the_quota(client, people):
    for day in ("2026-11-17", "2026-11-18", "2026-11-19"):
        sent = ANSWERS | {"recorded_at": f"{day}T21:14:05-06:00"}
        path = f"/v1/patients/me/check-ins/{day}"
        assert client.put(path, json=sent, headers=people.patient.headers).status_code == 201
    refused = client.put(
        f"/v1/patients/me/check-ins/{DAY}",
        json=ANSWERS | {"safety_answer": 3},
        headers=people.patient.headers,
    )
    exceeded(refused, "check_ins")
    assert refused.json["safety"]["message"]
    path = f"/v1/clinics/{people.clinic_id}/safety-alerts"
    assert len(client.get(path, headers=people.clinician.headers).json["items"]) == 1


@pytest.mark.usefixtures("asked")
def test_safety_answers_have_no_quota(client, people):
    for day in range(10, 12 + MOST):
        path = f"/v1/patients/me/safety-answers/2026-11-{day}"
        for answer in (1, 2):
            stored = client.put(path, json={"answer": answer}, headers=people.patient.headers)
            assert stored.status_code in {200, 201}, stored.json
            assert stored.json["safety"]["message"], stored.json


def test_item_9_is_stored_and_acted_on_whatever_the_quota(client, people):
    form = {
        "instrument": "phq-9",
        "instrument_version": "1",
        "local_date": DAY,
        "time_zone": factories.ZONE,
        "recorded_at": f"{DAY}T21:14:05-06:00",
    }

    def put(answers):
        path = f"/v1/patients/me/questionnaire-responses/{uuid4()}"
        return client.put(path, json=form | {"answers": answers}, headers=people.patient.headers)

    for _ in range(MOST):
        assert put({"1": 1}).status_code == 201, put({"1": 1}).json
    exceeded(put({"1": 1}), "questionnaire_responses")
    refused = put({"1": 1, "9": 2})
    exceeded(refused, "questionnaire_responses")
    assert (refused.json["version"], bool(refused.json["safety"]["message"])) == (1, True)
    path = f"/v1/clinics/{people.clinic_id}/safety-alerts"
    assert len(client.get(path, headers=people.clinician.headers).json["items"]) == 1


def test_an_operation_beyond_the_quota_is_deferred_and_can_be_sent_again(client, people, monkeypatch):
    days = [f"2026-11-{day}" for day in range(15, 20)]
    operations = [
        {
            "op_id": str(uuid4()),
            "type": "put_check_in",
            "local_date": day,
            "data": ANSWERS | {"recorded_at": f"{day}T21:14:05-06:00"},
        }
        for day in days
    ]

    def push():
        sent = client.post("/v1/sync/push", json={"operations": operations}, headers=people.patient.headers)
        return [(each["status"], each["http_status"]) for each in sent.json["results"]]

    assert push() == [("created", 201)] * MOST + [("deferred", 429)] * 2
    monkeypatch.setattr(quotas, "CHECK_INS_OF_PATIENTS", 200)
    assert push() == [("created", 201)] * 5


def test_invitations_and_sign_ins_of_a_day_are_bounded(client, people, monkeypatch):
    monkeypatch.setattr(quotas, "INVITATIONS", quotas.Quota("invitations", MOST))
    path = f"/v1/patients/{people.patient.patient_id}/invitations"
    answers = [client.post(path, headers=people.clinician.headers) for _ in range(MOST + 1)]
    assert [answer.status_code for answer in answers] == [201] * MOST + [429]
    exceeded(answers[-1], "invitations")
