"""One questionnaire's totals over a patient's course."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.rate_limits import limited
from api.http.transaction import context
from schemas.questionnaires.courses import TotalsCourseSchema
from services.access import CARE_TEAM, Scope
from services.questionnaires import courses as questionnaire_courses

blueprint = Blueprint(
    "questionnaire_courses",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/questionnaire-courses",
    description="Questionnaire totals over treatment",
)


@blueprint.route("/<instrument:instrument>")
@allow(*CARE_TEAM, scope=Scope.TRENDS_READ)
@limited()
@blueprint.response(200, TotalsCourseSchema)
def get_questionnaire_course(patient_id: UUID | None, instrument: str) -> Any:
    """Get a questionnaire's totals against the total before treatment

    Response, remission, reliable and important change, by thresholds that are returned with their citations.
    Totals answered here and totals entered by a clinician count alike, one a day; an answered one takes
    precedence.
    """
    return questionnaire_courses.course(context(), patient_id, instrument)
