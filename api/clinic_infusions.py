"""The clinic's infusions of some days."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g

from api.http import access_audit
from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.pagination import page, page_request
from api.http.response_cache import json_response
from api.http.transaction import context, database
from clinical.infusion import InfusionStatus
from schemas.base import page_of
from schemas.clinic_infusions import ClinicBookingSchema, ClinicInfusionSchema, ClinicInfusionsQuery
from services import clinic_infusions, infusions
from services.access import CARE_TEAM, Role

blueprint = Blueprint(
    "clinic_infusions", __name__, url_prefix="/v1/clinics", description="The clinic's infusions of some days"
)
WHOLE, BOOKED = ClinicInfusionSchema(), ClinicBookingSchema()


@blueprint.route("/<uuid:clinic_id>/infusions")
@allow(*CARE_TEAM, Role.FRONT_DESK)
@blueprint.arguments(ClinicInfusionsQuery, location="query")
@blueprint.response(200, page_of(ClinicInfusionSchema))
def list_clinic_infusions(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List a clinic's infusions of some days, with what to check before each

    Those of the clinic's current day unless from and to say otherwise, 62 days at most, in order of their
    start; a day is that of the infusion's own time zone. Each has its patient and, while it is booked, what
    to check: open alerts, reasons to hold (consultation and consent among them), what does not fit about the
    booking, a response review that is due, severe side effects of the last session, allergies and current
    medication. It clears and forbids nothing. The front desk gets the bookings alone.
    """
    statuses = [InfusionStatus(status) for status in query["status"] or InfusionStatus]
    found = clinic_infusions.page(context(), database(), clinic_id, statuses, page_request(query))
    access_audit.declare_patients("infusions", (row.patient.id for row in found.items))
    schema = WHOLE if infusions.sees_all(g.actor) else BOOKED
    body, _, headers = page(schema.dump(found.items, many=True), found.next_position)
    return json_response(current_app.json.dumps(body), headers)
