"""Optional daily ratings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.etag import etag_headers, expected_version, showing_version, version_tag, versioned
from api.http.transaction import context
from schemas.daily_ratings import DailyRatingsSchema, NewDailyRatingsSchema
from services import daily_ratings
from services.access import CARE_TEAM, Role

blueprint = Blueprint(
    "daily_ratings",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/daily-ratings",
    description="Optional daily ratings",
)


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM)
@showing_version
@blueprint.response(200, DailyRatingsSchema)
def get_daily_ratings(patient_id: UUID | None) -> Any:
    """Get the optional daily ratings of a patient, compared before and after treatment

    The answers are given in the check-in, under ratings. None of them enters the outlook but one that is the
    target measure of the patient's course.
    """
    found = daily_ratings.read(context(), patient_id)
    return found, etag_headers(version_tag(found.version))


@blueprint.route("", methods=["PUT"])
@allow(Role.CLINICIAN)
@versioned(DailyRatingsSchema())
@blueprint.arguments(NewDailyRatingsSchema, example={"codes": ["craving", "sleep"]})
@blueprint.response(200, DailyRatingsSchema)
def put_daily_ratings(body: dict[str, Any], patient_id: UUID | None) -> Any:
    """Choose the optional daily ratings of a patient

    Idempotent. Changing a choice needs If-Match. Answers already given stay. The target measure of the
    patient's course remains asked.
    """
    found = daily_ratings.put(context(), patient_id, body["codes"], expected_version())
    return found, etag_headers(version_tag(found.version))
