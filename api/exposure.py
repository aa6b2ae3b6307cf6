"""Cumulative exposure and reasons to hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.transaction import context
from schemas.exposure import ExposureSchema
from services import exposure
from services.access import CARE_TEAM

blueprint = Blueprint(
    "exposure",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/exposure",
    description="Cumulative dose and hold reasons",
)


@blueprint.route("")
@allow(*CARE_TEAM)
@blueprint.response(200, ExposureSchema)
def get_exposure(patient_id: UUID | None) -> Any:
    """Get a patient's cumulative dose, infusion counts and hold reasons

    Facts with their numbers. A reason to hold changes nothing in the outlook.
    """
    return exposure.read(context(), patient_id)
