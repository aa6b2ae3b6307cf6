"""Forecast of a patient's next maintenance infusion, its history, and decisions on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import etag_headers, not_modified, revalidated
from api.http.languages import language_tag
from api.http.pagination import page, page_request
from api.http.rate_limits import limited
from api.http.transaction import context, database
from clinical.outlook_decision import ClinicianDecision
from schemas.base import AsOfQuery, LatestFirstDaysQuery, page_of
from schemas.outlook_decisions import DecisionSchema, NewDecisionSchema, PastOutlookSchema
from schemas.outlooks import OutlookSchema
from services.access import CARE_TEAM, Role, Scope
from services.outlooks import (
    current as current_outlooks,
)
from services.outlooks import (
    decisions as outlook_decisions,
)
from services.outlooks import (
    history as outlook_history,
)
from services.outlooks.decisions import DecisionDraft

blueprint = Blueprint(
    "outlooks",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/outlook",
    description="Forecasts, their history and decisions on them",
)
EXAMPLE = {
    "outlook_id": "s151-1-wear-off-4-20261122",
    "decision": "differ",
    "rationale": "Away in the last week of November; comes before.",
    "booked_on": "2026-11-24",
}
PRIVATE = {"Cache-Control": "private, no-cache"}


@blueprint.route("")
@allow(*CARE_TEAM, scope=Scope.SUMMARY_READ)
@limited()
@revalidated
@blueprint.arguments(AsOfQuery, location="query")
@blueprint.response(200, OutlookSchema)
def get_outlook(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """Get when a patient's next maintenance infusion is due, and why

    It informs a clinician, who decides. Where too little is known, status is insufficient_data and missing
    lists what a forecast needs. With as_of, the outlook as it was, or would have been, at that instant. Where
    the clinic does not show its forecasts, the protocol's dates and the reason why there is no forecast.
    """
    snapshot = snapshot_for(patient_id, query["as_of"])
    tag = language_tag(snapshot.outlook_id)
    return not_modified(tag, **PRIVATE) or (snapshot.outlook_with_id, etag_headers(tag, **PRIVATE))


@blueprint.route("/history")
@allow(*CARE_TEAM, scope=Scope.SUMMARY_READ)
@limited()
@also_answers("nothing_shown")
@blueprint.arguments(LatestFirstDaysQuery, location="query")
@blueprint.response(200, page_of(PastOutlookSchema))
def list_past_outlooks(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List a patient's past outlooks, the newest first, unless asked otherwise

    One entry for each change of the status, of the reason for no forecast or of the recommended day, with
    its reasons, the engine's version and the decisions on it; an API client gets no clinician's own words.
    409 nothing_shown where the clinic does not show its forecasts, since past ones are forecasts too.
    """
    found = outlook_history.page(context(), patient_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/decisions/<uuid:decision_id>", methods=["PUT"])
@allow(Role.CLINICIAN)
@also_answers("superseded", "conflict", "nothing_shown", "outside_maintenance")
@blueprint.arguments(NewDecisionSchema, example=EXAMPLE)
@blueprint.response(200, DecisionSchema)
@blueprint.alt_response(201, schema=DecisionSchema, description="It was recorded for the first time.")
def put_outlook_decision(body: dict[str, Any], patient_id: UUID | None, decision_id: UUID) -> Any:
    """Store a decision on an outlook

    Agree, or differ with a reason; booked_on is the day the next infusion was booked for elsewhere, since
    nothing is booked here. Idempotent, also after the clinic stopped showing its forecasts; the response then
    omits what the outlook stated. 409 superseded where the outlook has changed since, with the id of the
    current one; 409 outside_maintenance for a patient outside maintenance. A clinician may also decide
    where too little is known for a forecast.
    """
    draft = DecisionDraft(
        body["outlook_id"], ClinicianDecision(body["decision"]), body.get("reason"), body.get("booked_on")
    )
    result = outlook_decisions.put(context(), patient_id, decision_id, draft)
    return result.value, 201 if result.created else 200


def snapshot_for(patient_id: UUID | None, as_of: datetime | None) -> current_outlooks.OutlookSnapshot:
    """Return a patient's summary and outlook, now or as of an instant; for every view that shows a part."""
    if as_of is not None:
        return current_outlooks.snapshot_as_of(g.session, g.actor, patient_id, clock.not_ahead(as_of))
    return current_outlooks.snapshot(context(), database(), patient_id)
