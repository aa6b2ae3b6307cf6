"""Treatment courses of a patient."""

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
from schemas.treatment_courses import (
    NewTreatmentCourseSchema,
    TreatmentCourseRevisionSchema,
    TreatmentCourseSchema,
)
from services import treatment_courses
from services.access import CARE_TEAM, Role
from services.treatment_courses import CourseDraft

blueprint = Blueprint(
    "treatment_courses",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/courses",
    description="Treatment courses",
)
EXAMPLE = {
    "kind": "re_induction",
    "began_on": "2026-11-20",
    "induction_infusion_count": 4,
    "induction_days": 14,
    "consultation_version": 2,
    "baseline": {"assessed_on": "2026-11-18", "mood": 3, "anxiety": 7},
}


@blueprint.route("/<uuid:course_id>", methods=["PUT"])
@allow(Role.CLINICIAN)
@versioned(TreatmentCourseSchema())
@blueprint.arguments(NewTreatmentCourseSchema, example=EXAMPLE)
@blueprint.response(200, TreatmentCourseSchema)
@blueprint.alt_response(201, schema=TreatmentCourseSchema, description="It was recorded for the first time.")
def put_treatment_course(body: dict[str, Any], patient_id: UUID | None, course_id: UUID) -> Any:
    """Store or change a treatment course

    Phase, baseline, intervals and the outlook are those of the course. Idempotent. A correction needs
    If-Match.
    """
    draft = CourseDraft(**body)
    return write_response(treatment_courses.put(context(), patient_id, course_id, draft, expected_version()))


@blueprint.route("/<uuid:course_id>")
@allow(Role.PATIENT, *CARE_TEAM)
@also_answers("removed")
@showing_version
@blueprint.response(200, TreatmentCourseSchema)
def get_treatment_course(patient_id: UUID | None, course_id: UUID) -> Any:
    """Get a treatment course"""
    course = treatment_courses.read(context(), patient_id, course_id)
    # Never 304: the number follows from the patient's other courses, not from this one's version.
    return course, etag_headers(version_tag(course.version))


@blueprint.route("/<uuid:course_id>", methods=["DELETE"])
@allow(Role.CLINICIAN)
@versioned(TreatmentCourseSchema())
@blueprint.response(204)
def delete_treatment_course(patient_id: UUID | None, course_id: UUID) -> Any:
    """Remove a treatment course

    Its infusions belong to the course before it. Nothing is erased: its revisions stay. Idempotent.
    """
    removed = treatment_courses.remove(context(), patient_id, course_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM)
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, page_of(TreatmentCourseSchema))
def list_treatment_courses(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List treatment courses in order of their beginning"""
    found = treatment_courses.page(context(), patient_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/<uuid:course_id>/revisions")
@allow(*CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(TreatmentCourseRevisionSchema))
def list_treatment_course_revisions(query: dict[str, Any], patient_id: UUID | None, course_id: UUID) -> Any:
    """List every revision of a treatment course"""
    found = treatment_courses.revisions(context(), patient_id, course_id, page_request(query))
    return page(found.items, found.next_position)
