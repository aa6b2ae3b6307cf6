"""A clinic's patients."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from api.http.transaction import context
from schemas.accounts import InvitationSchema
from schemas.patients import EnrolmentSchema, PatientChangeSchema, PatientSchema
from services import patients
from services.access import CARE_TEAM, Role

blueprint = Blueprint("patients", __name__, url_prefix="/v1", description="Enrolment and details of patients")


@blueprint.route("/clinics/<uuid:clinic_id>/patients", methods=["POST"])
@allow(Role.CLINICIAN, Role.FRONT_DESK, Role.ADMIN)
@also_answers("conflict")
@showing_version
@blueprint.arguments(
    EnrolmentSchema,
    example={"record_number": "LB-0061", "display_name": "Fern Hollow", "time_zone": "America/New_York"},
)
@blueprint.response(201, PatientSchema)
@blueprint.alt_response(200, schema=PatientSchema, description="The same patient was enrolled before.")
def enrol_patient(enrolment: dict[str, Any], clinic_id: UUID) -> Any:
    """Enrol a patient

    Idempotent: the same details under the same record number change nothing.
    """
    wanted = patients.Enrolment(**enrolment)
    return write_response(patients.enrol(context(), clinic_id, wanted))


@blueprint.route("/patients/<patient:patient_id>")
@allow(Role.PATIENT, *CARE_TEAM, Role.FRONT_DESK, Role.ADMIN)
@showing_version
@blueprint.response(200, PatientSchema)
def get_patient(patient_id: UUID | None) -> Any:
    """Get a patient's details"""
    patient = patients.read(context(), patient_id)
    return patient, etag_headers(version_tag(patient.version))


@blueprint.route("/patients/<patient:patient_id>", methods=["PATCH"])
@allow(Role.PATIENT, *CARE_TEAM, Role.FRONT_DESK, Role.ADMIN)
@versioned(PatientSchema())
@blueprint.arguments(
    PatientChangeSchema,
    example={
        "telephone": "+1 406 555 0142",
        "emergency_contact": {"name": "Sage Hollow", "relation": "family", "telephone": "+1 406 555 0163"},
        "language": "en",
    },
)
@blueprint.response(200, PatientSchema)
def update_patient(change: dict[str, Any], patient_id: UUID | None) -> Any:
    """Update a patient's details

    Patients may change their time zone, day_start_hour, telephone, emergency contact and language; name,
    birth date and discharge are the clinic's. `remove` names details that are
    no longer to be stored.
    """
    if contact := change.get("emergency_contact"):
        change["emergency_contact"] = patients.EmergencyContact(**contact)
    wanted = patients.Adjustment(**change)
    patient = patients.adjust(context(), patient_id, wanted, expected_version())
    return patient, etag_headers(version_tag(patient.version))


@blueprint.route("/patients/<patient:patient_id>/invitations", methods=["POST"])
@allow(*CARE_TEAM, Role.FRONT_DESK, Role.ADMIN)
@also_answers("conflict")
@blueprint.response(201, InvitationSchema)
def invite_patient(patient_id: UUID | None) -> dict[str, Any]:
    """Create an invitation code for a patient

    Any earlier code stops working. For a patient who has accepted one already it is a reset, which only the
    care team can make: with the code they set another password, and every device of theirs is signed out. A
    code lasts as long as the clinic's invitation_hours, one that resets an hour at most.
    """
    code, expires_at = patients.invite(context(), patient_id)
    return {"code": code, "expires_at": expires_at}
