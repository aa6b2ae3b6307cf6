"""The signed-in user, and where they are signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.transaction import context
from schemas.accounts import DeviceListSchema, MeSchema
from services import accounts, patients
from services.access import STAFF, Role, Scope, role_names

blueprint = Blueprint("accounts", __name__, description="The signed-in user and their devices")
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


@blueprint.route("/v1/me/devices")
@allow(*PEOPLE)
@blueprint.response(200, DeviceListSchema)
def list_my_devices() -> dict[str, Any]:
    """List the devices you are signed in on"""
    return {"items": accounts.devices(g.session, g.actor.id, clock.now())}


@blueprint.route("/v1/me/devices/<uuid:sign_in_id>", methods=["DELETE"])
@allow(*PEOPLE)
@blueprint.response(204)
def sign_out_my_device(sign_in_id: UUID) -> None:
    """Sign one of your devices out"""
    accounts.revoke_device(g.session, g.actor.id, sign_in_id, clock.now())


@blueprint.route("/v1/patients/<patient:patient_id>/devices")
@allow(Role.PATIENT, Role.ADMIN)
@blueprint.response(200, DeviceListSchema)
def list_patient_devices(patient_id: UUID | None) -> dict[str, Any]:
    """List the devices a patient is signed in on"""
    account_id = patients.account_id_of(context(), patient_id)
    return {"items": accounts.devices(g.session, account_id, clock.now())}


@blueprint.route("/v1/patients/<patient:patient_id>/devices/<uuid:sign_in_id>", methods=["DELETE"])
@allow(Role.PATIENT, Role.ADMIN)
@blueprint.response(204)
def sign_out_patient_device(patient_id: UUID | None, sign_in_id: UUID) -> None:
    """Sign one of a patient's devices out"""
    account_id = patients.account_id_of(context(), patient_id)
    accounts.revoke_device(g.session, account_id, sign_in_id, clock.now())
