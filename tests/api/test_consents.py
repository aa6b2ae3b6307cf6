"""What a patient agreed to share, over HTTP: exactly that, for exactly as long, and nothing of the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from models.patients import Patient
from services.access import Part, Role
from tests import factories
from tests.api.http.endpoints import ENDPOINTS, PASSPHRASE
from tests.people import Person, signed_in

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
NOTE = "Quillfeather walked by the river."
AGREED = {"name": "My brother", "relation": "family", "parts": ["check_ins"]}
NEW_PATIENTS = "POST /v1/patients/<patient:patient_id>/invitations"
"""The one endpoint that the test calls for another patient."""

OPENED_BY = {
    # Of an infusion the mood some hours after it, which the patient answers.
    Part.CHECK_INS: {"check-ins", "trends", "infusions"},
    Part.NOTES: set(),
    Part.QUESTIONNAIRES: {"scores", "questionnaire-responses"},
    Part.INFUSIONS: {"infusions"},
    Part.EVENTS: {"events"},
    Part.COSTS: {"costs"},
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def course(database, people) -> UUID:
    """A day, a form, an infusion, an event and a price of the patient's; gives the form's id."""
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.check_in(session, patient, TODAY, note=NOTE)
        given = factories.infusion(session, patient, TODAY - timedelta(days=5))
        factories.cost(session, patient, given.id)
        factories.event(session, patient, TODAY, note=NOTE)
        factories.event(session, patient, TODAY, visibility="staff", note=NOTE)
        factories.score(session, patient, TODAY)
        form: UUID = factories.form(session, patient, TODAY).id
        return form


@pytest.fixture
def send(client, people):
    def ask(method: str, path: str, who: Any = None, body: Any = None, version: int | None = None):
        who = who or people.patient
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(path, method=method, json=body, headers=headers)

    return ask


@pytest.fixture
def lets(app, database, people):
    """Let somebody new read these parts of the patient's record."""

    def agree(*parts: Part, **given: Any) -> Person:
        with database.write(people.clinic_id) as session:
            account = factories.account(session, people.clinic_id, Role.DELEGATE)
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            factories.consent(session, patient, account.id, *parts, **given)
            return signed_in(app, session, "somebody new", account.id)

    return agree


def accept(client: Any, code: str, email: str = "brother@delegates.test") -> dict[str, str]:
    """Take up an account with a code; gives what is sent with a request from then on."""
    body = {"email": email, "password": PASSPHRASE, "device": {"device_id": "phone-0002", "name": "Phone"}}
    answer = client.post(f"/v1/auth/invitations/{code}/accept", json=body)
    assert answer.status_code == 201, answer.json
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def faults(answer: Any) -> set[tuple[str, str]]:
    return {(error.get("pointer") or error["parameter"], error["code"]) for error in answer.json["errors"]}


@pytest.mark.usefixtures("course")
def test_a_delegate_who_uses_the_code_reads_what_was_agreed_and_no_more(client, people, send):
    consent = f"/v1/patients/me/consents/{uuid4()}"
    agreed = send("PUT", consent, body=AGREED)
    assert (agreed.status_code, agreed.json["state"]) == (201, "waiting")
    theirs = accept(client, send("POST", f"{consent}/invitations").json["code"])
    assert send("GET", consent).json["state"] == "in_force"

    (opened,) = client.get("/v1/me/consents", headers=theirs).json["items"]
    assert (opened["patient_name"], opened["parts"]) == ("Wren Alder", ["check_ins"])
    patient = f"/v1/patients/{opened['patient_id']}"
    days = client.get(f"{patient}/check-ins", headers=theirs)
    assert [day["mood"] for day in days.json["items"]] == [6]
    for closed in (
        "infusions",
        "costs",
        "events",
        "summary",
        "outlook",
        "safety-alerts",
        f"check-ins/{TODAY}/revisions",
    ):
        assert client.get(f"{patient}/{closed}", headers=theirs).status_code == 403
    assert (
        client.get(f"/v1/patients/{people.other_patient.patient_id}/check-ins", headers=theirs).status_code
        == 404
    )
    assert client.get("/v1/patients/me/check-ins", headers=theirs).status_code == 404


@pytest.mark.either_database
@pytest.mark.parametrize("part", Part)
def test_each_part_allows_its_own_endpoints_and_no_others(part, scenario, client, lets):
    # Notes alone cannot be agreed to; here they show that they open nothing by themselves.
    delegate = lets(part)
    opened = set()
    for endpoint in ENDPOINTS:
        if "<patient:patient_id>" not in endpoint.rule or endpoint.key == NEW_PATIENTS:
            continue
        answer = endpoint.send_as(client, scenario, delegate)
        assert answer.status_code in {200, 403}, endpoint.key
        if answer.status_code == 200:
            assert endpoint.method == "GET"
            opened.add(endpoint.rule.removeprefix("/v1/patients/<patient:patient_id>/").partition("/")[0])
    assert opened == OPENED_BY[part]


@pytest.mark.usefixtures("course")
def test_notes_are_shown_only_where_notes_are_shared(client, people, lets):
    patient = f"/v1/patients/{people.patient.patient_id}"
    without, with_notes = lets(Part.CHECK_INS), lets(Part.CHECK_INS, Part.NOTES)
    for path in ("check-ins", f"check-ins/{TODAY}"):
        for accept_as in ("application/json", "text/csv", "application/x-ndjson"):
            found = [
                client.get(f"{patient}/{path}", headers=each.headers | {"Accept": accept_as})
                for each in (without, with_notes)
            ]
            assert [answer.status_code for answer in found] == [200, 200]
            assert [NOTE in answer.text for answer in found] == [False, True]
            assert all("mood" in answer.text for answer in found)
    # A phone with the day without its note must not get 304 once notes are shared.
    tags = [
        client.get(f"{patient}/check-ins/{TODAY}", headers=each.headers).headers["ETag"]
        for each in (without, with_notes)
    ]
    assert tags[0] != tags[1]
    same = client.get(f"{patient}/check-ins/{TODAY}", headers=without.headers | {"If-None-Match": tags[0]})
    assert same.status_code == 304


def test_no_single_answer_of_a_form_is_shown_to_a_delegate(client, people, course, lets):
    delegate = lets(Part.QUESTIONNAIRES)
    patient = f"/v1/patients/{people.patient.patient_id}"
    one = client.get(f"{patient}/questionnaire-responses/{course}", headers=delegate.headers).json
    (listed,) = client.get(f"{patient}/questionnaire-responses", headers=delegate.headers).json["items"]
    assert one == listed
    assert (one["total"], one["band"], one["complete"]) == (8, "mild", True)
    assert not {"answers", "item_9", "clusters"} & one.keys()


@pytest.mark.usefixtures("course")
def test_no_scale_of_thoughts_of_suicide_is_shown_to_a_delegate(client, people, database, lets):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.score(session, patient, TODAY, instrument="c-ssrs", total=5, lowest=0, highest=5)
    delegate = lets(Part.QUESTIONNAIRES)
    scores = f"/v1/patients/{people.patient.patient_id}/scores"
    for who, shown, status in ((people.clinician, {"c-ssrs", "phq-9"}, 200), (delegate, {"phq-9"}, 403)):
        items = client.get(scores, headers=who.headers).json["items"]
        assert {each["instrument"] for each in items} == shown
        assert client.get(f"{scores}/c-ssrs/{TODAY}", headers=who.headers).status_code == status
    assert "c-ssrs" not in client.get(scores, headers=delegate.headers | {"Accept": "text/csv"}).text


@pytest.mark.usefixtures("course")
def test_a_trend_marks_infusions_and_events_only_where_those_are_shared(client, people, lets):
    patient = f"/v1/patients/{people.patient.patient_id}"
    for parts, marked in (
        ((Part.CHECK_INS,), (0, 0)),
        ((Part.CHECK_INS, Part.INFUSIONS), (1, 0)),
        (tuple(Part), (1, 1)),
    ):
        found = client.get(f"{patient}/trends", headers=lets(*parts).headers).json
        assert (len(found["infusions"]), len(found["events"])) == marked
    # Not the event that only the clinic may see.
    shared = client.get(f"{patient}/events", headers=lets(*Part).headers).json["items"]
    assert [event["visibility"] for event in shared] == ["patient"]


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("form", ["application/json", "text/csv", "image/svg+xml"])
def test_an_answer_that_was_removed_is_not_shown_as_it_was_before(form, client, people, send, lets, clock):
    before = NOW.isoformat().replace("+00:00", "Z")
    clock.shift(3600)
    removed = send("DELETE", f"/v1/patients/me/check-ins/{TODAY}", version=1)
    assert removed.status_code == 204
    delegate = lets(Part.CHECK_INS)
    trends = f"/v1/patients/{people.patient.patient_id}/trends"
    assert client.get(trends, headers=delegate.headers | {"Accept": form}).status_code == 200
    asked = client.get(f"{trends}?as_of={before}", headers=delegate.headers | {"Accept": form})
    assert asked.status_code == 403
    assert client.get(f"{trends}?as_of={before}", headers=people.patient.headers).status_code == 200


@pytest.mark.usefixtures("course")
def test_a_revoked_consent_ends_access_from_the_next_request_on(client, people, send):
    consent = f"/v1/patients/me/consents/{uuid4()}"
    send("PUT", consent, body=AGREED)
    theirs = accept(client, send("POST", f"{consent}/invitations").json["code"])
    days = f"/v1/patients/{people.patient.patient_id}/check-ins"
    assert client.get(days, headers=theirs).status_code == 200
    assert send("PUT", consent, body=AGREED | {"parts": ["costs"]}, version=1).json["version"] == 2
    assert client.get(days, headers=theirs).status_code == 403
    # A clinician may take it back for a patient who asks by telephone; again changes nothing.
    by_clinician = consent.replace("me", str(people.patient.patient_id))
    first, again = (send("POST", f"{by_clinician}/revoke", people.clinician) for _ in range(2))
    assert (first.status_code, first.json["state"], first.json) == (200, "revoked", again.json)
    assert client.get(days, headers=theirs).status_code == 404
    assert client.get("/v1/me/consents", headers=theirs).json == {"items": []}
    stored = send("GET", f"{consent}/revisions").json["items"]
    assert [(one["version"], one["revoked"], one["recorded_by"]) for one in stored] == [
        (1, False, str(people.patient.id)),
        (2, False, str(people.patient.id)),
        (3, True, str(people.clinician.id)),
    ]


@pytest.mark.usefixtures("course")
def test_a_consent_is_valid_until_the_end_of_its_last_day(client, people, lets, clock):
    delegate = lets(Part.CHECK_INS, until=date(2026, 11, 22))
    days = f"/v1/patients/{people.patient.patient_id}/check-ins"
    clock.move_to(datetime(2026, 11, 23, 9, 59, tzinfo=UTC))  # 3:59 in Chicago
    assert client.get(days, headers=delegate.headers).status_code == 200
    clock.move_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert client.get(days, headers=delegate.headers).status_code == 404
    listed = client.get("/v1/patients/me/consents", headers=people.patient.headers).json["items"]
    assert sorted(each["state"] for each in listed) == ["ended", "in_force"]


def test_a_consent_is_stored_once_changed_by_version_and_final_once_revoked(send):
    consent = f"/v1/patients/me/consents/{uuid4()}"
    first, again = (send("PUT", consent, body=AGREED) for _ in range(2))
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    wider = AGREED | {"parts": ["check_ins", "notes"]}
    assert send("PUT", consent, body=wider).status_code == 428
    assert send("PUT", consent, body=wider, version=7).status_code == 412
    assert send("PUT", consent, body=wider, version=1).json["version"] == 2
    send("POST", f"{consent}/revoke")
    refused = send("PUT", consent, body=wider, version=3)
    assert (refused.status_code, faults(refused)) == (409, {("consent_id", "revoked")})
    assert send("POST", f"{consent}/invitations").status_code == 409


def test_an_invalid_consent_is_refused_with_its_field(send):
    for wrong, fault in (
        ({"parts": []}, ("#/parts", "wrong_length")),
        ({"parts": ["notes"]}, ("#/parts", "notes_without_check_ins")),
        ({"parts": ["costs", "costs"]}, ("#/parts", "named_twice")),
        ({"parts": ["outlook"]}, ("#/parts/0", "unknown_part")),
        ({"relation": "boss"}, ("#/relation", "unknown_relation")),
        ({"expires_on": "2026-11-20"}, ("#/expires_on", "already_over")),
        ({"name": ""}, ("#/name", "wrong_length")),
        ({"name": "  "}, ("#/name", "nothing_written")),
        ({"name": "Wren\u202eevil"}, ("#/name", "not_one_line")),
    ):
        answer = send("PUT", f"/v1/patients/me/consents/{uuid4()}", body=AGREED | wrong)
        assert (answer.status_code, faults(answer)) == (422, {fault})
    assert send("GET", "/v1/patients/me/consents").json["items"][0]["name"] == "My sister"


def test_at_most_twenty_consents_are_valid_at_a_time(send, lets):
    lets(Part.COSTS, until=date(2026, 11, 20))  # which is over
    for _ in range(18):
        lets(Part.COSTS)
    assert send("PUT", f"/v1/patients/me/consents/{uuid4()}", body=AGREED).status_code == 201
    refused = send("PUT", f"/v1/patients/me/consents/{uuid4()}", body=AGREED)
    assert (refused.status_code, faults(refused)) == (409, {("consent_id", "too_many")})


def test_a_code_works_once_and_not_after_the_consent_was_revoked(client, send):
    consent = f"/v1/patients/me/consents/{uuid4()}"
    send("PUT", consent, body=AGREED)
    earlier, code = (send("POST", f"{consent}/invitations").json["code"] for _ in range(2))
    body = {
        "email": "brother@delegates.test",
        "password": PASSPHRASE,
        "device": {"device_id": "phone-0002", "name": "Phone"},
    }
    assert client.post(f"/v1/auth/invitations/{earlier}/accept", json=body).status_code == 410
    send("POST", f"{consent}/revoke")
    assert client.post(f"/v1/auth/invitations/{code}/accept", json=body).status_code == 410


def test_a_delegate_adds_another_patient_to_the_account_that_they_have(client, people, send):
    mine, theirs = (f"/v1/patients/me/consents/{uuid4()}" for _ in range(2))
    send("PUT", mine, body=AGREED)
    delegate = accept(client, send("POST", f"{mine}/invitations").json["code"])
    send("PUT", theirs, people.other_patient, AGREED)
    code = send("POST", f"{theirs}/invitations", people.other_patient).json["code"]
    added = client.post("/v1/me/consents", json={"code": code}, headers=delegate)
    assert (added.status_code, added.json["patient_name"]) == (201, "Kit Marlow")
    assert client.post("/v1/me/consents", json={"code": code}, headers=delegate).status_code == 410
    names = [each["patient_name"] for each in client.get("/v1/me/consents", headers=delegate).json["items"]]
    assert names == ["Kit Marlow", "Wren Alder"]
    assert send("GET", theirs, people.other_patient).json["state"] == "in_force"
    for of in (people.patient, people.other_patient):
        assert client.get(f"/v1/patients/{of.patient_id}/check-ins", headers=delegate).status_code == 200


def test_a_code_of_another_kind_or_clinic_is_refused(people, database, send):
    with database.write(people.other_clinic_id) as session:
        account = factories.account(
            session, people.other_clinic_id, Role.DELEGATE, email=None, password_hash=None
        )
        patient = session.get_one(Patient, (people.other_clinic_id, people.strangers_patient.patient_id))
        factories.consent(session, patient, account.id)
        factories.invitation(session, account.id, code="1" * 26)
    with database.write(people.clinic_id) as session:
        member = factories.account(session, people.clinic_id, email=None, password_hash=None)
        factories.invitation(session, member.id, code="2" * 26)
    for code in ("1" * 26, "2" * 26, "3" * 26):
        answer = send("POST", "/v1/me/consents", people.delegate, {"code": code})
        assert (answer.status_code, answer.json["code"]) == (410, "invitation_spent")
