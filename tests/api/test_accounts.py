"""Invitations and devices: a code works once and reveals nothing else."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from models.accounts import Account, Invitation
from models.consents import Consent
from models.patients import Patient
from services.access import Role
from tests import factories
from tests.api.http.endpoints import PASSPHRASE
from tests.people import signed_in

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
    again = accept(code, device={"device_id": "tablet-0002"})
    assert (again.status_code, again.json["code"]) == (410, "invitation_spent")


def test_a_new_code_withdraws_the_old(invite, accept):
    old, new = invite().json["code"], invite().json["code"]
    assert accept(old).status_code == 410
    assert accept(new).status_code == 201


@pytest.mark.parametrize("hours", [None, 1, 168])
def test_a_patients_code_lasts_as_long_as_the_clinic_sets(hours, invite, accept, client, people):
    if hours is not None:
        path = f"/v1/clinics/{people.clinic_id}/settings"
        headers = people.admin.headers | {"If-Match": '"v1"'}
        assert client.patch(path, json={"invitation_hours": hours}, headers=headers).status_code == 200
    lasting = timedelta(hours=hours or 24)
    with time_machine.travel(NOON, tick=False) as clock:
        made = invite().json
        assert made["expires_at"] == (NOON + lasting).isoformat()
        clock.shift(lasting - timedelta(seconds=1))
        assert accept(made["code"]).status_code == 201
        made = invite().json
        clock.shift(lasting)
        assert accept(made["code"], device={"device_id": "phone-0002"}).status_code == 410


@pytest.mark.parametrize("hours", [0, 169, 2.5, "24"])
def test_no_code_lasts_longer_than_a_week(hours, client, people):
    path = f"/v1/clinics/{people.clinic_id}/settings"
    headers = people.admin.headers | {"If-Match": '"v1"'}
    refused = client.patch(path, json={"invitation_hours": hours}, headers=headers)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/invitation_hours")


def test_a_code_that_resets_lasts_an_hour_at_most(client, people, app):
    app.extensions["settings"] = replace(app.extensions["settings"], invitation_minutes=10_080)
    staff = f"/v1/clinics/{people.clinic_id}/staff/{people.clinician.id}/invitations"
    patient = f"/v1/patients/{people.patient.patient_id}/invitations"
    with time_machine.travel(NOON, tick=False):
        for path, who in ((staff, people.admin), (patient, people.clinician)):
            assert client.post(path, headers=who.headers).json["expires_at"] == "2026-11-22T13:00:00+00:00"


def test_spent_withdrawn_expired_and_wrong_codes_get_one_answer(invite, accept):
    withdrawn, spent = invite().json["code"], invite().json["code"]
    accept(spent)
    other = {"device_id": "tablet-0002"}
    answers = [accept(code, device=other) for code in (withdrawn, spent, "0" * 26, "x", "' OR 1=1", "%00")]
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


def test_the_address_of_the_invitation_is_no_password_although_it_was_not_sent(client, people, accept):
    path, headers = f"/v1/clinics/{people.clinic_id}/staff", people.admin.headers
    body = {"email": "quillmere@zephyr.test", "display_name": "Fern Hollow", "roles": ["nurse"]}
    member = client.post(path, json=body, headers=headers).json["id"]
    code = client.post(f"{path}/{member}/invitations", headers=headers).json["code"]
    refused = accept(code, password="quillmere@zephyr.test")
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "guessable")


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


def test_a_code_for_somebody_who_has_a_password_is_a_reset(client, people, accept):
    path = f"/v1/patients/{people.patient.patient_id}/invitations"
    code = client.post(path, headers=people.clinician.headers).json["code"]
    # Until the code is used, the old password and the devices go on.
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 200
    taken = accept(code)
    assert taken.status_code == 201
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 401
    body = {"email": people.patient.email, "device": {"device_id": "phone-0001"}}
    for password, status in ((factories.PASSWORD, 401), (PASSPHRASE, 200)):
        assert client.post("/v1/auth/login", json=body | {"password": password}).status_code == status


def test_only_the_care_team_resets_a_patients_account(client, people, app, database):
    with database.write() as session:
        desk = factories.account(session, people.clinic_id, Role.FRONT_DESK).id
        signed = signed_in(app, session, "front_desk", desk)
    path = f"/v1/patients/{people.patient.patient_id}/invitations"
    for who in (people.admin, signed):
        refused = client.post(path, headers=who.headers)
        assert (refused.status_code, refused.json["required_roles"]) == (403, ["clinician", "nurse"])


def test_an_admin_resets_a_member_of_staff(client, people, accept):
    path = f"/v1/clinics/{people.clinic_id}/staff/{people.clinician.id}/invitations"
    code = client.post(path, headers=people.admin.headers).json["code"]
    assert accept(code, email="robin@elsewhere.test").status_code == 201
    assert client.get("/v1/me", headers=people.clinician.headers).status_code == 401


def test_an_acceptance_whose_answer_was_lost_is_answered_again_on_that_device(client, invite, accept):
    code = invite().json["code"]
    first, again = accept(code), accept(code)
    assert (first.status_code, again.status_code) == (201, 201)
    for other in ({"device": {"device_id": "phone-0002"}}, {"password": "another seven lamps at sea"}):
        assert accept(code, **other).status_code == 410
    # One device has one entry, and the first answer's tokens are those of the sign-in before.
    headers = {"Authorization": f"Bearer {again.json['access_token']}"}
    assert len(client.get("/v1/me/devices", headers=headers).json["items"]) == 1


def test_a_password_is_changed_by_whoever_knows_it_and_other_devices_are_signed_out(client, people):
    body = {"email": people.patient.email, "password": factories.PASSWORD}
    tablet = client.post("/v1/auth/login", json=body | {"device": {"device_id": "tablet-0001"}}).json
    change = {"current_password": "not this one at all", "password": PASSPHRASE}
    refused = client.put("/v1/me/password", json=change, headers=people.patient.headers)
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_credentials")
    change["current_password"] = factories.PASSWORD
    weak = client.put("/v1/me/password", json=change | {"password": "short"}, headers=people.patient.headers)
    assert weak.json["errors"][0]["pointer"] == "#/password"
    assert client.put("/v1/me/password", json=change, headers=people.patient.headers).status_code == 204
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 200
    held = {"Authorization": f"Bearer {tablet['access_token']}"}
    assert client.get("/v1/me", headers=held).status_code == 401
    device = {"device": {"device_id": "phone-0001"}}
    assert client.post("/v1/auth/login", json=body | device).status_code == 401
    assert client.post("/v1/auth/login", json=body | device | {"password": PASSPHRASE}).status_code == 200


def test_tries_at_the_present_password_are_throttled(client, people):
    change = {"current_password": "not this one at all", "password": PASSPHRASE}
    answers = [client.put("/v1/me/password", json=change, headers=people.patient.headers) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]


def test_an_address_is_changed_in_any_spelling_and_never_to_somebody_elses(client, people, invite):
    invite()
    change = {"current_password": factories.PASSWORD}
    for theirs in (people.clinician.email.upper(), "fern@patients.test"):
        body = change | {"email": theirs}
        refused = client.put("/v1/me/email", json=body, headers=people.patient.headers)
        assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "taken")
    body = change | {"email": " New@Patients.test "}
    assert client.put("/v1/me/email", json=body, headers=people.patient.headers).status_code == 204
    login = {
        "email": "NEW@patients.test ",
        "password": factories.PASSWORD,
        "device": {"device_id": "phone-0001"},
    }
    assert client.post("/v1/auth/login", json=login).status_code == 200


def test_a_password_counts_the_same_however_its_accents_are_composed(client, invite, accept):
    assert accept(invite().json["code"], password="Zürich hat sieben Brücken").status_code == 201
    decomposed = unicodedata.normalize("NFD", "Zürich hat sieben Brücken")
    body = {"email": "fern@patients.test", "password": decomposed, "device": {"device_id": "phone-0009"}}
    assert client.post("/v1/auth/login", json=body).status_code == 200


def test_a_weak_password_says_nothing_about_addresses(invite, accept, people):
    code = invite().json["code"]
    answers = [accept(code, email=email, password="short") for email in (people.clinician.email, "x@y.test")]
    assert [(each.status_code, each.json["errors"][0]["code"]) for each in answers] == [
        (422, "wrong_length")
    ] * 2


def test_tries_at_a_code_are_counted(invite, accept, people):
    code = invite().json["code"]
    answers = [accept(code, email=people.clinician.email).status_code for _ in range(11)]
    assert answers == [409] * 10 + [429]


def test_a_disabled_account_enabled_again_has_no_old_sign_ins(client, people):
    path = f"/v1/clinics/{people.clinic_id}/staff/{people.clinician.id}"
    for disabled, version in ((True, 1), (False, 2)):
        headers = people.admin.headers | {"If-Match": f'"v{version}"'}
        assert client.patch(path, json={"disabled": disabled}, headers=headers).status_code == 200
    assert client.get("/v1/me", headers=people.clinician.headers).status_code == 401


def test_the_last_admin_who_can_sign_in_stays(client, people, database):
    with database.write() as session:
        factories.account(session, people.clinic_id, Role.ADMIN, password_hash=None)
    path = f"/v1/clinics/{people.clinic_id}/staff/{people.admin.id}"
    headers = people.admin.headers | {"If-Match": '"v1"'}
    refused = client.patch(path, json={"roles": ["clinician"]}, headers=headers)
    assert refused.json["errors"][0]["code"] == "last_admin"


def test_an_admin_corrects_a_name_and_an_address(client, people):
    path = f"/v1/clinics/{people.clinic_id}/staff/{people.clinician.id}"
    headers = people.admin.headers | {"If-Match": '"v1"'}
    body = {"display_name": "Robin Ash", "email": "Robin@Clinic.example"}
    changed = client.patch(path, json=body, headers=headers)
    assert (changed.status_code, changed.json["display_name"]) == (200, "Robin Ash")
    login = {"email": "robin@clinic.example", "password": factories.PASSWORD}
    answer = client.post("/v1/auth/login", json=login | {"device": {"device_id": "phone-0001"}})
    assert answer.status_code == 200


@pytest.mark.usefixtures("hashes_of_production")
def test_neither_code_nor_password_is_stored(invite, accept, database):
    code = invite().json["code"]
    accept(code)
    with database.read() as session:
        stored = [row.code_hash for row in session.scalars(select(Invitation))]
        hashes = [row.password_hash for row in session.scalars(select(Account))]
    assert code not in stored
    (new,) = {found for found in hashes if found} - {factories.PASSWORD_HASH}
    assert new.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


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


@pytest.mark.parametrize("who", ["admin", "clinician"])
def test_the_clinic_signs_a_lost_phone_out(who, client, people):
    headers = getattr(people, who).headers
    path = f"/v1/patients/{people.patient.patient_id}/devices"
    (item,) = client.get(path, headers=headers).json["items"]
    assert client.delete(f"{path}/{item['sign_in_id']}", headers=headers).status_code == 204
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 401


def test_a_device_of_another_account_cannot_be_signed_out(client, people):
    for theirs in (people.other_patient.sign_in_id, people.clinician.sign_in_id, uuid4()):
        answer = client.delete(f"/v1/me/devices/{theirs}", headers=people.patient.headers)
        assert answer.status_code == 404
        path = f"/v1/patients/{people.patient.patient_id}/devices/{theirs}"
        assert client.delete(path, headers=people.admin.headers).status_code == 404
    assert client.get("/v1/me", headers=people.other_patient.headers).status_code == 200


def account_path(person):
    return f"/v1/patients/{person.patient_id}/account"


def change(client, path, who, version, *, disabled):
    headers = who.headers | {"If-Match": f'"v{version}"'}
    return client.patch(path, json={"disabled": disabled}, headers=headers)


def refresh(client, token, device="phone-0001"):
    form = {"grant_type": "refresh_token", "refresh_token": token, "device_id": device}
    return client.post("/oauth/token", data=form)


@pytest.mark.parametrize("who", ["clinician", "admin"])
def test_a_disabled_patients_phone_gets_account_disabled_and_the_record_stays(who, client, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.check_in(session, patient, NOON.date())
    body = {"email": people.patient.email, "password": factories.PASSWORD}
    signed = client.post("/v1/auth/login", json=body | {"device": {"device_id": "phone-0001"}}).json
    path, staff = account_path(people.patient), getattr(people, who)
    found = client.get(path, headers=staff.headers)
    assert (found.json["signed_up"], found.json["disabled"], found.headers["ETag"]) == (True, False, '"v1"')
    changed = change(client, path, staff, 1, disabled=True)
    assert (changed.status_code, changed.json["disabled"], changed.json["version"]) == (200, True, 2)
    held = {"Authorization": f"Bearer {signed['access_token']}"}
    for headers in (held, people.patient.headers):
        shown = client.get("/v1/me", headers=headers)
        assert (shown.status_code, shown.json["code"]) == (401, "account_disabled")
        assert 'error="invalid_token"' in shown.headers["WWW-Authenticate"]
    refused = refresh(client, signed["refresh_token"])
    assert (refused.status_code, refused.json["code"], refused.json["error"]) == (
        400,
        "account_disabled",
        "invalid_grant",
    )
    # At sign-in nobody learns which addresses are disabled.
    wrong = client.post("/v1/auth/login", json=body | {"device": {"device_id": "phone-0001"}})
    assert (wrong.status_code, wrong.json["code"]) == (401, "wrong_credentials")
    days = client.get(f"/v1/patients/{people.patient.patient_id}/check-ins", headers=people.clinician.headers)
    assert [each["local_date"] for each in days.json["items"]] == ["2026-11-22"]


def test_enabling_revives_neither_sign_ins_nor_codes(client, people, accept):
    body = {"email": people.patient.email, "password": factories.PASSWORD}
    signed = client.post("/v1/auth/login", json=body | {"device": {"device_id": "phone-0001"}}).json
    invitations = f"/v1/patients/{people.patient.patient_id}/invitations"
    code = client.post(invitations, headers=people.clinician.headers).json["code"]
    path = account_path(people.patient)
    assert change(client, path, people.clinician, 1, disabled=True).status_code == 200
    refused = client.post(invitations, headers=people.clinician.headers)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "disabled")
    assert change(client, path, people.clinician, 2, disabled=False).status_code == 200
    assert accept(code).status_code == 410
    held = {"Authorization": f"Bearer {signed['access_token']}"}
    shown = client.get("/v1/me", headers=held)
    assert (shown.status_code, shown.json["code"]) == (401, "unauthenticated")
    assert refresh(client, signed["refresh_token"]).json["code"] == "token_refused"
    assert (
        client.post("/v1/auth/login", json=body | {"device": {"device_id": "phone-0001"}}).status_code == 200
    )


def test_a_change_of_an_account_names_the_version_it_changes(client, people):
    path = account_path(people.patient)
    asked = client.patch(path, json={"disabled": True}, headers=people.clinician.headers)
    assert (asked.status_code, asked.json["current"]["version"]) == (428, 1)
    assert change(client, path, people.clinician, 7, disabled=True).status_code == 412


def test_a_clinician_disables_a_delegate(client, people, database):
    with database.read(people.clinic_id) as session:
        query = select(Consent.id).where(Consent.account_id == people.delegate.id)
        consent_id = session.scalar(query)
    path = f"/v1/patients/{people.patient.patient_id}/consents/{consent_id}/account"
    assert client.get(path, headers=people.clinician.headers).json["disabled"] is False
    assert change(client, path, people.clinician, 1, disabled=True).json["disabled"] is True
    shown = client.get("/v1/me/consents", headers=people.delegate.headers)
    assert (shown.status_code, shown.json["code"]) == (401, "account_disabled")
    assert change(client, path, people.clinician, 2, disabled=False).status_code == 200
    assert client.get("/v1/me/consents", headers=people.delegate.headers).status_code == 401


def test_a_code_that_somebody_else_took_up_is_undone(client, invite, accept, people, enrolled):
    """The clinic takes the account back at once, and the right person accepts another code."""
    theirs = {"email": "somebody.else@patients.test", "device": {"device_id": "other-0001"}}
    held = accept(invite().json["code"], **theirs).json
    pending = invite().json["code"]
    undone = client.post(f"{enrolled}/account/undo-acceptance", headers=people.clinician.headers)
    assert undone.status_code == 204
    headers = {"Authorization": f"Bearer {held['access_token']}"}
    assert client.get("/v1/me", headers=headers).status_code == 401
    assert refresh(client, held["refresh_token"], "other-0001").status_code == 400
    login = {"email": theirs["email"], "password": PASSPHRASE, "device": theirs["device"]}
    assert client.post("/v1/auth/login", json=login).status_code == 401
    assert accept(pending, **theirs).status_code == 410
    right = accept(invite().json["code"], password="four quiet rivers meet here")
    assert right.status_code == 201
    me = client.get("/v1/me", headers={"Authorization": f"Bearer {right.json['access_token']}"}).json
    assert me["email"] == "fern@patients.test"
    assert client.post("/v1/auth/login", json=login).status_code == 401


def test_an_account_that_was_in_use_is_invited_again_by_the_care_team_alone(
    client, people, invite, accept, enrolled, app, database
):
    """With a code the front desk could read what the patient answered before it was undone."""
    accept(invite().json["code"])
    undone = client.post(f"{enrolled}/account/undo-acceptance", headers=people.clinician.headers)
    assert undone.status_code == 204
    with database.write() as session:
        account = factories.account(session, people.clinic_id, Role.FRONT_DESK).id
        desk = signed_in(app, session, "desk", account)
    refused = client.post(f"{enrolled}/invitations", headers=desk.headers)
    assert (refused.status_code, refused.json["required_roles"]) == (403, ["clinician", "nurse"])
    assert invite().status_code == 201


def test_accepting_another_code_ends_the_sign_ins_and_the_password_of_the_first_one(client, invite, accept):
    first = accept(invite().json["code"], device={"device_id": "other-0001"}).json
    again = accept(invite().json["code"], email="fern@right.test", password="four quiet rivers meet here")
    assert again.status_code == 201
    headers = {"Authorization": f"Bearer {first['access_token']}"}
    assert client.get("/v1/me", headers=headers).status_code == 401
    assert refresh(client, first["refresh_token"], "other-0001").status_code == 400
    for email in ("fern@patients.test", "fern@right.test"):
        login = {"email": email, "password": PASSPHRASE, "device": {"device_id": "other-0001"}}
        assert client.post("/v1/auth/login", json=login).status_code == 401


def test_an_admin_takes_a_members_account_back_and_the_last_admin_stays(client, people):
    path = f"/v1/clinics/{people.clinic_id}/staff"
    undone = client.post(f"{path}/{people.clinician.id}/undo-acceptance", headers=people.admin.headers)
    assert undone.status_code == 204
    assert client.get("/v1/me", headers=people.clinician.headers).status_code == 401
    refused = client.post(f"{path}/{people.admin.id}/undo-acceptance", headers=people.admin.headers)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "last_admin")


WRONG = "not the password"


def tried(client, email, password=WRONG, device="phone-0001", **more):
    body = {"email": email, "password": password, "device": {"device_id": device}}
    return client.post("/v1/auth/login", json=body | more)


@pytest.mark.parametrize("who", ["front_desk", "clinician", "nurse", "admin"])
def test_the_clinic_lifts_the_throttle_of_a_patient(who, client, people, app, database):
    known = tried(client, people.patient.email, factories.PASSWORD).json["device_token"]
    for more in ({}, {"device_token": known}):
        answers = [tried(client, people.patient.email, **more) for _ in range(11)]
        assert answers[-1].status_code == 429
    with database.write() as session:
        account = factories.account(session, people.clinic_id, Role(who)).id
        staff = signed_in(app, session, who, account)
    path = f"/v1/patients/{people.patient.patient_id}/sign-in-throttle"
    assert client.delete(path, headers=staff.headers).status_code == 204
    assert tried(client, people.patient.email, device="new-phone-1").status_code == 401
    assert tried(client, people.patient.email, factories.PASSWORD, device_token=known).status_code == 200


def test_the_front_desk_lifts_the_throttle_of_a_colleague_and_of_nobody_elsewhere(
    client, people, app, database
):
    with database.write() as session:
        desk = signed_in(
            app, session, "desk", factories.account(session, people.clinic_id, Role.FRONT_DESK).id
        )
    for _ in range(11):
        tried(client, people.clinician.email)
        tried(client, people.stranger.email)
    path = f"/v1/clinics/{people.clinic_id}/staff"
    lifted = client.delete(f"{path}/{people.clinician.id}/sign-in-throttle", headers=desk.headers)
    assert lifted.status_code == 204
    assert tried(client, people.clinician.email, factories.PASSWORD).status_code == 200
    for theirs in (people.stranger.id, uuid4(), people.patient.id):
        refused = client.delete(f"{path}/{theirs}/sign-in-throttle", headers=desk.headers)
        assert refused.status_code == 404
    refused = client.delete(
        f"/v1/patients/{people.strangers_patient.patient_id}/sign-in-throttle", headers=desk.headers
    )
    assert refused.status_code == 404
    assert tried(client, people.stranger.email, factories.PASSWORD).status_code == 429
