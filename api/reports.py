"""Performance of a clinic's forecasts, and outcomes of its patients."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Response, current_app, g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, also_drawn
from api.http.content_negotiation import JSON, PNG, SVG, negotiate, rows_response
from api.http.etag import etag_headers, not_modified, revalidated
from api.outlooks import PRIVATE
from api.trends import POLICY
from rendering import charts
from schemas.reports.forecast import ForecastReportSchema
from schemas.reports.outcomes import OutcomesQuery, OutcomesSchema
from services.access import Role
from services.reports import forecast as forecast_report
from services.reports import outcomes as outcomes_report

blueprint = Blueprint(
    "reports", __name__, url_prefix="/v1/clinics", description="Forecast performance and patient outcomes"
)
COLUMNS = (
    "figure",
    "instrument",
    "group",
    "elapsed_days",
    "suppressed",
    "numerator",
    "denominator",
    "patient_count",
    "value",
    "lo95",
    "hi95",
    "published",
)


@blueprint.route("/<uuid:clinic_id>/reports/forecast")
@allow(Role.CLINICIAN, Role.ADMIN)
@also_answers("no_report_yet")
@revalidated
@blueprint.response(200, ForecastReportSchema)
def get_forecast_report(clinic_id: UUID) -> Any:
    """Get the latest report on the clinic's forecasts

    `flask outlook backtest` computes it. It is available in silent mode too: from it a clinic decides whether
    to show its forecasts.
    """
    report = forecast_report.latest(g.session, g.actor, clinic_id)
    tag = str(report.id)
    return not_modified(tag, **PRIVATE) or (report.report, etag_headers(tag, **PRIVATE))


@blueprint.route("/<uuid:clinic_id>/reports/outcomes")
@allow(Role.CLINICIAN, Role.ADMIN)
@also_answers("not_acceptable")
@also_drawn
@revalidated
@blueprint.arguments(OutcomesQuery, location="query")
@blueprint.response(200, OutcomesSchema)
def get_outcomes_report(query: dict[str, Any], clinic_id: UUID) -> Any:
    """Get the outcomes of the clinic's patients

    Response and remission by questionnaire and indication, duration of responses, relief of suicidal ideation
    by day 3, side effects on the day, days answered and evaluated outlooks, each with published figures for
    comparison. Groups of fewer than five patients are not shown. As JSON, CSV, NDJSON, or a chart (SVG, PNG)
    of the duration of responses by one questionnaire, by Accept.
    """
    form = negotiate(SVG, PNG)
    found = outcomes_report.outcomes(g.session, g.actor, clinic_id, clock.now())
    if form in {SVG, PNG}:
        return _picture(form, found["loss_of_response"], query)
    if form != JSON:
        return rows_response(form, COLUMNS, _rows(found))
    # No version names all that the figures are counted from, so the tag is a hash of the body. Floats are
    # rounded to four digits first: another processor gives the same tag, except where a last digit lies on
    # the boundary of a rounding step, and then a client receives equal figures again in place of a 304.
    written = OutcomesSchema().dump(found)
    tag = sha256(current_app.json.dumps(written).encode()).hexdigest()[:32]
    return not_modified(tag, **PRIVATE) or (found, etag_headers(tag, **PRIVATE))


def _picture(form: str, losses: list[dict[str, Any]], query: dict[str, Any]) -> Response:
    loss = next((one for one in losses if one["instrument"] == query["instrument"]), {})
    points = [
        charts.SurvivalPoint(point["elapsed_days"], point["surviving"], point["lo95"], point["hi95"])
        for point in loss.get("points", ())
    ]
    known = [one for one in loss.get("published", ()) if one.share is not None]
    curve = charts.SurvivalCurve(
        query["instrument"],
        loss.get("patient_count", 0),
        points,
        [(one.duration_days, one.share) for one in known],
        ", ".join(sorted({one.study for one in known})),
    )
    drawn = charts.survival_svg(curve, query["width"], charts.Theme(query["theme"]))
    answer = current_app.response_class(drawn if form == SVG else charts.png(drawn), mimetype=form)
    answer.headers.update({**PRIVATE, "Content-Security-Policy": POLICY})
    return answer


def _rows(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for rate in found["rates"]:
        about = {"figure": rate["outcome"], "instrument": rate["instrument"], **_published(rate)}
        for row in rate["rows"]:
            yield {**about, **_figure(row), "group": row["indication"]}
    for loss in found["loss_of_response"]:
        about = {"figure": "response_held", "instrument": loss["instrument"], **_published(loss)}
        about["suppressed"] = loss["suppressed"]
        for point in loss.get("points", ({},)):
            yield {
                **about,
                **point,
                "patient_count": loss.get("patient_count"),
                "value": point.get("surviving"),
            }
    benefit = found["benefit_lasted"]
    for point in benefit.get("points", ({},)):
        about = {"figure": "benefit_lasted", "suppressed": benefit["suppressed"], **_published(benefit)}
        yield {
            **about,
            **point,
            "patient_count": benefit.get("patient_count"),
            "value": point.get("surviving"),
        }
    relief, effects = found["relief_at_day_3"], found["side_effect_rates"]
    yield {"figure": "relief_at_day_3", **_figure(relief), **_published(relief)}
    for row in effects["rows"]:
        yield {"figure": "side_effect", "group": row["code"], **_figure(row), **_published(effects)}
    days = found["days_answered"]
    for group in ("lower_quartile", "median", "upper_quartile"):
        about = {"figure": "days_answered", "group": group, "value": days.get(group), **_published(days)}
        yield {**about, "suppressed": days["suppressed"], "patient_count": days.get("patient_count")}
    yield {"figure": "outlooks_agreed", **_figure(found["outlooks"]["agreed"])}


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "value": row.get("share")}


def _published(figure: dict[str, Any]) -> dict[str, str]:
    return {"published": "; ".join(_sentence(one) for one in figure["published"])}


def _sentence(one: Any) -> str:
    share = "" if one.share is None else f" {one.share:g}"
    days = "" if one.duration_days is None else f" {one.duration_days:g} days"
    return f"{one.study}:{share}{' after' if share and days else ''}{days} ({one.description})"
