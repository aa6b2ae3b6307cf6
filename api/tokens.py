"""Sign in, refresh, sign out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g, request

from api.http import auth, clock
from api.http.auth import allow, public
from api.http.blueprint import Blueprint, also_answers
from api.http.transaction import context, database, network_address, read_session
from clinical.sentences import Sentence
from schemas.tokens import AcceptanceSchema, LoginSchema, TokenRequestSchema, TokensSchema
from services import accounts, passwords, second_factors, tokens
from services.access import STAFF, Role, role_names
from services.errors import FieldError, Invalid, InvitationSpent

blueprint = Blueprint("tokens", __name__, description="Sign in, refresh, sign out")


@blueprint.route("/v1/auth/login", methods=["POST"])
@public
@also_answers("wrong_credentials", "second_factor_required", "wrong_second_factor", "too_many_attempts")
@blueprint.arguments(
    LoginSchema,
    example={
        "email": "demo.patient@patients.example",
        "password": "the passphrase that was printed",
        "device": {"device_id": "phone-0001", "name": "My phone"},
    },
)
@blueprint.response(200, TokensSchema)
def login(credentials: dict[str, Any]) -> Any:
    """Sign in on a device

    Unknown addresses and wrong passwords get the same response in the same time. After ten failures within
    fifteen minutes the account's sign-in is throttled (429) until those are over. A device that sends the
    device_token of an earlier sign-in has a count of its own: failures elsewhere do not throttle it. An
    account with a second factor needs totp_code, the six digits of the authenticator app, or recovery_code:
    without either, the right password gets second_factor_required. Five tries at it are answered.
    """
    address = network_address()
    device = tokens.Device(**credentials["device"], address=address)
    attempt = tokens.Attempt(address, device.device_id, credentials.get("device_token"))
    email, password = credentials["email"], credentials["password"]
    account_id = tokens.authenticate(database(), _keys(), email, password, attempt, clock.now())
    _verify_second_factor(account_id, credentials, attempt)
    return _tokens_response(tokens.open_sign_in(g.session, _keys(), account_id, device, clock.now()))


@blueprint.route("/v1/auth/invitations/<code>/accept", methods=["POST"])
@public
@also_answers(
    "conflict", "invitation_spent", "second_factor_required", "wrong_second_factor", "too_many_attempts"
)
@blueprint.arguments(
    AcceptanceSchema,
    example={
        "email": "fern@patients.example",
        "password": "four quiet rivers meet here",
        "device": {"device_id": "phone-0002", "name": "Fern's phone"},
    },
)
@blueprint.response(201, TokensSchema)
def accept_invitation(acceptance: dict[str, Any], code: str) -> Any:
    """Accept an invitation: set a password and sign in

    Sets the password and signs the device in. A code works once, and is replaced by a newer one; sent again
    within a day by the same device with the same password, since the answer was lost, it signs in again. A
    code for somebody who has a password already is a reset: every other device is signed out, and a second
    factor is asked for.
    """
    email, password = acceptance.get("email"), acceptance["password"]
    device = tokens.Device(**acceptance["device"], address=network_address())
    with read_session() as session:
        invitation_id = accounts.find_invitation(session, code).id
    tokens.count_invitation_attempt(database(), _keys(), invitation_id, clock.now())
    with read_session() as session:
        again = accounts.accepted_on(session, code, device.device_id, clock.now())
        if again is None:
            account_id = accounts.check_acceptance(session, code, email, password, clock.now())
        else:
            account_id = again.id
    if again is None:
        _verify_second_factor(account_id, acceptance, tokens.Attempt("", device.device_id))
        credentials = accounts.NewCredentials(email, passwords.new_password(password))
        accounts.accept(g.session, code, credentials, device.address, clock.now())
    elif not passwords.matches(again.password_hash, password):
        raise InvitationSpent
    return _tokens_response(tokens.open_sign_in(g.session, _keys(), account_id, device, clock.now()))


@blueprint.route("/oauth/token", methods=["POST"])
@public
@also_answers("token_refused", "wrong_credentials", "not_a_form_request")
@blueprint.arguments(
    TokenRequestSchema,
    location="form",
    example={
        "grant_type": "client_credentials",
        "client_id": "4d6f2a4e-7a4b-4c8e-9d3f-2b1c0a9e8d7c",
        "client_secret": "the secret that was shown once",
        "scope": "summary:read",
    },
)
@blueprint.response(200, TokensSchema)
def create_token(form: dict[str, Any]) -> Any:
    """Get or refresh an access token

    For API clients, grant_type=client_credentials: id and secret in the form or as HTTP Basic. For a
    signed-in device, grant_type=refresh_token: each refresh token works once; after a lost response the same
    token may be sent again within a day with the same device_id, and gets the same next token, until that
    one is used. A refused
    request is a 400 with RFC 6749's error code in error, or a 401 for the credentials of an API client.
    """
    if form["grant_type"] == "refresh_token":
        refresh_token, device_id = _required(form, "refresh_token", "device_id")
        device = tokens.Device(device_id, network_address())
        grant = tokens.refresh(database(), _keys(), refresh_token, device, clock.now())
        return _tokens_response(grant)
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        form |= {"client_id": basic.username, "client_secret": basic.password}
    client_id, secret = form.get("client_id") or "", form.get("client_secret") or ""
    with read_session() as session:
        return _tokens_response(
            tokens.client_grant(session, client_id, secret, form.get("scope"), clock.now())
        )


@blueprint.route("/v1/auth/logout", methods=["POST"])
@allow(Role.PATIENT, *STAFF, Role.DELEGATE, before_enrolment=True)
@blueprint.response(204)
def logout() -> None:
    """Sign this device out

    Its access and refresh tokens are revoked at once.
    """
    tokens.sign_out(context())


def _verify_second_factor(account_id: UUID, body: dict[str, Any], attempt: tokens.Attempt) -> None:
    counters = tokens.second_factor_counters(_keys(), account_id, attempt)
    codes = body.get("totp_code"), body.get("recovery_code")
    tried = second_factors.Attempt(account_id, counters, *codes)
    second_factors.verify(database(), _keys(), tried, clock.now())


def _keys() -> tokens.Keys:
    keys: tokens.Keys = current_app.extensions["keys"]
    return keys


def _required(form: dict[str, Any], *names: str) -> list[str]:
    missing = [
        FieldError(f"/{name}", "required", Sentence("This grant_type requires it: send it."))
        for name in names
        if not form.get(name)
    ]
    if missing:
        raise Invalid(*missing)
    return [form[name] for name in names]


def _tokens_response(grant: tokens.Grant) -> tuple[dict[str, Any], dict[str, str]]:
    body: dict[str, Any] = {
        "access_token": auth.access_token(grant),
        "token_type": "Bearer",
        "expires_in": int(tokens.ACCESS_LIFETIME.total_seconds()),
        "roles": role_names(grant.roles),
    }
    if grant.refresh_token:
        body |= {"refresh_token": grant.refresh_token, "device_token": grant.device_token}
    if grant.scopes:
        body["scope"] = " ".join(grant.scopes)
    return body, {"Cache-Control": "no-store"}
