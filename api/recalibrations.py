"""Recalibrations estimated from the clinic's own record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from api.http.auth import allow
from api.http.blueprint import Blueprint
from schemas.recalibrations import RecalibrationListSchema
from services.access import Role
from services.reports import recalibrations

blueprint = Blueprint(
    "recalibrations",
    __name__,
    url_prefix="/v1/clinics/<uuid:clinic_id>/recalibrations",
    description="Recalibrations of the forecasts",
)


@blueprint.route("")
@allow(Role.ADMIN, Role.CLINICIAN)
@blueprint.response(200, RecalibrationListSchema)
def list_recalibrations(clinic_id: UUID) -> dict[str, Any]:
    """List the recalibrations estimated from the clinic's record

    Each estimate with its standard errors and its cross-validation. An admin applies one by naming it as
    outlook_recalibration in the clinic's settings, and returns to none in the same way.
    """
    return recalibrations.proposals(g.session, g.actor, clinic_id)
