"""A patient's summary in one call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.etag import etag_headers, not_modified, revalidated
from api.http.languages import language_tag
from api.http.rate_limits import limited
from api.http.response_cache import cached_json, json_response
from api.outlooks import PRIVATE, snapshot_for
from schemas.base import AsOfQuery
from schemas.summaries import PatientSummarySchema, SummarySchema
from services.access import CARE_TEAM, Role, Scope
from services.outlooks.current import OutlookSnapshot

blueprint = Blueprint(
    "summaries",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/summary",
    description="One patient in one request",
)

OWN, WHOLE = PatientSummarySchema(), SummarySchema()


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.SUMMARY_READ)
@limited()
@revalidated
@blueprint.arguments(AsOfQuery, location="query")
@blueprint.response(200, SummarySchema)
def get_summary(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """Get a patient's summary

    Who the patient is, phase, last infusion and dose, averages of the last week, the week before and the
    baseline period, days answered and, for the clinic and its API clients, PHQ-9 against the total before
    treatment, exposure, consultation and consent, the extra ratings asked, and the outlook. A patient gets
    the same without those.
    """
    snapshot = snapshot_for(patient_id, query["as_of"])
    own = g.actor.has(Role.PATIENT)
    tag = language_tag(f"{snapshot.outlook_id}-own" if own else snapshot.outlook_id)
    if same := not_modified(tag, **PRIVATE):
        return same
    text = cached_json(("summary", snapshot.patient_id, tag), lambda: _shown(snapshot, own=own))
    return json_response(text, etag_headers(tag, **PRIVATE))


def _shown(snapshot: OutlookSnapshot, *, own: bool) -> Any:
    if own:
        return OWN.dump(snapshot.summary)
    return WHOLE.dump({**snapshot.summary, "outlook": snapshot.outlook_with_id})
