"""Who read a patient's record, and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.content_negotiation import negotiate, series_response
from api.http.pagination import page_request
from api.http.transaction import context
from schemas.access_log import AccessSchema
from schemas.base import LatestFirstDaysQuery, page_of
from services import access_log
from services.access import Role

blueprint = Blueprint(
    "access_log",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/access-log",
    description="Audit log of reads",
)
COLUMNS = ("read_at", "reader", "roles", "resource", "of_all_patients")


@blueprint.route("")
@allow(Role.PATIENT)
@also_answers("not_acceptable")
@blueprint.arguments(LatestFirstDaysQuery, location="query")
@blueprint.response(200, page_of(AccessSchema))
def list_access_log(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List who read a patient's record, the latest first, unless asked otherwise

    Each reader once an hour for each part of it; your own reading is not listed; from and to are days in the
    patient's time zone. As JSON, CSV or a JSON
    object a line, by Accept.
    """
    form = negotiate()
    found = access_log.page(context(), patient_id, page_request(query))
    return series_response(form, COLUMNS, AccessSchema(many=True).dump(found.items), found.next_position)
