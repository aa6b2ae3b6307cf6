"""Each infusion's response, on days counted from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, also_drawn
from api.http.content_negotiation import JSON, PNG, SVG, negotiate, rows_response
from api.http.pictures import appearance, picture
from api.http.rate_limits import limited
from api.http.transaction import context
from api.trends import CACHING
from rendering import charts
from schemas.response_curves import ResponseCurvesQuery, ResponseCurvesSchema
from services import response_curves
from services.access import CARE_TEAM
from services.response_curves import Curves

blueprint = Blueprint(
    "response_curves",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/response-curve",
    description="Response to each infusion",
)
COLUMNS = ("infusion_number", "infused_on", "day", "wellbeing", "level", "lo80", "hi80")


@blueprint.route("")
@allow(*CARE_TEAM)
@limited(2)
@also_answers("not_acceptable")
@also_drawn
@blueprint.arguments(ResponseCurvesQuery, location="query")
@blueprint.response(200, ResponseCurvesSchema)
def get_response_curve(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """Get the response to each infusion, aligned on its day

    Onset, peak and the day on which half of the infusion's own rise over the week before was lost, with the
    level day by day. As JSON, CSV, a
    JSON object a line, or a chart (SVG, PNG) with all of them aligned on day 0, by Accept. With as_of, as it
    was known then.
    """
    form = negotiate(SVG, PNG)
    as_of = clock.not_ahead(query["as_of"]) if query["as_of"] else None
    found = response_curves.read(context(), patient_id, as_of)
    if form in {SVG, PNG}:
        return picture(form, charts.response_curves_svg(found.curves, appearance(query)), CACHING)
    return found if form == JSON else rows_response(form, COLUMNS, _rows(found))


def _rows(found: Curves) -> list[dict[str, Any]]:
    return [
        {
            "infusion_number": curve.number,
            "infused_on": str(curve.day),
            "day": day.since,
            "wellbeing": None if day.value is None else round(day.value, 3),
            "level": round(day.level, 3),
            "lo80": round(day.lo80, 3),
            "hi80": round(day.hi80, 3),
        }
        for curve in found.curves
        for day in curve.days
    ]
