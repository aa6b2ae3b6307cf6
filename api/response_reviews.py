"""Response reviews of a patient."""

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
from api.http.pagination import page, page_request
from api.http.transaction import context
from schemas.base import DaysQuery, OrderedQuery, page_of
from schemas.response_reviews import (
    CurrentResponseReviewSchema,
    NewResponseReviewSchema,
    ResponseReviewRevisionSchema,
    ResponseReviewSchema,
)
from services import response_reviews
from services.access import CARE_TEAM, Role
from services.response_reviews import ReviewDraft

blueprint = Blueprint(
    "response_reviews",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>",
    description="Response reviews: what a series has brought, and what follows",
)
EXAMPLE = {
    "reviewed_on": "2026-11-20",
    "decision": "extend",
    "additional_infusion_count": 2,
    "note": "Sleep and drive are better, mood not yet.",
}


@blueprint.route("/response-review")
@allow(*CARE_TEAM)
@blueprint.response(200, CurrentResponseReviewSchema)
def get_current_response_review(patient_id: UUID | None) -> Any:
    """Get what the present response review rests on

    Totals and ratings against this course's baseline, computed today, and whether a review is due: some days
    after the last infusion of the series, by the clinic's setting, until one is recorded or the next infusion
    is given.
    """
    return response_reviews.current_review(context(), patient_id)


@blueprint.route("/response-reviews/<uuid:review_id>", methods=["PUT"])
@allow(Role.CLINICIAN)
@versioned(ResponseReviewSchema())
@blueprint.arguments(NewResponseReviewSchema, example=EXAMPLE)
@blueprint.response(200, ResponseReviewSchema)
@blueprint.alt_response(201, schema=ResponseReviewSchema, description="It was recorded for the first time.")
def put_response_review(body: dict[str, Any], patient_id: UUID | None, review_id: UUID) -> Any:
    """Store or change a response review

    Extending adds infusions to the series of the course, so that the patient is in induction until they are
    given. Idempotent. A correction needs If-Match.
    """
    draft = ReviewDraft(**body)
    return write_response(response_reviews.put(context(), patient_id, review_id, draft, expected_version()))


@blueprint.route("/response-reviews/<uuid:review_id>")
@allow(*CARE_TEAM)
@also_answers("removed")
@showing_version
@blueprint.response(200, ResponseReviewSchema)
def get_response_review(patient_id: UUID | None, review_id: UUID) -> Any:
    """Get a response review"""
    review = response_reviews.read(context(), patient_id, review_id)
    # Never 304: the clinician's name may change without the version.
    return review, etag_headers(version_tag(review.version))


@blueprint.route("/response-reviews/<uuid:review_id>", methods=["DELETE"])
@allow(Role.CLINICIAN)
@versioned(ResponseReviewSchema())
@blueprint.response(204)
def delete_response_review(patient_id: UUID | None, review_id: UUID) -> Any:
    """Remove a response review

    The infusions that it added are not planned any more. Nothing is erased: its revisions stay. Idempotent.
    """
    removed = response_reviews.remove(context(), patient_id, review_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("/response-reviews")
@allow(*CARE_TEAM)
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, page_of(ResponseReviewSchema))
def list_response_reviews(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List response reviews in order of their days"""
    found = response_reviews.page(context(), patient_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/response-reviews/<uuid:review_id>/revisions")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(ResponseReviewRevisionSchema))
def list_response_review_revisions(query: dict[str, Any], patient_id: UUID | None, review_id: UUID) -> Any:
    """List every revision of a response review"""
    found = response_reviews.revisions(context(), patient_id, review_id, page_request(query))
    return page(found.items, found.next_position)
