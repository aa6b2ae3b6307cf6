"""When a patient is asked for a questionnaire."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.etag import etag_headers, expected_version, showing_version, version_tag, versioned
from api.http.transaction import context
from clinical.instruments.schedule import Schedule
from schemas.questionnaires.schedules import NewQuestionnaireScheduleSchema, QuestionnaireScheduleSchema
from services.access import CARE_TEAM, Role
from services.questionnaires import schedules

blueprint = Blueprint(
    "questionnaire_schedules",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/questionnaire-schedules",
    description="When questionnaires are due",
)
EXAMPLE = {"weekly": True, "before_infusion": True, "days_after_infusion": [1, 7], "window_days": 2}


@blueprint.route("/<code>")
@allow(Role.PATIENT, *CARE_TEAM)
@showing_version
@blueprint.response(200, QuestionnaireScheduleSchema)
def get_questionnaire_schedule(patient_id: UUID | None, code: str) -> Any:
    """Get when a patient is asked for a questionnaire

    The patient's summary lists what is due today.
    """
    arranged = schedules.read(context(), patient_id, code)
    return arranged, etag_headers(version_tag(arranged.version))


@blueprint.route("/<code>", methods=["PUT"])
@allow(Role.CLINICIAN)
@versioned(QuestionnaireScheduleSchema())
@blueprint.arguments(NewQuestionnaireScheduleSchema, example=EXAMPLE)
@blueprint.response(200, QuestionnaireScheduleSchema)
def put_questionnaire_schedule(schedule: Schedule, patient_id: UUID | None, code: str) -> Any:
    """Set when a patient is asked for a questionnaire

    Idempotent. Changing a schedule needs If-Match.
    """
    arranged = schedules.put(context(), patient_id, code, schedule, expected_version())
    return arranged, etag_headers(version_tag(arranged.version))
