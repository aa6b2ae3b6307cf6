"""A patient's questionnaire responses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.content_negotiation import negotiate, series_response
from api.http.etag import etag_headers, expected_version, not_modified, revalidated, version_tag, versioned
from api.http.pagination import page, page_request
from api.http.rate_limits import limited
from api.http.response_cache import json_response
from api.http.safety_intake.item_9 import screens_item_9
from api.http.transaction import context
from clinical.instruments.response import FormDraft
from schemas.base import OrderedQuery, page_of
from schemas.questionnaires.responses import (
    NewQuestionnaireResponseSchema,
    QuestionnaireResponseRevisionSchema,
    QuestionnaireResponseSchema,
    ResponsesQuery,
    StoredQuestionnaireResponseSchema,
)
from services.access import CARE_TEAM, Part, Role, Scope
from services.questionnaires import responses

blueprint = Blueprint(
    "questionnaire_responses",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/questionnaire-responses",
    description="Completed and partial questionnaires",
)
COLUMNS = ("local_date", "id", "instrument", "instrument_version", "complete", "total", "band", "version")
ONE = "/<uuid:response_id>"
RESPONSE = QuestionnaireResponseSchema()
# What a delegate is shown: never a single answer, and so never item 9.
TOTALS = QuestionnaireResponseSchema(exclude=("answers", "item_9", "clusters"))
EXAMPLE = {
    "instrument": "gad-7",
    "instrument_version": "1",
    "local_date": "2026-11-21",
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-21T20:10:00-05:00",
    "answers": {"1": 2, "2": 1, "3": 1, "4": 2, "5": 0, "6": 1, "7": 1},
}


@blueprint.route(ONE, methods=["PUT"])
@allow(Role.PATIENT, *CARE_TEAM)
@screens_item_9
@versioned(RESPONSE)
@blueprint.arguments(NewQuestionnaireResponseSchema, example=EXAMPLE)
@blueprint.response(200, StoredQuestionnaireResponseSchema)
@blueprint.alt_response(
    201, schema=StoredQuestionnaireResponseSchema, description="It was stored for the first time."
)
def put_questionnaire_response(draft: FormDraft, patient_id: UUID | None, response_id: UUID) -> Any:
    """Store or correct a questionnaire response, complete or partial

    Send it as often as an item is answered: a partial response is stored, and scored once it is complete. An
    item 9 of the PHQ-9 above "not at all" is acted on at once, whatever happens to the rest: where the
    response is rejected, that item alone is stored, and the problem carries safety and the version to
    correct. Idempotent. Other answers under the same id need If-Match with the version they correct.
    """
    with g.session.begin_nested():
        stored = responses.put(context(), patient_id, response_id, draft, expected_version())
    return stored, 201 if stored.created else 200, etag_headers(version_tag(stored.response.version))


@blueprint.route(ONE)
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.TRENDS_READ, part=Part.QUESTIONNAIRES)
@also_answers("removed")
@revalidated
@blueprint.response(200, QuestionnaireResponseSchema)
def get_questionnaire_response(patient_id: UUID | None, response_id: UUID) -> Any:
    """Get a questionnaire response"""
    found = responses.read(context(), patient_id, response_id)
    if not g.actor.has(Role.DELEGATE):
        tag = version_tag(found.version)
        return not_modified(tag) or (found, etag_headers(tag))
    tag = f"{version_tag(found.version)}-totals"
    return not_modified(tag) or json_response(current_app.json.dumps(TOTALS.dump(found)), etag_headers(tag))


@blueprint.route(ONE, methods=["DELETE"])
@allow(Role.CLINICIAN)
@versioned(RESPONSE)
@blueprint.response(204)
def delete_questionnaire_response(patient_id: UUID | None, response_id: UUID) -> Any:
    """Mark a questionnaire response as entered in error

    Nothing is erased: its revisions stay, and so does every alert it raised.
    """
    removed = responses.remove(context(), patient_id, response_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.TRENDS_READ, part=Part.QUESTIONNAIRES)
@limited()
@also_answers("not_acceptable")
@blueprint.arguments(ResponsesQuery, location="query")
@blueprint.response(200, page_of(QuestionnaireResponseSchema))
def list_questionnaire_responses(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List questionnaire responses in order of day

    As JSON, CSV or NDJSON, by Accept. A delegate gets totals and bands, and no single answer.
    """
    form = negotiate()
    found = responses.page(context(), patient_id, page_request(query), query["instrument"])
    schema = TOTALS if g.actor.has(Role.DELEGATE) else RESPONSE
    return series_response(form, COLUMNS, schema.dump(found.items, many=True), found.next_position)


@blueprint.route(f"{ONE}/revisions")
@allow(Role.PATIENT, *CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(QuestionnaireResponseRevisionSchema))
def list_questionnaire_response_revisions(
    query: dict[str, Any], patient_id: UUID | None, response_id: UUID
) -> Any:
    """List every revision of a questionnaire response"""
    found = responses.revisions(context(), patient_id, response_id, page_request(query))
    return page(found.items, found.next_position)
