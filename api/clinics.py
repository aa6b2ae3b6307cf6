"""A clinic, its settings and its staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import (
    etag_headers,
    expected_version,
    showing_version,
    version_tag,
    versioned,
    write_response,
)
from api.http.pagination import page, page_request
from api.http.transaction import context
from schemas.accounts import InvitationSchema
from schemas.base import OrderedQuery, page_of
from schemas.clinics import (
    CareTeamMemberSchema,
    ClinicChangeSchema,
    ClinicSchema,
    MemberChangeSchema,
    MemberSchema,
    NewMemberSchema,
)
from services import clinics, tokens
from services.access import CARE_TEAM, Role, own_clinic
from services.event_log import agent_of

blueprint = Blueprint("clinics", __name__, url_prefix="/v1/clinics", description="Clinic settings and staff")


@blueprint.route("/<uuid:clinic_id>/settings")
@allow(Role.ADMIN, *CARE_TEAM, Role.FRONT_DESK)
@showing_version
@blueprint.response(200, ClinicSchema)
def get_clinic_settings(clinic_id: UUID) -> Any:
    """Get a clinic's settings"""
    clinic = clinics.read(context(), clinic_id)
    return clinic, etag_headers(version_tag(clinic.version))


@blueprint.route("/<uuid:clinic_id>/settings", methods=["PATCH"])
@allow(Role.ADMIN)
@versioned(ClinicSchema())
@blueprint.arguments(ClinicChangeSchema, example={"backfill_days": 7, "max_interval_days": 28})
@blueprint.response(200, ClinicSchema)
def update_clinic_settings(change: dict[str, Any], clinic_id: UUID) -> Any:
    """Update a clinic's settings

    outlook_mode states whether forecasts are made and shown: off, silent (made and scored, shown to nobody)
    or shown. outlook_prior is the prior of new patients' forecasts; setting one fitted to this clinic
    accepts it.
    """
    wanted = clinics.ClinicSettings(**change)
    clinic = clinics.change_settings(context(), clinic_id, wanted, expected_version())
    return clinic, etag_headers(version_tag(clinic.version))


@blueprint.route("/<uuid:clinic_id>/staff")
@allow(Role.ADMIN)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(MemberSchema))
def list_staff_members(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List a clinic's staff"""
    found = clinics.staff(context(), clinic_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/<uuid:clinic_id>/care-team")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(CareTeamMemberSchema))
def list_care_team(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List the clinicians and nurses of a clinic

    To whom a patient of the worklist can be handed over.
    """
    found = clinics.care_team(context(), clinic_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/<uuid:clinic_id>/staff", methods=["POST"])
@allow(Role.ADMIN)
@also_answers("conflict")
@blueprint.arguments(
    NewMemberSchema,
    example={"email": "wren@clinic.example", "display_name": "Wren Ashby", "roles": ["clinician"]},
)
@blueprint.response(201, MemberSchema)
@blueprint.alt_response(200, schema=MemberSchema, description="The same person was added before.")
def add_staff_member(member: dict[str, Any], clinic_id: UUID) -> Any:
    """Add a member of staff

    Idempotent: the same address and details change nothing.
    """
    ctx = context()
    own_clinic(ctx.actor, clinic_id)
    new = clinics.NewMember(**member | {"roles": frozenset(map(Role, member["roles"]))})
    return write_response(clinics.add_member(ctx.session, clinic_id, new, agent_of(ctx)))


@blueprint.route("/<uuid:clinic_id>/staff/<uuid:account_id>", methods=["PATCH"])
@allow(Role.ADMIN)
@versioned(MemberSchema())
@blueprint.arguments(MemberChangeSchema, example={"roles": ["nurse", "front_desk"]})
@blueprint.response(200, MemberSchema)
def update_staff_member(change: dict[str, Any], clinic_id: UUID, account_id: UUID) -> Any:
    """Disable or enable a member of staff, or change their roles, name or address

    Takes effect with their next request. roles replaces all roles they hold. Disabling signs them out for
    good: enabled again, they sign in again.
    """
    if "roles" in change:
        change |= {"roles": frozenset(map(Role, change["roles"]))}
    wanted = clinics.MemberChange(**change)
    account = clinics.change_member(context(), clinic_id, account_id, wanted, expected_version())
    return account, etag_headers(version_tag(account.version))


@blueprint.route("/<uuid:clinic_id>/staff/<uuid:account_id>/invitations", methods=["POST"])
@allow(Role.ADMIN)
@also_answers("conflict")
@blueprint.response(201, InvitationSchema)
def invite_staff_member(clinic_id: UUID, account_id: UUID) -> dict[str, Any]:
    """Create an invitation code for a member of staff

    For somebody who has accepted one already it is a reset: with the code they set another password, and
    every device of theirs is signed out.
    """
    lasting = timedelta(minutes=current_app.extensions["settings"].invitation_minutes)
    code, expires_at = clinics.invite_member(context(), clinic_id, account_id, lasting)
    return {"code": code, "expires_at": expires_at}


@blueprint.route("/<uuid:clinic_id>/staff/<uuid:account_id>/undo-acceptance", methods=["POST"])
@allow(Role.ADMIN)
@also_answers("conflict")
@blueprint.response(204)
def undo_staff_acceptance(clinic_id: UUID, account_id: UUID) -> None:
    """Take a member's account back from somebody else who accepted the invitation

    Their password, address and devices stop working at once, and so do all codes. Then create another
    invitation code.
    """
    clinics.undo_acceptance(context(), clinic_id, account_id)


@blueprint.route("/<uuid:clinic_id>/staff/<uuid:account_id>/sign-in-throttle", methods=["DELETE"])
@allow(*CARE_TEAM, Role.FRONT_DESK, Role.ADMIN)
@blueprint.response(204)
def lift_staff_throttle(clinic_id: UUID, account_id: UUID) -> None:
    """Let a member of staff sign in again after too many failed attempts"""
    ctx = context()
    tokens.lift_throttle_of(ctx, current_app.extensions["keys"], clinics.member(ctx, clinic_id, account_id))
