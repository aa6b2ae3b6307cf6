"""Consents to share a record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http import access_audit
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
from schemas.consents import (
    CodeSchema,
    ConsentRevisionSchema,
    ConsentSchema,
    NewConsentSchema,
    OpenedListSchema,
    OpenedSchema,
)
from services import consents
from services.access import Part, Role
from services.consents import ConsentDraft

blueprint = Blueprint("consents", __name__, url_prefix="/v1", description="Sharing with delegates")
OF_PATIENT = "/patients/<patient:patient_id>/consents"
ONE = f"{OF_PATIENT}/<uuid:consent_id>"
EXAMPLE = {
    "name": "My sister",
    "relation": "family",
    "parts": ["check_ins", "infusions"],
    "expires_on": "2027-02-28",
}


@blueprint.route(ONE, methods=["PUT"])
@allow(Role.PATIENT)
@versioned(ConsentSchema())
@blueprint.arguments(NewConsentSchema, example=EXAMPLE)
@blueprint.response(200, ConsentSchema)
@blueprint.alt_response(201, schema=ConsentSchema, description="It was agreed to for the first time.")
def put_consent(body: dict[str, Any], patient_id: UUID | None, consent_id: UUID) -> Any:
    """Store or change a consent to share

    Idempotent. A change needs If-Match. The delegate can read nothing before accepting the code of an
    invitation; a change takes effect with the delegate's next request.
    """
    draft = ConsentDraft(**body | {"parts": frozenset(map(Part, body["parts"]))})
    stored = consents.put(context(), patient_id, consent_id, draft, expected_version())
    return write_response(stored, stored.value.consent.version)


@blueprint.route(ONE)
@allow(Role.PATIENT, Role.CLINICIAN)
@showing_version
@blueprint.response(200, ConsentSchema)
def get_consent(patient_id: UUID | None, consent_id: UUID) -> Any:
    """Get a consent"""
    found = consents.read(context(), patient_id, consent_id)
    return found, etag_headers(version_tag(found.consent.version))


@blueprint.route(OF_PATIENT)
@allow(Role.PATIENT, Role.CLINICIAN)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(ConsentSchema))
def list_consents(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List a patient's consents, revoked and expired ones included"""
    found = consents.page(context(), patient_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route(f"{ONE}/revisions")
@allow(Role.PATIENT, Role.CLINICIAN)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(ConsentRevisionSchema))
def list_consent_revisions(query: dict[str, Any], patient_id: UUID | None, consent_id: UUID) -> Any:
    """List every revision of a consent"""
    found = consents.revisions(context(), patient_id, consent_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route(f"{ONE}/revoke", methods=["POST"])
@allow(Role.PATIENT, Role.CLINICIAN)
@blueprint.response(200, ConsentSchema)
def revoke_consent(patient_id: UUID | None, consent_id: UUID) -> Any:
    """Revoke a consent

    It takes effect with the delegate's next request, and needs no version: no change in between is a reason
    to go on sharing. Idempotent.
    """
    revoked = consents.revoke(context(), patient_id, consent_id)
    return revoked, etag_headers(version_tag(revoked.consent.version))


@blueprint.route(f"{ONE}/invitations", methods=["POST"])
@allow(Role.PATIENT)
@also_answers("conflict")
@blueprint.response(201, InvitationSchema)
def invite_delegate(patient_id: UUID | None, consent_id: UUID) -> dict[str, Any]:
    """Create an invitation code for a delegate

    An earlier code of the same consent no longer works.
    """
    code, expires_at = consents.invite(context(), patient_id, consent_id)
    return {"code": code, "expires_at": expires_at}


@blueprint.route("/me/consents")
@allow(Role.DELEGATE)
@blueprint.response(200, OpenedListSchema)
def list_consents_given_to_me() -> dict[str, Any]:
    """List the consents that patients gave you"""
    found = consents.shared_with(context())
    access_audit.declare_patients("consents", (each.patient.id for each in found))
    return {"items": found}


@blueprint.route("/me/consents", methods=["POST"])
@allow(Role.DELEGATE)
@also_answers("invitation_spent")
@blueprint.arguments(CodeSchema, example={"code": "0123456789ABCDEFGHJKMNPQRS"})
@blueprint.response(201, OpenedSchema)
def accept_consent(body: dict[str, Any]) -> Any:
    """Accept a patient's consent with your account"""
    shared = consents.accept(context(), body["code"])
    access_audit.declare_patients("consents", [shared.patient.id])
    return shared
