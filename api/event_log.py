"""Sign-ins, and changes of who may do what: by whom, when and from where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.content_negotiation import negotiate, series_response
from api.http.pagination import page_request
from api.http.transaction import context
from schemas.base import LatestFirstDaysQuery
from schemas.event_log import EventLogEntryPage, EventLogEntrySchema, EventLogQuery
from services import event_log
from services.access import CARE_TEAM, STAFF, Role
from services.revisions import Page

blueprint = Blueprint("event_log", __name__, description="Audit log of sign-ins and changes of access")
COLUMNS = (
    "occurred_at",
    "event",
    "outcome",
    "actor_name",
    "actor_roles",
    "account_name",
    "patient_id",
    "address",
    "details",
)


@blueprint.route("/v1/clinics/<uuid:clinic_id>/event-log")
@allow(Role.ADMIN, *CARE_TEAM)
@also_answers("not_acceptable")
@blueprint.arguments(EventLogQuery, location="query")
@blueprint.response(200, EventLogEntryPage)
def list_event_log(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List a clinic's sign-ins and changes of access, the latest first

    Admins see every event; clinicians and nurses see who was given or denied access to records: staff, their
    roles and API clients. from and to are days in the clinic's time zone. As JSON, CSV or a JSON object a
    line, by Accept.
    """
    form = negotiate()
    chosen = query.get("event"), query.get("account_id")
    found = event_log.page(context(), clinic_id, page_request(query), *chosen)
    return series_response(
        form, COLUMNS, EventLogEntrySchema(many=True).dump(found.items), found.next_position
    )


@blueprint.route("/v1/me/event-log")
@allow(Role.PATIENT, *STAFF, Role.DELEGATE)
@also_answers("not_acceptable")
@blueprint.arguments(LatestFirstDaysQuery, location="query")
@blueprint.response(200, EventLogEntryPage)
def list_my_event_log(query: dict[str, Any]) -> Any:
    """List what was done at your account or concerns you, the latest first

    Your sign-ins and failed ones, devices, invitations, consents, exports; for a patient also what staff did,
    as an override. As JSON, CSV or a JSON object a line, by Accept.
    """
    form = negotiate()
    found = event_log.page_of_own(context(), page_request(query))
    return series_response(
        form, COLUMNS, EventLogEntrySchema(many=True).dump(found.items), found.next_position
    )


def _response(form: str, found: Page[event_log.ListedEvent]) -> Any:
    rows = EventLogEntrySchema(many=True).dump(found.items)
    return series_response(form, COLUMNS, rows, found.next_position)
