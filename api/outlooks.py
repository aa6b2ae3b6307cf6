"""Benefit left, due window, reasons; what was said before, and what was decided on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import etag_headers, not_modified, revalidated
from api.http.pagination import page, read_cursor, split_page
from api.http.transaction import database
from clinical.outlook import ClinicianDecision
from schemas.base import AsOfQuery, PageQuery, page_of
from schemas.outlook_decisions import DecisionSchema, NewDecisionSchema, PastOutlookSchema
from schemas.outlooks import OutlookSchema
from services.access import Role, Scope
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
    "outlook_id": "s151-1-wear-off-2-20261122",
    "decision": "differ",
    "rationale": "Away in the last week of November; comes before.",
    "booked_on": "2026-11-24",
}
PRIVATE = {"Cache-Control": "private, no-cache"}


@blueprint.route("")
@allow(Role.CLINICIAN, scope=Scope.SUMMARY_READ)
@revalidated
@blueprint.arguments(AsOfQuery, location="query")
@blueprint.response(200, OutlookSchema)
def get_outlook(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """Get when a patient's next maintenance infusion is due, and why

    It informs a clinician, who decides. Answers status insufficient_data, with what is missing, rather than
    guess. With as_of, what it would have said then, from what was known then. Where the clinic does not show
    its forecasts, the plan's facts and why there is nothing more.
    """
    snapshot = snapshot_for(patient_id, query["as_of"])
    return not_modified(snapshot.tag, **PRIVATE) or (
        snapshot.named_outlook,
        etag_headers(snapshot.tag, **PRIVATE),
    )


@blueprint.route("/history")
@allow(Role.CLINICIAN, scope=Scope.SUMMARY_READ)
@also_answers("nothing_shown")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(PastOutlookSchema))
def list_past_outlooks(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List a patient's past outlooks, the newest first

    One entry each time it began to say something else: its status, its refusal or its recommended day. With
    the reasons then, the engine that said it, and what was decided on it; an integration is not given a
    clinician's own words. Where the clinic does not show its forecasts, 409 nothing_shown: those it showed
    before are forecasts too.
    """
    before = read_cursor(query["cursor"])
    found = outlook_history.history(g.session, g.actor, patient_id, before, query["limit"] + 1)
    return page(*split_page(found, query["limit"], lambda told: told.change.number))


@blueprint.route("/decisions/<uuid:decision_id>", methods=["PUT"])
@allow(Role.CLINICIAN)
@also_answers("superseded", "conflict", "nothing_shown", "outside_maintenance")
@blueprint.arguments(NewDecisionSchema, example=EXAMPLE)
@blueprint.response(200, DecisionSchema)
@blueprint.alt_response(201, schema=DecisionSchema, description="It was recorded for the first time.")
def put_outlook_decision(body: dict[str, Any], patient_id: UUID | None, decision_id: UUID) -> Any:
    """Store a decision on an outlook

    Agree, or differ and say why; and the day the next infusion was booked for, if it was. Nothing is booked
    by it. Idempotent, also where the clinic has stopped showing its forecasts since; then it is answered
    without what the outlook said. An outlook that is no longer the present one is answered 409 superseded,
    with the present one's id; a patient outside maintenance 409 outside_maintenance. Where too little is
    known for a forecast, a clinician may decide all the same.
    """
    draft = DecisionDraft(
        body["outlook_id"], ClinicianDecision(body["decision"]), body.get("reason"), body.get("booked_on")
    )
    decided = outlook_decisions.put(g.session, g.actor, patient_id, decision_id, draft, clock.now())
    return decided.decision, 201 if decided.created else 200


def snapshot_for(patient_id: UUID | None, as_of: datetime | None) -> current_outlooks.OutlookSnapshot:
    """Give a patient's standing, present or past, to the views that show a part of it."""
    if as_of is not None:
        return current_outlooks.snapshot_as_of(g.session, g.actor, patient_id, clock.not_ahead(as_of))
    return current_outlooks.snapshot(g.session, database(), g.actor, patient_id, clock.now())
