"""The catalogue of side effects, and a patient's over time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow, public
from api.http.blueprint import Blueprint
from api.http.etag import etag_headers, not_modified, revalidated
from api.http.languages import language_tag
from api.http.rate_limits import limited
from api.http.transaction import context
from clinical.check_in import Severity
from clinical.side_effects import CATALOGUE, EDITION
from schemas.base import SeriesQuery
from schemas.side_effects import SideEffectCatalogueSchema, SideEffectsSchema
from services import side_effects
from services.access import CARE_TEAM

blueprint = Blueprint("side_effects", __name__, description="Side effects and their course")
PUBLIC = {"Cache-Control": "public, max-age=3600"}


@blueprint.route("/v1/catalog/side-effects")
@public
@revalidated
@blueprint.response(200, SideEffectCatalogueSchema)
def get_side_effect_catalogue() -> Any:
    """List the side effects and severities that a check-in may name"""
    body = {"items": CATALOGUE, "severities": [str(level) for level in Severity]}
    tag = language_tag(EDITION)
    return not_modified(tag, **PUBLIC) or (body, etag_headers(tag, **PUBLIC))


@blueprint.route("/v1/patients/<patient:patient_id>/side-effects")
@allow(*CARE_TEAM)
@limited(2)
@blueprint.arguments(SeriesQuery, location="query")
@blueprint.response(200, SideEffectsSchema)
def get_side_effect_course(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """Get a patient's side effects over time

    By day and by infusion, prolonged side effects, urinary symptoms by month, and for each session the side
    effects observed and the blood pressure; of the last 26 weeks without from, and of five years at most.
    """
    return side_effects.over_time(context(), patient_id, query["first"], query["last"])
