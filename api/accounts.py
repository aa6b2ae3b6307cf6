"""The signed-in user, and where they are signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.pagination import page, page_request
from api.http.transaction import context, database, network_address
from schemas.accounts import MeSchema, NewEmailSchema, NewPasswordSchema, SignedInDeviceSchema
from schemas.base import LatestFirstQuery, page_of
from services import accounts, passwords, patients, tokens
from services.access import CARE_TEAM, STAFF, Role, Scope, role_names
from services.errors import Invalid

blueprint = Blueprint("accounts", __name__, description="The signed-in user and their devices")
DEVICE_PAGE = page_of(SignedInDeviceSchema)
NEW_PASSWORD = {
    "current_password": "four quiet rivers meet here",
    "password": "seven lamps beside the harbour",
}
NEW_EMAIL = {"current_password": "four quiet rivers meet here", "email": "fern@other.example"}
PEOPLE = (Role.PATIENT, *STAFF, Role.DELEGATE)


@blueprint.route("/v1/me")
@allow(*PEOPLE, scope=Scope.SUMMARY_READ)
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
    weak = passwords.weakness(body["password"], *own_words, "afterglow")
    if weak:
        raise Invalid(weak)
    password_hash = passwords.hash_password(body["password"])
    accounts.change_password(context(), password_hash)


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
    return tokens.verify_password(database(), keys, g.actor.id, password, network_address(), clock.now())


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
