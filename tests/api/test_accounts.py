"""Invitations and devices: a code works once and reveals nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from models.accounts import Account, Invitation
from tests import factories
from tests.api.http.endpoints import PASSPHRASE

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def enrolled(client, people):
    """A patient just enrolled: the path to them."""
    body = {
        "record_number": "LB-7",
        "display_name": "Fern Hollow",
        "time_zone": factories.ZONE,
        "email": "fern@patients.test",
    }
    path = f"/v1/clinics/{people.clinic_id}/patients"
    return f"/v1/patients/{client.post(path, json=body, headers=people.clinician.headers).json['id']}"


@pytest.fixture
def invite(client, people, enrolled):
    """Request a code for the patient."""
    return lambda: client.post(f"{enrolled}/invitations", headers=people.clinician.headers)


@pytest.fixture
def accept(client):
    """Accept an invitation."""

    def accepted(code, **given):
        body = {"password": PASSPHRASE, "device": {"device_id": "phone-0001"}} | given
        return client.post(f"/v1/auth/invitations/{code}/accept", json=body)

    return accepted


def test_a_code_sets_the_password_and_signs_the_phone_in(client, invite, accept):
    made = invite()
    assert (made.status_code, len(made.json["code"])) == (201, 26)
    taken = accept(made.json["code"])
    assert taken.status_code == 201
    result = client.get("/v1/me", headers={"Authorization": f"Bearer {taken.json['access_token']}"}).json
    assert (result["display_name"], result["email"]) == ("Fern Hollow", "fern@patients.test")
    body = {"email": "FERN@patients.test", "password": PASSPHRASE, "device": {"device_id": "phone-0001"}}
    assert client.post("/v1/auth/login", json=body).status_code == 200


def test_a_code_works_once(invite, accept):
    code = invite().json["code"]
    assert accept(code).status_code == 201
    again = accept(code)
    assert (again.status_code, again.json["code"]) == (410, "invitation_spent")


def test_a_new_code_withdraws_the_old(invite, accept):
    old, new = invite().json["code"], invite().json["code"]
    assert accept(old).status_code == 410
    assert accept(new).status_code == 201


def test_a_code_ends_after_an_hour(invite, accept):
    with time_machine.travel(NOON, tick=False) as clock:
        made = invite().json
        assert made["expires_at"] == "2026-11-22T13:00:00+00:00"
        clock.shift(timedelta(minutes=60))
        assert accept(made["code"]).status_code == 410


def test_spent_withdrawn_expired_and_wrong_codes_get_one_answer(invite, accept):
    withdrawn, spent = invite().json["code"], invite().json["code"]
    accept(spent)
    answers = [accept(code) for code in (withdrawn, spent, "0" * 26, "x", "' OR 1=1", "%00")]
    assert {(a.status_code, a.json["code"], a.json["detail"]) for a in answers} == {
        (410, "invitation_spent", answers[0].json["detail"])
    }


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: "-".join(code[at : at + 5] for at in range(0, 26, 5)),
        lambda code: f" {code[:13]} {code[13:]} ",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "o").replace("1", "I"),
    ],
)
def test_a_code_may_be_typed_as_people_type(typed, accept, people, database):
    code = "01AB01CD01EF01GH01JK01MN01"
    with database.write() as session:
        account = factories.account(session, people.clinic_id, email=None, password_hash=None)
        factories.invitation(session, account.id, code)
    assert accept(typed(code)).status_code == 201


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "wrong_length"),
        ("fourteen chars", "wrong_length"),
        ("x" * 201, "wrong_length"),
        ("passwordpassword", "guessable"),
        ("aaaaaaaaaaaaaaaaaaaa", "guessable"),
        ("fern@patients.test", "guessable"),
        ("hollow.fern.fern", "guessable"),
        ("123456789012345", "guessable"),
    ],
)
def test_a_weak_password_is_refused_by_name_and_leaves_the_code_good(password, code, invite, accept):
    invitation = invite().json["code"]
    refused = accept(invitation, password=password, email="fern@patients.test")
    assert refused.status_code == 422
    assert [(error["pointer"], error["code"]) for error in refused.json["errors"]] == [("#/password", code)]
    assert accept(invitation).status_code == 201


@pytest.mark.parametrize(
    "password",
    ["seven green herons " * 10, "пять тихих рек текут на север", "🌊🪶🫐🪵🌾🦉🧭🪨🌙🍁🪁🫖🧵🪴🛶"],
)
def test_long_and_non_latin_passwords_count_in_full(password, client, invite, accept):
    assert accept(invite().json["code"], password=password).status_code == 201
    device = {"device_id": "phone-0001"}
    for sent, status in ((password, 200), (password[:-1], 401)):
        body = {"email": "fern@patients.test", "password": sent, "device": device}
        assert client.post("/v1/auth/login", json=body).status_code == status


def test_an_address_in_use_is_refused_without_revealing_by_whom(invite, accept, people):
    code = invite().json["code"]
    for person in (people.clinician, people.strangers_patient):
        refused = accept(code, email=person.email.upper())
        assert (refused.status_code, refused.json["errors"]) == (
            409,
            [
                {
                    "pointer": "#/email",
                    "code": "taken",
                    "detail": "This e-mail address cannot be used: send another.",
                }
            ],
        )
    assert accept(code, email="other@patients.test").status_code == 201


def test_an_account_without_an_address_asks_for_one(people, accept, database):
    with database.write() as session:
        account = factories.account(
            session, people.clinic_id, email=None, invited_email=None, password_hash=None
        )
        factories.invitation(session, account.id)
    refused = accept(factories.INVITATION_CODE)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/email")
    assert accept(factories.INVITATION_CODE, email="new@patients.test").status_code == 201


def test_an_account_with_a_password_is_not_invited_again(client, people):
    path = f"/v1/patients/{people.patient.patient_id}/invitations"
    refused = client.post(path, headers=people.clinician.headers)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "already_accepted")


def test_neither_code_nor_password_is_stored(invite, accept, database):
    code = invite().json["code"]
    accept(code)
    with database.read() as session:
        stored = [row.code_hash for row in session.scalars(select(Invitation))]
        hashes = [row.password_hash for row in session.scalars(select(Account))]
    assert code not in stored
    assert all(found.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for found in hashes if found)


def test_a_person_sees_their_devices_and_signs_one_out(client, people):
    body = {"email": people.patient.email, "password": factories.PASSWORD}
    device = {"device_id": "tablet-0001", "name": "Kitchen tablet"}
    tablet = client.post("/v1/auth/login", json={**body, "device": device}).json
    items = client.get("/v1/me/devices", headers=people.patient.headers).json["items"]
    assert {item["name"] for item in items} == {"Kitchen tablet", "Pocket phone"}
    (found,) = [item["sign_in_id"] for item in items if item["device_id"] == "tablet-0001"]
    for _ in range(2):
        answer = client.delete(f"/v1/me/devices/{found}", headers=people.patient.headers)
        assert answer.status_code == 204
    held = {"Authorization": f"Bearer {tablet['access_token']}"}
    assert client.get("/v1/me", headers=held).status_code == 401
    items = client.get("/v1/me/devices", headers=people.patient.headers).json["items"]
    assert [item["name"] for item in items] == ["Pocket phone"]


def test_an_admin_signs_a_lost_phone_out(client, people):
    path = f"/v1/patients/{people.patient.patient_id}/devices"
    (item,) = client.get(path, headers=people.admin.headers).json["items"]
    assert client.delete(f"{path}/{item['sign_in_id']}", headers=people.admin.headers).status_code == 204
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 401


def test_a_device_of_another_account_cannot_be_signed_out(client, people):
    for theirs in (people.other_patient.sign_in_id, people.clinician.sign_in_id, uuid4()):
        answer = client.delete(f"/v1/me/devices/{theirs}", headers=people.patient.headers)
        assert answer.status_code == 404
        path = f"/v1/patients/{people.patient.patient_id}/devices/{theirs}"
        assert client.delete(path, headers=people.admin.headers).status_code == 404
    assert client.get("/v1/me", headers=people.other_patient.headers).status_code == 200
