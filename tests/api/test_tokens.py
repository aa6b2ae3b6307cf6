"""Sign in, refresh, sign out; any other token is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine
from sqlalchemy import select

from api import create_app
from models.accounts import Account, LoginAttempts, SignIn
from models.api_clients import ApiClient
from tests import factories

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"


def signed_in(client, email, *, password=factories.PASSWORD, device="phone-0001", **more):
    """Response to a sign-in."""
    body = {"email": email, "password": password, "device": {"device_id": device, "name": "Phone"}, **more}
    return client.post("/v1/auth/login", json=body)


def refreshed(client, token, device="phone-0001"):
    """Response to a refresh."""
    form = {"grant_type": "refresh_token", "refresh_token": token, "device_id": device}
    return client.post("/oauth/token", data=form)


def granted(client, client_id, secret=factories.CLIENT_SECRET, **more):
    """Response to an API client that sends its credentials in the form."""
    form = {"grant_type": "client_credentials", "client_id": str(client_id), "client_secret": secret}
    return client.post("/oauth/token", data={**form, **more})


def me(client, token):
    """Response of /v1/me to this access token."""
    return client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def is_accepted(client, answer) -> bool:
    """Whether the access token of a response is accepted."""
    return bool(me(client, answer.json["access_token"]).status_code == 200)


def result(answer) -> tuple[int, dict[str, Any]]:
    """Status and body, but for what names this one request."""
    return answer.status_code, {**answer.json, "request_id": ""}


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_user_signs_in_as_themselves(client, people):
    answer = signed_in(client, people.patient.email.upper())
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["token_type"] == "Bearer"
    assert (answer.json["expires_in"], answer.json["roles"]) == (600, ["patient"])
    profile = me(client, answer.json["access_token"]).json
    assert profile["patient_id"] == str(people.patient.patient_id)
    assert "scopes" not in profile


def test_unknown_addresses_wrong_passwords_and_disabled_accounts_get_one_answer(client, people, database):
    with database.write() as session:
        shut = factories.account(session, people.clinic_id, disabled_at=NOON).email
        fresh = factories.account(
            session, people.clinic_id, email="new@clinic.test", password_hash=None
        ).email
    answers = [
        signed_in(client, people.patient.email, password="not the password"),
        signed_in(client, "nobody.knows@this.test"),
        signed_in(client, shut),
        signed_in(client, fresh),
        signed_in(client, "' OR 1=1 --"),
    ]
    assert {json.dumps(result(answer)) for answer in answers} == {json.dumps(result(answers[0]))}
    assert answers[0].status_code == 401
    assert answers[0].headers["WWW-Authenticate"] == 'Bearer realm="afterglow"'


def test_the_eleventh_attempt_in_fifteen_minutes_is_throttled(client, people, at_noon):
    for _ in range(10):
        assert signed_in(client, people.patient.email, password="wrong").status_code == 401
    turned_away = signed_in(client, people.patient.email)
    assert (turned_away.status_code, turned_away.json["code"]) == (429, "too_many_attempts")
    assert 0 < int(turned_away.headers["Retry-After"]) <= 901
    assert signed_in(client, people.other_patient.email).status_code == 200
    at_noon.shift(timedelta(minutes=15))
    assert signed_in(client, people.patient.email).status_code == 200


@pytest.mark.usefixtures("at_noon")
def test_an_unknown_address_is_throttled_alike(client):
    answers = [signed_in(client, "nobody@this.test").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


@pytest.mark.usefixtures("at_noon")
def test_a_success_resets_the_count(client, people):
    for _ in range(2):
        for _ in range(9):
            assert signed_in(client, people.patient.email, password="wrong").status_code == 401
        assert signed_in(client, people.patient.email).status_code == 200


def test_every_server_on_one_database_counts_together(client, people, settings):
    second = create_app(settings)
    try:
        neighbours = second.test_client()
        for turn in range(10):
            answer = signed_in((client, neighbours)[turn % 2], people.patient.email, password="wrong")
            assert answer.status_code == 401
        assert signed_in(neighbours, people.patient.email).status_code == 429
        assert signed_in(client, people.patient.email).status_code == 429
    finally:
        second.extensions["database"].close()


@pytest.mark.parametrize(("hops", "addresses"), [(0, 1), (1, 2)])
def test_an_address_is_taken_from_the_proxies_that_are_ours_and_never_from_a_client(
    hops, addresses, people, settings, database
):
    behind = create_app(replace(settings, proxy_hops=hops))
    try:
        # The client writes the first address, and our proxy, if there is one, appends where it came from.
        for written, appended in (
            ("192.0.2.1", "203.0.113.7"),
            ("192.0.2.2", "203.0.113.7"),
            ("192.0.2.3", "203.0.113.8"),
        ):
            headers = {"X-Forwarded-For": f"{written}, {appended}"}
            body = {"email": people.patient.email, "password": "wrong", "device": {"device_id": "phone-0001"}}
            answer = behind.test_client().post("/v1/auth/login", json=body, headers=headers)
            assert answer.status_code == 401
    finally:
        behind.extensions["database"].close()
    with database.read() as session:
        assert len(session.scalars(select(LoginAttempts.key)).all()) == 1 + addresses


@pytest.mark.usefixtures("at_noon")
def test_a_device_that_signed_in_before_is_not_shut_out_by_a_stranger(client, people):
    known = signed_in(client, people.patient.email).json["device_token"]
    for _ in range(11):
        signed_in(client, people.patient.email, password="wrong", device="stranger-1")
    assert signed_in(client, people.patient.email).status_code == 429
    for _ in range(2):
        assert signed_in(client, people.patient.email, device_token=known).status_code == 200
    # The stranger gains nothing by it.
    assert signed_in(client, people.patient.email, device="stranger-1").status_code == 429


@pytest.mark.usefixtures("at_noon")
def test_a_known_device_has_ten_tries_too(client, people):
    known = signed_in(client, people.patient.email).json["device_token"]
    answers = [
        signed_in(client, people.patient.email, password="wrong", device_token=known) for _ in range(11)
    ]
    assert [each.status_code for each in answers] == [401] * 10 + [429]
    # Its tries do not count against the account's other devices.
    assert signed_in(client, people.patient.email, device="tablet-001").status_code == 200


@pytest.mark.usefixtures("at_noon")
def test_a_device_token_is_worth_nothing_on_another_device_or_account(client, people):
    known = signed_in(client, people.patient.email).json["device_token"]
    theirs = signed_in(client, people.other_patient.email).json["device_token"]
    for _ in range(11):
        signed_in(client, people.patient.email, password="wrong")
    for device, token in (
        ("phone-0002", known),
        ("phone-0001", theirs),
        ("phone-0001", known[:-2] + "AA"),
        ("phone-0001", "é"),
        ("phone-0001", ""),
    ):
        answer = signed_in(client, people.patient.email, device=device, device_token=token)
        assert answer.status_code == 429, answer.json
    assert me(client, known).status_code == 401
    assert refreshed(client, known).status_code == 400


def test_a_device_learns_its_token_with_the_next_refresh_too(client, people):
    first = signed_in(client, people.patient.email)
    again = refreshed(client, first.json["refresh_token"])
    assert again.json["device_token"] == first.json["device_token"]
    assert "device_token" not in granted(client, people.integration.id).json


@pytest.mark.usefixtures("at_noon")
def test_a_stranger_does_not_shut_the_password_change_of_a_signed_in_person_out(client, people):
    for _ in range(11):
        signed_in(client, people.patient.email, password="wrong")
    change = {"current_password": factories.PASSWORD, "password": "seven otters juggle umbrellas"}
    answer = client.put("/v1/me/password", json=change, headers=people.patient.headers)
    assert answer.status_code == 204


def test_stored_login_attempts_reveal_no_address(client, people, database):
    signed_in(client, people.patient.email, password="wrong")
    with database.read() as session:
        endpoints = session.scalars(select(LoginAttempts.key)).all()
    assert len(endpoints) == 2
    assert all(len(endpoint) == 64 and set(endpoint) <= set("0123456789abcdef") for endpoint in endpoints)
    assert hashlib.sha256(people.patient.email.encode()).hexdigest() not in endpoints


@pytest.mark.usefixtures("hashes_of_production")
def test_a_hash_made_with_older_parameters_is_renewed_at_sign_in(client, people, database):
    from argon2 import PasswordHasher  # noqa: PLC0415  only here

    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(factories.PASSWORD)
    with database.write() as session:
        session.get_one(Account, people.patient.id).password_hash = old
    assert signed_in(client, people.patient.email).status_code == 200
    with database.read() as session:
        stored = session.get_one(Account, people.patient.id).password_hash
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert signed_in(client, people.patient.email).status_code == 200


def test_an_access_token_lasts_ten_minutes(client, people, at_noon):
    token = signed_in(client, people.patient.email).json["access_token"]
    at_noon.shift(timedelta(minutes=9, seconds=59))
    assert me(client, token).status_code == 200
    at_noon.shift(timedelta(seconds=2))
    assert me(client, token).status_code == 401


@pytest.mark.parametrize(("ahead", "status"), [(1, 200), (59, 200), (61, 401)])
def test_a_token_of_a_server_whose_clock_is_ahead_is_accepted_within_a_minute(
    ahead, status, client, people, at_noon
):
    at_noon.shift(timedelta(seconds=ahead))
    token = signed_in(client, people.patient.email).json["access_token"]
    at_noon.shift(timedelta(seconds=-ahead))
    assert me(client, token).status_code == status


def test_a_refresh_gives_a_new_pair(client, people):
    first = signed_in(client, people.patient.email)
    second = refreshed(client, first.json["refresh_token"])
    assert second.status_code == 200
    assert second.json["refresh_token"] != first.json["refresh_token"]
    assert is_accepted(client, second)


@pytest.mark.parametrize("later", [timedelta(seconds=61), timedelta(minutes=15), timedelta(days=1)])
def test_a_lost_response_may_be_requested_again_within_a_day(later, client, people, at_noon):
    first = signed_in(client, people.patient.email).json["refresh_token"]
    second = refreshed(client, first).json["refresh_token"]
    at_noon.shift(later)
    assert refreshed(client, first).json["refresh_token"] == second
    assert refreshed(client, second).status_code == 200
    # Its successor was used: whoever still has the old one is somebody else.
    assert refreshed(client, first).status_code == 400
    assert refreshed(client, second).status_code == 400


@pytest.mark.parametrize(("later", "device"), [(86_401, "phone-0001"), (1, "phone-0666")])
def test_a_refresh_token_used_twice_ends_the_whole_family(later, device, client, people, at_noon):
    first = signed_in(client, people.patient.email)
    second = refreshed(client, first.json["refresh_token"])
    at_noon.shift(timedelta(seconds=later))
    reused = refreshed(client, first.json["refresh_token"], device)
    assert (reused.status_code, reused.json["error"]) == (400, "invalid_grant")
    assert refreshed(client, second.json["refresh_token"]).status_code == 400
    assert not is_accepted(client, second)


@pytest.mark.usefixtures("at_noon")
def test_a_token_two_generations_old_ends_the_family_even_within_the_minute(client, people):
    first = signed_in(client, people.patient.email).json["refresh_token"]
    second = refreshed(client, first).json["refresh_token"]
    third = refreshed(client, second).json["refresh_token"]
    assert refreshed(client, first).status_code == 400
    assert refreshed(client, third).status_code == 400


def test_a_stolen_token_on_another_device_ends_the_family(client, people):
    first = signed_in(client, people.patient.email)
    assert refreshed(client, first.json["refresh_token"], "phone-0666").status_code == 400
    assert not is_accepted(client, first)


def test_ending_a_token_family_leaves_other_devices_signed_in(client, people):
    first = signed_in(client, people.patient.email)
    tablet = signed_in(client, people.patient.email, device="tablet-001")
    refreshed(client, first.json["refresh_token"], "phone-0666")
    assert is_accepted(client, tablet)


def test_a_patients_refresh_token_expires_after_ninety_days_without_use(client, people, at_noon):
    token = signed_in(client, people.patient.email).json["refresh_token"]
    at_noon.shift(timedelta(days=89))
    token = refreshed(client, token).json["refresh_token"]
    at_noon.shift(timedelta(days=89))
    token = refreshed(client, token).json["refresh_token"]
    at_noon.shift(timedelta(days=91))
    assert refreshed(client, token).status_code == 400


def test_staff_sign_in_again_after_twelve_hours_however_often_they_refreshed(client, people, at_noon):
    token = signed_in(client, people.clinician.email).json["refresh_token"]
    at_noon.shift(timedelta(hours=11))
    token = refreshed(client, token).json["refresh_token"]
    at_noon.shift(timedelta(hours=1))
    assert refreshed(client, token).status_code == 400


@pytest.mark.parametrize("spoil", ["", "AAAA", "é", "A" * 72, "flip", "cut"])
def test_what_is_no_refresh_token_is_refused(spoil, client, people):
    token = signed_in(client, people.patient.email).json["refresh_token"]
    flipped = token[:30] + ("A" if token[30] != "A" else "B") + token[31:]
    sent = {"flip": flipped, "cut": token[:-4]}.get(spoil, spoil)
    answer = refreshed(client, sent)
    assert (answer.status_code, answer.json["error"]) in {(400, "invalid_grant"), (400, "invalid_request")}
    assert answer.json["code"] == "token_refused"
    assert "WWW-Authenticate" not in answer.headers
    assert refreshed(client, token).status_code == 200


def test_signing_out_ends_both_tokens_at_once(client, people):
    answer = signed_in(client, people.patient.email)
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert client.post("/v1/auth/logout", headers=headers).status_code == 204
    assert not is_accepted(client, answer)
    assert refreshed(client, answer.json["refresh_token"]).status_code == 400
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 200


def test_a_disabled_member_of_staff_is_signed_out_at_once(client, people):
    answer = signed_in(client, people.clinician.email)
    path = f"/v1/clinics/{people.clinic_id}/staff/{people.clinician.id}"
    shut = client.patch(path, json={"disabled": True}, headers={**people.admin.headers, "If-Match": '"v1"'})
    assert shut.status_code == 200
    assert not is_accepted(client, answer)
    assert refreshed(client, answer.json["refresh_token"]).status_code == 400
    assert signed_in(client, people.clinician.email).status_code == 401
    client.patch(path, json={"disabled": False}, headers={**people.admin.headers, "If-Match": '"v2"'})
    assert signed_in(client, people.clinician.email).status_code == 200


def test_no_token_of_a_sign_in_is_stored(client, people, database):
    answer = signed_in(client, people.patient.email)
    with database.read() as session:
        rows = session.scalars(select(SignIn)).all()
        names = [column.name for column in SignIn.__table__.columns]
        stored = repr([{name: getattr(row, name) for name in names} for row in rows])
    assert answer.json["refresh_token"] not in stored
    assert answer.json["access_token"] not in stored


def test_an_api_client_gets_a_token_by_form_and_by_header(client, people):
    by_form = granted(client, people.integration.id)
    basic = (str(people.integration.id), factories.CLIENT_SECRET)
    by_header = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=basic)
    for answer in (by_form, by_header):
        assert answer.status_code == 200
        assert answer.json["scope"] == "reports:read summary:read trends:read vitals:write"
        assert answer.json["roles"] == ["integration"]
        assert "refresh_token" not in answer.json
        result = me(client, answer.json["access_token"]).json
        assert result["scopes"] == ["reports:read", "summary:read", "trends:read", "vitals:write"]


def test_an_api_client_may_ask_for_less_and_never_for_more(client, people, database):
    less = granted(client, people.integration.id, scope="summary:read")
    assert less.json["scope"] == "summary:read"
    assert me(client, less.json["access_token"]).json["scopes"] == ["summary:read"]
    with database.write() as session:
        session.get_one(ApiClient, people.integration.id).scopes = "summary:read"
    more = granted(client, people.integration.id, scope="summary:read trends:read")
    assert (more.status_code, more.json["code"], more.json["error"]) == (
        400,
        "token_refused",
        "invalid_scope",
    )


def test_a_withdrawn_scope_is_missing_from_tokens_issued_before(client, people, database):
    token = granted(client, people.integration.id).json["access_token"]
    with database.write() as session:
        session.get_one(ApiClient, people.integration.id).scopes = "trends:read"
    assert me(client, token).json["code"] == "insufficient_scope"


def test_unknown_expired_and_revoked_clients_and_wrong_secrets_get_one_answer(client, people, database):
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with database.write() as session:
        expired = factories.api_client(session, people.clinic_id, expires_at=long_ago).id
        revoked = factories.api_client(session, people.clinic_id, revoked_at=long_ago).id
    answers = [
        granted(client, people.integration.id, "wrong"),
        granted(client, expired),
        granted(client, revoked),
        granted(client, uuid4()),
        granted(client, "no uuid"),
        granted(client, people.patient.id),
    ]
    assert {json.dumps(result(answer)) for answer in answers} == {json.dumps(result(answers[0]))}
    assert (answers[0].status_code, answers[0].json["error"]) == (401, "invalid_client")
    assert answers[0].headers["WWW-Authenticate"] == 'Basic realm="afterglow"'


def test_a_token_of_a_client_revoked_or_expired_meanwhile_is_refused(client, people, database, at_noon):
    token = granted(client, people.integration.id).json["access_token"]
    with database.write() as session:
        session.get_one(ApiClient, people.integration.id).expires_at = NOON + timedelta(minutes=1)
    assert me(client, token).status_code == 200
    at_noon.shift(timedelta(minutes=1))
    assert me(client, token).status_code == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_request"),
        ({"grant_type": "client_credentials", "audience": "x"}, "invalid_request"),
    ],
)
def test_an_invalid_token_request_gets_an_error_of_oauth(form, error, client):
    answer = client.post("/oauth/token", data=form, content_type=FORM)
    assert (answer.status_code, answer.json["error"]) == (400, error)
    assert (answer.json["code"], answer.json["status"]) == ("token_refused", 400)
    assert answer.json["errors"]


@pytest.mark.parametrize(
    ("form", "header"),
    [
        ({}, None),
        ({}, "Basic !!!"),
        ({}, "Bearer x"),
        ({"client_id": "4d6f2a4e-7a4b-4c8e-9d3f-2b1c0a9e8d7c"}, None),
        ({"client_secret": "x"}, None),
    ],
)
def test_a_token_request_without_the_credentials_of_a_client_is_invalid_client(form, header, client):
    headers = {} if header is None else {"Authorization": header}
    body = {"grant_type": "client_credentials", **form}
    answer = client.post("/oauth/token", data=body, headers=headers)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="afterglow"'


def test_oauth_accepts_only_a_form(client):
    answer = client.post("/oauth/token", json={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json["code"]) == (415, "not_a_form_request")


def test_no_other_endpoint_returns_oauth_errors(client):
    assert "error" not in client.get("/v1/me").json
    assert "error" not in client.post("/v1/auth/login", json={}).json


def _part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _forged(key: str, header: Any, claims: Any, digest: str = "sha256") -> str:
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_part(hmac.digest(key.encode(), signed.encode(), digest))}"


def bad_tokens(app, people, refresh_token: str) -> dict[str, str]:
    """Tokens that each lack one thing which makes a token ours; most are signed with our own key."""
    good = people.patient.headers["Authorization"].removeprefix("Bearer ")
    header = jwt.get_unverified_header(good)
    claims = jwt.decode(good, options={"verify_signature": False})
    key = app.config["JWT_SECRET_KEY"]

    def without(name: str) -> str:
        return _forged(key, header, {found: value for found, value in claims.items() if found != name})

    def having(**changed: Any) -> str:
        return _forged(key, header, claims | changed)

    assert _forged(key, header, claims).count(".") == 2
    return {
        "unsigned": f"{_part({**header, 'alg': 'none'})}.{_part(claims)}.",
        "signature cut": good.rpartition(".")[0] + ".",
        "signature of another": good[:-8] + "AAAAAAAA",
        "HS512": _forged(key, {**header, "alg": "HS512"}, claims, "sha512"),
        "RS256": _forged(key, {**header, "alg": "RS256"}, claims),
        "algorithm a list": _forged(key, {**header, "alg": ["HS256"]}, claims),
        "another key": _forged("x" * 64, header, claims),
        "unknown key id": _forged(key, {**header, "kid": "00000000"}, claims),
        "no key id": _forged(key, {name: header[name] for name in ("alg", "typ")}, claims),
        "key id a number": _forged(key, {**header, "kid": 7}, claims),
        "critical extension": _forged(key, {**header, "crit": ["exp2"], "exp2": 1}, claims),
        **{f"no {name}": without(name) for name in ("iss", "aud", "exp", "iat", "jti", "type", "sub", "sid")},
        "foreign issuer": having(iss="elsewhere"),
        "foreign audience": having(aud="elsewhere"),
        "a refresh token's type": having(type="refresh"),
        "expired": having(exp=int(claims["iat"]) - 1),
        "expiry a text": having(exp="tomorrow"),
        "expiry beyond numbers": having(exp=1e400),
        "not yet": having(nbf=int(claims["iat"]) + 3600),
        "subject a number": having(sub=7),
        "subject no uuid": having(sub="me"),
        "another's sign-in": having(sid=str(people.clinician.sign_in_id)),
        "an unknown sign-in": having(sid=str(uuid4())),
        "sign-in a list": having(sid=[1]),
        "a scope of its own": having(sid=None, scope="summary:read"),
        "claims a list": _forged(key, header, [1]),
        "claims no JSON": _forged(key, header, b"{"),
        "claims nested deep": _forged(key, header, b"[" * 5000 + b"]" * 5000),
        "header nested deep": _forged(key, b'{"a":' * 5000 + b"1" + b"}" * 5000, claims),
        "claims with 5,000 digits": _forged(key, header, b'{"exp":' + b"9" * 5000 + b"}"),
        "a refresh token": refresh_token,
        "nothing": "",
        "garbage": "garbage",
        "dots": "..",
        "not ASCII": "é\xff.é.é",
        "huge": "A" * 100_000,
        "two": f"{good} {good}",
    }


def test_every_forged_access_token_is_refused(app, client, people):
    refresh_token = signed_in(client, people.patient.email).json["refresh_token"]
    found = {}
    for name, token in bad_tokens(app, people, refresh_token).items():
        answer = me(client, token)
        found[name] = (answer.status_code, answer.content_type, answer.headers.get("WWW-Authenticate"))
        assert token not in answer.text or not token
    challenge = 'Bearer realm="afterglow"'
    assert found.pop("nothing") == (401, "application/problem+json", challenge)
    challenge += ', error="invalid_token"'
    sound = (401, "application/problem+json", challenge)
    assert {name: answer for name, answer in found.items() if answer != sound} == {}


@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "Token x", "bearer", "Digest a=b", "\xff"])
def test_any_other_authorization_header_is_refused(header, client):
    answer = client.get("/v1/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")


def test_a_token_in_the_query_or_a_cookie_is_refused(client, people):
    token = people.patient.headers["Authorization"].removeprefix("Bearer ")
    assert client.get(f"/v1/me?jwt={token}").status_code == 401
    client.set_cookie("access_token_cookie", token)
    assert client.get("/v1/me").status_code == 401


def test_tokens_of_the_previous_secret_are_accepted_and_new_ones_use_the_current(client, people, settings):
    from dataclasses import replace  # noqa: PLC0415  only here

    older = people.patient.headers
    turned = replace(settings, secret_key="n" + settings.secret_key, previous_secret_key=settings.secret_key)
    other = create_app(turned)
    try:
        assert other.test_client().get("/v1/me", headers=older).status_code == 200
        fresh = signed_in(other.test_client(), people.patient.email).json["access_token"]
        assert me(client, fresh).status_code == 401
    finally:
        other.extensions["database"].close()
