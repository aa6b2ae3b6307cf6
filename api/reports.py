"""How a clinic's forecasts turned out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import not_modified, revalidated, tagged
from api.outlooks import PRIVATE
from schemas.reports import ForecastReportSchema
from services import reports
from services.access import Role

blueprint = Blueprint("reports", __name__, url_prefix="/v1/clinics", description="Reports of a clinic")


@blueprint.route("/<uuid:clinic_id>/reports/forecast")
@allow(Role.CLINICIAN, Role.ADMIN)
@also_answers("no_report_yet")
@revalidated
@blueprint.response(200, ForecastReportSchema)
def get_forecast_report(clinic_id: UUID) -> Any:
    """Read how the clinic's forecasts turned out, when that was last worked out

    flask outlook backtest works it out. It is there in silence too: it is what a clinic decides by whether to
    show its forecasts.
    """
    report = reports.latest(g.session, g.actor, clinic_id)
    tag = str(report.id)
    return not_modified(tag, **PRIVATE) or (report.report, tagged(tag, **PRIVATE))
