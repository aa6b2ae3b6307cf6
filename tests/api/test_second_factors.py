"""A second factor: a code works once, is asked for wherever a password is, and can be lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from api import create_app
from cli.worker import outbound_config, replace_seed_key
from models.accounts import Account
from models.second_factors import RecoveryCode, SecondFactor
from tests import factories

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHORT = "otter-7-quartz"
"""Fourteen characters: enough beside a second factor."""
LONG = "seven otters juggle umbrellas"


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def code_of(secret, ahead=0):
    """The code of the app that many steps from now."""
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * ahead))


def start(client, who, password=factories.PASSWORD):
    return client.post("/v1/me/second-factor", json={"current_password": password}, headers=who.headers)


def confirm(client, who, code):
    return client.post("/v1/me/second-factor/confirm", json={"totp_code": code}, headers=who.headers)


def sign_in(client, who, password=factories.PASSWORD, device="phone-0001", **codes):
    body = {"email": who.email, "password": password, "device": {"device_id": device}}
    return client.post("/v1/auth/login", json=body | codes)


def remove(client, who, password=factories.PASSWORD, **codes):
    body = {"current_password": password} | codes
    return client.post("/v1/me/second-factor/remove", json=body, headers=who.headers)


@pytest.fixture
def enrol(client, at_noon):
    """Set a second factor up, half a minute ago; return the secret and the recovery codes."""

    def enrolled(who):
        secret = start(client, who).json["secret"]
        codes = confirm(client, who, code_of(secret)).json["recovery_codes"]
        at_noon.shift(timedelta(seconds=30))
        return secret, codes

    return enrolled


@pytest.mark.usefixtures("at_noon")
def test_the_secret_is_shown_once_and_is_in_use_once_confirmed(client, people):
    who = people.clinician
    tablet = sign_in(client, who, device="tablet-001").json["access_token"]
    refused = start(client, who, "not the password")
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_credentials")
    started = start(client, who)
    secret, uri = started.json["secret"], started.json["otpauth_uri"]
    assert started.status_code == 201
    assert uri.startswith("otpauth://totp/Afterglow:")
    assert f"secret={secret}" in uri
    assert sign_in(client, who).status_code == 200
    other = confirm(client, who, code_of(secret, 5))
    assert (other.status_code, other.json["code"]) == (401, "wrong_second_factor")
    done = confirm(client, who, code_of(secret))
    assert (done.status_code, len(set(done.json["recovery_codes"]))) == (200, 10)
    state = client.get("/v1/me/second-factor", headers=who.headers).json
    assert (state["enabled"], state["recovery_codes_left"], state["required"]) == (True, 10, False)
    assert "secret" not in state
    # Other devices are signed out, this one is not.
    assert client.get("/v1/me", headers={"Authorization": f"Bearer {tablet}"}).status_code == 401
    for again in (start(client, who), confirm(client, who, code_of(secret, 1))):
        assert again.status_code == 409


def test_a_sign_in_asks_for_a_code_that_works_once(client, people, enrol, at_noon):
    secret, _ = enrol(people.patient)
    asked = sign_in(client, people.patient)
    assert (asked.status_code, asked.json["code"]) == (401, "second_factor_required")
    assert "WWW-Authenticate" in asked.headers
    code = code_of(secret)
    assert sign_in(client, people.patient, totp_code=code).status_code == 200
    again = sign_in(client, people.patient, totp_code=code)
    assert (again.status_code, again.json["code"]) == (401, "wrong_second_factor")
    # Nor does an earlier one, although it is within the window.
    assert sign_in(client, people.patient, totp_code=code_of(secret, -1)).status_code == 401
    at_noon.shift(timedelta(seconds=30))
    assert sign_in(client, people.patient, totp_code=code_of(secret)).status_code == 200


def test_the_code_of_the_confirmation_is_used_up(client, people, at_noon):
    secret = start(client, people.patient).json["secret"]
    code = code_of(secret)
    assert confirm(client, people.patient, code).status_code == 200
    assert sign_in(client, people.patient, totp_code=code).status_code == 401
    at_noon.shift(timedelta(seconds=30))
    assert sign_in(client, people.patient, totp_code=code_of(secret)).status_code == 200


@pytest.mark.parametrize(("ahead", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_a_clock_may_differ_by_one_step(ahead, status, client, people, enrol, at_noon):
    secret, _ = enrol(people.patient)
    at_noon.shift(timedelta(minutes=5))
    assert sign_in(client, people.patient, totp_code=code_of(secret, ahead)).status_code == status


def test_a_clock_that_was_far_ahead_shuts_nobody_out(client, people, enrol, at_noon):
    secret, _ = enrol(people.patient)
    at_noon.shift(timedelta(days=40))
    assert sign_in(client, people.patient, totp_code=code_of(secret)).status_code == 200
    at_noon.shift(timedelta(days=-40))
    code = code_of(secret)
    assert sign_in(client, people.patient, totp_code=code).status_code == 200
    assert sign_in(client, people.patient, totp_code=code).status_code == 401


def test_of_two_who_send_one_code_at_once_one_signs_in(app, people, enrol):
    secret, _ = enrol(people.patient)
    code = code_of(secret)

    def send(number):
        return sign_in(app.test_client(), people.patient, device=f"phone-000{number}", totp_code=code)

    with ThreadPoolExecutor(4) as pool:
        found = sorted(answer.status_code for answer in pool.map(send, range(4)))
    assert found == [200, 401, 401, 401]


def test_a_wrong_password_reveals_no_second_factor(client, people, enrol):
    enrol(people.patient)
    answers = [sign_in(client, who, "wrong password") for who in (people.patient, people.other_patient)]
    assert [(each.status_code, each.json["code"]) for each in answers] == [(401, "wrong_credentials")] * 2


def test_tries_at_the_second_factor_are_throttled_and_a_known_device_is_not_shut_out(client, people, enrol):
    known = sign_in(client, people.patient).json["device_token"]
    secret, _ = enrol(people.patient)
    answers = [sign_in(client, people.patient, device="stranger-1", totp_code="000000") for _ in range(6)]
    assert [each.status_code for each in answers] == [401] * 5 + [429]
    stranger = sign_in(client, people.patient, device="stranger-1", totp_code=code_of(secret))
    assert stranger.status_code == 429
    mine = sign_in(client, people.patient, device_token=known, totp_code=code_of(secret))
    assert mine.status_code == 200


def test_the_clinic_lifts_that_throttle_too(client, people, enrol):
    secret, _ = enrol(people.patient)
    for _ in range(6):
        sign_in(client, people.patient, totp_code="000000")
    path = f"/v1/patients/{people.patient.patient_id}/sign-in-throttle"
    assert client.delete(path, headers=people.clinician.headers).status_code == 204
    assert sign_in(client, people.patient, totp_code=code_of(secret)).status_code == 200


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: f"{code[:13]} {code[13:]}"])
def test_a_recovery_code_works_once(typed, client, people, enrol):
    _, codes = enrol(people.patient)
    assert sign_in(client, people.patient, recovery_code=typed(codes[3])).status_code == 200
    again = sign_in(client, people.patient, recovery_code=codes[3])
    assert (again.status_code, again.json["code"]) == (401, "wrong_second_factor")
    left = client.get("/v1/me/second-factor", headers=people.patient.headers).json["recovery_codes_left"]
    assert left == 9


def test_a_recovery_code_of_somebody_else_is_worth_nothing(client, people, enrol):
    _, theirs = enrol(people.other_patient)
    enrol(people.patient)
    assert sign_in(client, people.patient, recovery_code=theirs[0]).status_code == 401


@pytest.mark.parametrize(
    ("codes", "pointer"),
    [
        ({"totp_code": "12345"}, "#/totp_code"),
        ({"totp_code": "1234567"}, "#/totp_code"),
        ({"totp_code": "١٢٣٤٥٦"}, "#/totp_code"),
        ({"totp_code": 123456}, "#/totp_code"),
        ({"totp_code": "123456", "recovery_code": "x"}, "#/recovery_code"),
        ({"recovery_code": "x" * 65}, "#/recovery_code"),
    ],
)
def test_what_is_no_code_is_refused_by_name(codes, pointer, client, people):
    refused = sign_in(client, people.patient, **codes)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_with_a_second_factor_a_password_may_be_short(client, people, enrol, at_noon):
    change = {"current_password": factories.PASSWORD, "password": SHORT}
    for short, status in ((SHORT, 422), ("otter-7", 422)):
        refused = client.put(
            "/v1/me/password", json=change | {"password": short}, headers=people.patient.headers
        )
        assert refused.status_code == status
    secret, _ = enrol(people.patient)
    assert client.put("/v1/me/password", json=change, headers=people.patient.headers).status_code == 204
    refused = remove(client, people.patient, SHORT, totp_code=code_of(secret))
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "password_too_short")
    longer = {"current_password": SHORT, "password": LONG}
    assert client.put("/v1/me/password", json=longer, headers=people.patient.headers).status_code == 204
    at_noon.shift(timedelta(seconds=30))
    assert remove(client, people.patient, LONG, totp_code=code_of(secret)).status_code == 204
    assert sign_in(client, people.patient, LONG).status_code == 200


def test_a_removal_needs_the_password_and_a_code(client, people, enrol):
    secret, codes = enrol(people.clinician)
    tablet = sign_in(client, people.clinician, device="tablet-001", totp_code=code_of(secret)).json
    assert (
        remove(client, people.clinician, "wrong", recovery_code=codes[0]).json["code"] == "wrong_credentials"
    )
    assert remove(client, people.clinician).json["code"] == "second_factor_required"
    assert remove(client, people.clinician, totp_code="000000").json["code"] == "wrong_second_factor"
    assert remove(client, people.clinician, recovery_code=codes[0]).status_code == 204
    held = {"Authorization": f"Bearer {tablet['access_token']}"}
    assert client.get("/v1/me", headers=held).status_code == 401
    assert sign_in(client, people.clinician).status_code == 200
    assert remove(client, people.clinician).status_code == 404


def test_a_clinic_that_requires_one_lets_staff_do_nothing_else_before(client, people, at_noon):
    path = f"/v1/clinics/{people.clinic_id}/settings"
    headers = people.admin.headers | {"If-Match": '"v1"'}
    changed = client.patch(path, json={"staff_second_factor": "required"}, headers=headers)
    assert (changed.status_code, changed.json["staff_second_factor"]) == (200, "required")
    for who in (people.clinician, people.admin):
        refused = client.get(path, headers=who.headers)
        assert (refused.status_code, refused.json["code"]) == (403, "second_factor_missing")
        assert client.get("/v1/me", headers=who.headers).status_code == 200
        assert client.get("/v1/me/second-factor", headers=who.headers).json["required"] is True
    # Patients, delegates and other clinics go on.
    for who in (people.patient, people.stranger):
        assert client.get("/v1/me/devices", headers=who.headers).status_code == 200
    assert client.get("/v1/me/consents", headers=people.delegate.headers).status_code == 200
    secret = start(client, people.admin).json["secret"]
    assert confirm(client, people.admin, code_of(secret)).status_code == 200
    assert client.get(path, headers=people.admin.headers).status_code == 200
    at_noon.shift(timedelta(seconds=30))
    assert remove(client, people.admin, totp_code=code_of(secret)).status_code == 204
    assert client.get(path, headers=people.admin.headers).status_code == 403


def test_neither_a_code_of_the_clinic_nor_one_by_mail_goes_around_it(
    client, people, enrol, at_noon, database
):
    secret, _ = enrol(people.patient)
    path = f"/v1/patients/{people.patient.patient_id}/invitations"
    code = client.post(path, headers=people.clinician.headers).json["code"]
    body = {"password": LONG, "device": {"device_id": "phone-0002"}}
    accept = f"/v1/auth/invitations/{code}/accept"
    assert client.post(accept, json=body).json["code"] == "second_factor_required"
    totp_code = code_of(secret)
    assert client.post(accept, json=body | {"totp_code": totp_code}).status_code == 201
    # The answer was lost: sent again, it is answered again although the code was used.
    assert client.post(accept, json=body | {"totp_code": totp_code}).status_code == 201
    with database.write() as session:
        factories.password_reset(session, people.patient.id, "1" * 26, expires_at=NOON + timedelta(hours=1))
    mailed = client.post(f"/v1/auth/password-resets/{'1' * 26}", json={"password": SHORT})
    assert mailed.status_code == 204
    assert sign_in(client, people.patient, SHORT).json["code"] == "second_factor_required"
    at_noon.shift(timedelta(seconds=30))
    assert sign_in(client, people.patient, SHORT, totp_code=code_of(secret)).status_code == 200


def test_an_admin_resets_the_second_factor_of_staff_and_nobody_their_own(client, people, enrol):
    enrol(people.clinician)
    path = f"/v1/clinics/{people.clinic_id}/staff"
    assert (
        client.delete(f"{path}/{people.clinician.id}/second-factor", headers=people.admin.headers).status_code
        == 204
    )
    assert client.get("/v1/me", headers=people.clinician.headers).status_code == 401
    assert sign_in(client, people.clinician).status_code == 200
    own = client.delete(f"{path}/{people.admin.id}/second-factor", headers=people.admin.headers)
    assert (own.status_code, own.json["errors"][0]["code"]) == (409, "own_account")


def test_a_short_password_stops_working_with_the_second_factor_that_the_clinic_resets(
    client, people, enrol, database
):
    enrol(people.patient)
    change = {"current_password": factories.PASSWORD, "password": SHORT}
    assert client.put("/v1/me/password", json=change, headers=people.patient.headers).status_code == 204
    path = f"/v1/patients/{people.patient.patient_id}"
    assert client.delete(f"{path}/second-factor", headers=people.clinician.headers).status_code == 204
    assert sign_in(client, people.patient, SHORT).status_code == 401
    code = client.post(f"{path}/invitations", headers=people.clinician.headers).json["code"]
    body = {"password": SHORT, "device": {"device_id": "phone-0002"}}
    assert client.post(f"/v1/auth/invitations/{code}/accept", json=body).status_code == 422
    body["password"] = LONG
    assert client.post(f"/v1/auth/invitations/{code}/accept", json=body).status_code == 201
    with database.read() as session:
        assert session.get_one(Account, people.patient.id).email == people.patient.email


def test_neither_seed_nor_recovery_code_can_be_read_in_the_database(people, enrol, database):
    secret, codes = enrol(people.patient)
    with database.read() as session:
        row = session.get_one(SecondFactor, people.patient.id)
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert secret.encode() not in row.seed
    assert not set(codes) & set(hashes)


def test_a_seed_moved_to_another_account_does_not_decrypt(client, people, enrol, database):
    secret, _ = enrol(people.other_patient)
    mine, _ = enrol(people.patient)
    with database.write() as session:
        theirs = session.get_one(SecondFactor, people.other_patient.id)
        session.get_one(SecondFactor, people.patient.id).seed = theirs.seed
    for code in (code_of(secret), code_of(mine)):
        assert sign_in(client, people.patient, totp_code=code).json["code"] == "wrong_second_factor"


def test_second_factors_outlive_a_replaced_key_and_the_worker_reencrypts_them(
    people, enrol, database, settings, at_noon
):
    secrets = {who.email: enrol(who)[0] for who in (people.patient, people.clinician)}
    turned = replace(settings, secret_key="n" + settings.secret_key, previous_secret_key=settings.secret_key)
    both, alone = create_app(turned), create_app(replace(turned, previous_secret_key=None))
    try:
        at_noon.shift(timedelta(seconds=30))
        answer = sign_in(both.test_client(), people.patient, totp_code=code_of(secrets[people.patient.email]))
        assert answer.status_code == 200
        # Too early: the clinician's still needs the former key.
        client = alone.test_client()
        code = code_of(secrets[people.clinician.email])
        assert sign_in(client, people.clinician, totp_code=code).json["code"] == "wrong_second_factor"
        with both.app_context():
            replace_seed_key(database, outbound_config())
        for who in (people.patient, people.clinician):
            at_noon.shift(timedelta(seconds=30))
            assert sign_in(client, who, totp_code=code_of(secrets[who.email])).status_code == 200
    finally:
        both.extensions["database"].close()
        alone.extensions["database"].close()
