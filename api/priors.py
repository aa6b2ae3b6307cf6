"""Priors estimated from the clinic's own patients (empirical Bayes)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from api.http.auth import allow
from api.http.blueprint import Blueprint
from schemas.priors import PriorListSchema
from services import priors
from services.access import Role

blueprint = Blueprint(
    "priors", __name__, url_prefix="/v1/clinics/<uuid:clinic_id>/priors", description="Estimated priors"
)


@blueprint.route("")
@allow(Role.ADMIN, Role.CLINICIAN)
@blueprint.response(200, PriorListSchema)
def list_priors(clinic_id: UUID) -> dict[str, Any]:
    """List the priors estimated from the clinic's patients

    Each estimate with its cross-validated performance. An admin uses one by naming it as outlook_prior in the
    clinic's settings, and returns to another in the same way.
    """
    return priors.proposals(g.session, g.actor, clinic_id)
