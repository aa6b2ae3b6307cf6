"""A patient's treatment plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.etag import etag_headers, expected_version, showing_version, version_tag, versioned
from api.http.transaction import context
from schemas.protocols import NewProtocolSchema, ProtocolSchema
from services import protocols
from services.access import CARE_TEAM, Role

blueprint = Blueprint(
    "protocols",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/protocol",
    description="Treatment protocols",
)


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM)
@showing_version
@blueprint.response(200, ProtocolSchema)
def get_protocol(patient_id: UUID | None) -> Any:
    """Get a patient's treatment protocol"""
    prescribed = protocols.read(context(), patient_id)
    return prescribed, etag_headers(version_tag(prescribed.version))


@blueprint.route("", methods=["PUT"])
@allow(Role.CLINICIAN)
@versioned(ProtocolSchema())
@blueprint.arguments(NewProtocolSchema, example={"min_interval_days": 14, "max_interval_days": 35})
@blueprint.response(200, ProtocolSchema)
def put_protocol(body: dict[str, Any], patient_id: UUID | None) -> Any:
    """Set where a patient's protocol differs from the clinic's

    Idempotent. Changing a plan that is set needs If-Match.
    """
    draft = protocols.ProtocolDraft(**body)
    prescribed = protocols.put(context(), patient_id, draft, expected_version())
    return prescribed, etag_headers(version_tag(prescribed.version))
