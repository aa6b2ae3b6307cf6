"""The signed-in user, and where they are signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import etag_headers, expected_version, showing_version, version_tag, versioned
from api.http.pagination import page, page_request
from api.http.transaction import context, database, network_address, read_session
from schemas.accounts import (
    AccountChangeSchema,
    AccountSchema,
    MeSchema,
    NewEmailSchema,
    NewPasswordSchema,
    SignedInDeviceSchema,
)
from schemas.base import LatestFirstQuery, page_of
from services import accounts, consents, passwords, patients, tokens
from services.access import CARE_TEAM, STAFF, Role, Scope, role_names
from services.errors import Invalid
from services.event_log import agent_of

blueprint = Blueprint("accounts", __name__, description="The signed-in user and their devices")
DEVICE_PAGE = page_of(SignedInDeviceSchema)
NEW_PASSWORD = {
    "current_password": "four quiet rivers meet here",
    "password": "seven lamps beside the harbour",
}
NEW_EMAIL = {"current_password": "four quiet rivers meet here", "email": "fern@other.example"}
OF_PATIENT = "/v1/patients/<patient:patient_id>/account"
OF_DELEGATE = "/v1/patients/<patient:patient_id>/consents/<uuid:consent_id>/account"
PEOPLE = (Role.PATIENT, *STAFF, Role.DELEGATE)


@blueprint.route("/v1/me")
@allow(*PEOPLE, scope=Scope.SUMMARY_READ, before_enrolment=True)
@blueprint.response(200, MeSchema)
def get_me() -> dict[str, Any]:
    """Get the signed-in user"""
    actor = g.actor
    me: dict[str, Any] = {"id": actor.id, "roles": role_names(actor.roles), "clinic_id": actor.clinic_id}
    if actor.patient_id:
        me["patient_id"] = actor.patient_id
    if actor.has(Role.INTEGRATION):
        return me | {"scopes": sorted(actor.scopes)}
    account = accounts.account_of(g.session, actor)
    return me | {"display_name": account.display_name, "email": account.email}


@blueprint.route("/v1/me/password", methods=["PUT"])
@allow(*PEOPLE)
@also_answers("wrong_credentials", "too_many_attempts")
@blueprint.arguments(NewPasswordSchema, example=NEW_PASSWORD)
@blueprint.response(204)
def change_my_password(body: dict[str, Any]) -> None:
    """Change your password

    Every other device you are signed in on is signed out. Wrong tries count as those to sign in do.
    """
    own_words = _verify(body)
    with read_session() as session:
        enabled = accounts.has_second_factor(session, g.actor.id)
    weak = passwords.weakness(body["password"], *own_words, "afterglow", second_factor=enabled)
    if weak:
        raise Invalid(weak)
    ctx, new = context(), passwords.new_password(body["password"])
    accounts.change_password(ctx.session, g.actor.id, new, agent_of(ctx), g.actor.sign_in_id)


@blueprint.route("/v1/me/email", methods=["PUT"])
@allow(*PEOPLE)
@also_answers("wrong_credentials", "too_many_attempts", "conflict")
@blueprint.arguments(NewEmailSchema, example=NEW_EMAIL)
@blueprint.response(204)
def change_my_email(body: dict[str, Any]) -> None:
    """Change the address you sign in with

    It holds from the next sign-in on; devices stay signed in.
    """
    _verify(body)
    accounts.change_email(context(), body["email"])


def _verify(body: dict[str, Any]) -> tuple[str, str]:
    """Return the caller's address and name, if the body has the present password; outside a transaction."""
    keys, password = current_app.extensions["keys"], body["current_password"]
    caller = tokens.Caller(g.actor, network_address())
    return tokens.verify_password(database(), keys, caller, password, clock.now())


@blueprint.route("/v1/me/devices")
@allow(*PEOPLE)
@blueprint.arguments(LatestFirstQuery, location="query")
@blueprint.response(200, DEVICE_PAGE)
def list_my_devices(query: dict[str, Any]) -> Any:
    """List the devices you are signed in on"""
    found = accounts.devices(g.session, g.actor.id, clock.now(), page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/v1/me/devices/<uuid:sign_in_id>", methods=["DELETE"])
@allow(*PEOPLE)
@blueprint.response(204)
def sign_out_my_device(sign_in_id: UUID) -> None:
    """Sign one of your devices out"""
    accounts.revoke_device(context(), g.actor.id, sign_in_id)


@blueprint.route("/v1/patients/<patient:patient_id>/devices")
@allow(Role.PATIENT, *CARE_TEAM, Role.ADMIN)
@blueprint.arguments(LatestFirstQuery, location="query")
@blueprint.response(200, DEVICE_PAGE)
def list_patient_devices(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List the devices a patient is signed in on"""
    account_id = patients.account_id_of(context(), patient_id)
    found = accounts.devices(g.session, account_id, clock.now(), page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/v1/patients/<patient:patient_id>/devices/<uuid:sign_in_id>", methods=["DELETE"])
@allow(Role.PATIENT, *CARE_TEAM, Role.ADMIN)
@blueprint.response(204)
def sign_out_patient_device(patient_id: UUID | None, sign_in_id: UUID) -> None:
    """Sign one of a patient's devices out"""
    account_id = patients.account_id_of(context(), patient_id)
    accounts.revoke_device(context(), account_id, sign_in_id)


@blueprint.route("/v1/patients/<patient:patient_id>/sign-in-throttle", methods=["DELETE"])
@allow(*CARE_TEAM, Role.FRONT_DESK, Role.ADMIN)
@blueprint.response(204)
def lift_patient_throttle(patient_id: UUID | None) -> None:
    """Let a patient sign in again after too many failed attempts"""
    ctx = context()
    tokens.lift_throttle_of(ctx, current_app.extensions["keys"], patients.account_of(ctx, patient_id))


@blueprint.route(OF_PATIENT)
@allow(*CARE_TEAM, Role.ADMIN)
@showing_version
@blueprint.response(200, AccountSchema)
def get_patient_account(patient_id: UUID | None) -> Any:
    """Get whether a patient can sign in"""
    account = patients.account_of(context(), patient_id)
    return account, etag_headers(version_tag(account.version))


@blueprint.route(OF_PATIENT, methods=["PATCH"])
@allow(*CARE_TEAM, Role.ADMIN)
@versioned(AccountSchema())
@blueprint.arguments(AccountChangeSchema, example={"disabled": True})
@blueprint.response(200, AccountSchema)
def update_patient_account(change: dict[str, Any], patient_id: UUID | None) -> Any:
    """Disable or enable a patient's account

    Disabling ends every sign-in and code for good: enabled again, the patient signs in again. What they
    recorded stays.
    """
    return _change_disabled(patients.account_of(context(), patient_id).id, disabled=change["disabled"])


@blueprint.route(f"{OF_PATIENT}/undo-acceptance", methods=["POST"])
@allow(*CARE_TEAM)
@blueprint.response(204)
def undo_patient_acceptance(patient_id: UUID | None) -> None:
    """Take a patient's account back from somebody else who accepted the invitation

    Their password, address and devices stop working at once, and so do all codes. Then create another
    invitation code.
    """
    accounts.undo_acceptance(context(), patients.account_of(context(), patient_id))


@blueprint.route(OF_DELEGATE)
@allow(Role.CLINICIAN)
@showing_version
@blueprint.response(200, AccountSchema)
def get_delegate_account(patient_id: UUID | None, consent_id: UUID) -> Any:
    """Get whether the delegate of a consent can sign in"""
    account = consents.account_of(context(), patient_id, consent_id)
    return account, etag_headers(version_tag(account.version))


@blueprint.route(OF_DELEGATE, methods=["PATCH"])
@allow(Role.CLINICIAN)
@versioned(AccountSchema())
@blueprint.arguments(AccountChangeSchema, example={"disabled": True})
@blueprint.response(200, AccountSchema)
def update_delegate_account(change: dict[str, Any], patient_id: UUID | None, consent_id: UUID) -> Any:
    """Disable or enable the account of a consent's delegate

    It holds for every patient who shares with them. To end what one patient shares, revoke the consent.
    """
    account = consents.account_of(context(), patient_id, consent_id)
    return _change_disabled(account.id, disabled=change["disabled"])


def _change_disabled(account_id: UUID, *, disabled: bool) -> Any:
    account = accounts.change_disabled(context(), account_id, expected_version(), disabled=disabled)
    return account, etag_headers(version_tag(account.version))
