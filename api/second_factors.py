"""The second factor of a sign-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g

from api.accounts import PEOPLE
from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.transaction import context, database, network_address
from clinical.sentences import Sentence
from schemas.second_factors import (
    RecoveryCodesSchema,
    SecondFactorConfirmationSchema,
    SecondFactorRemovalSchema,
    SecondFactorSecretSchema,
    SecondFactorStartSchema,
    SecondFactorStateSchema,
)
from services import clinics, patients, second_factors, tokens
from services.access import CARE_TEAM, Role
from services.errors import Conflict, FieldError
from services.event_log import agent_of

blueprint = Blueprint(
    "second_factors", __name__, url_prefix="/v1", description="The second factor of a sign-in"
)
PASSWORD = {"current_password": "four quiet rivers meet here"}


@blueprint.route("/me/second-factor")
@allow(*PEOPLE, before_enrolment=True)
@blueprint.response(200, SecondFactorStateSchema)
def get_my_second_factor() -> dict[str, Any]:
    """Get whether you have a second factor"""
    state = second_factors.read(g.session, g.actor.id)
    return {
        "enabled": state.enabled,
        "enabled_at": state.enabled_at,
        "recovery_codes_left": state.recovery_codes_left,
        "required": g.actor.must_enrol,
    }


@blueprint.route("/me/second-factor", methods=["POST"])
@allow(*PEOPLE, before_enrolment=True)
@also_answers("wrong_credentials", "too_many_attempts", "conflict")
@blueprint.arguments(SecondFactorStartSchema, example=PASSWORD)
@blueprint.response(201, SecondFactorSecretSchema)
def start_second_factor(body: dict[str, Any]) -> dict[str, str]:
    """Start setting up a second factor

    Returns the secret for an authenticator app (TOTP, RFC 6238), which is shown only here. It is not in use
    before it is confirmed with a code; started again, the secret is another.
    """
    _verify_password(body)
    secret, uri = second_factors.start(g.session, _keys(), g.actor.id, clock.now())
    return {"secret": secret, "otpauth_uri": uri}


@blueprint.route("/me/second-factor/confirm", methods=["POST"])
@allow(*PEOPLE, before_enrolment=True)
@also_answers("wrong_second_factor", "conflict")
@blueprint.arguments(SecondFactorConfirmationSchema, example={"totp_code": "246813"})
@blueprint.response(200, RecoveryCodesSchema)
def confirm_second_factor(body: dict[str, Any]) -> dict[str, list[str]]:
    """Confirm a second factor with its first code

    From now on sign-in asks for a code. Returns ten recovery codes, which are shown only here. Every other
    device is signed out.
    """
    codes = second_factors.confirm(context(), _keys(), body["totp_code"])
    return {"recovery_codes": codes}


@blueprint.route("/me/second-factor/remove", methods=["POST"])
@allow(*PEOPLE)
@also_answers(
    "wrong_credentials", "second_factor_required", "wrong_second_factor", "too_many_attempts", "conflict"
)
@blueprint.arguments(SecondFactorRemovalSchema, example=PASSWORD | {"totp_code": "246813"})
@blueprint.response(204)
def remove_second_factor(body: dict[str, Any]) -> None:
    """Remove your second factor

    With the password and a code. Every other device is signed out. A password of fewer than 15 characters has
    to be replaced by a longer one first.
    """
    _verify_password(body)
    counters = tokens.signed_in_second_factor_counters(_keys(), g.actor)
    codes = body.get("totp_code"), body.get("recovery_code")
    tried = second_factors.Attempt(g.actor.id, counters, *codes)
    second_factors.verify(database(), _keys(), tried, clock.now())
    second_factors.remove(context())


@blueprint.route("/clinics/<uuid:clinic_id>/staff/<uuid:account_id>/second-factor", methods=["DELETE"])
@allow(Role.ADMIN)
@also_answers("conflict")
@blueprint.response(204)
def reset_staff_second_factor(clinic_id: UUID, account_id: UUID) -> None:
    """Reset the second factor of a member of staff who has lost it

    Signs them out. A password of fewer than 15 characters stops working too: make an invitation code.
    """
    member = clinics.member(context(), clinic_id, account_id)
    if member.id == g.actor.id:
        sentence = Sentence("Remove your own second factor with a code, or let another admin reset it.")
        raise Conflict(FieldError("account_id", "own_account", sentence, "parameter"))
    second_factors.reset(g.session, member, agent_of(context()))


@blueprint.route("/patients/<patient:patient_id>/second-factor", methods=["DELETE"])
@allow(*CARE_TEAM)
@blueprint.response(204)
def reset_patient_second_factor(patient_id: UUID | None) -> None:
    """Reset the second factor of a patient who has lost it

    Signs them out. A password of fewer than 15 characters stops working too: make an invitation code.
    """
    ctx = context()
    second_factors.reset(ctx.session, patients.account_of(ctx, patient_id), agent_of(ctx))


def _verify_password(body: dict[str, Any]) -> None:
    caller = tokens.Caller(g.actor, network_address())
    tokens.verify_password(database(), _keys(), caller, body["current_password"], clock.now())


def _keys() -> tokens.Keys:
    keys: tokens.Keys = current_app.extensions["keys"]
    return keys
