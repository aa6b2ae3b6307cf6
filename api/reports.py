"""Performance of a clinic's forecasts, and outcomes of its patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, also_drawn
from api.http.content_negotiation import JSON, PNG, SVG, negotiate, rows_response
from api.http.etag import etag_headers, not_modified, revalidated
from api.http.languages import language_tag
from api.http.pictures import appearance, picture
from api.http.rate_limits import limited
from api.http.transaction import context
from api.outlooks import PRIVATE
from clinical.custom_instrument import is_custom
from clinical.instruments.change import thresholds_of
from clinical.score import Instrument
from clinical.sentences import Sentence
from clinical.suitability import Indication
from clinical.treatment_course import CourseKind
from rendering import charts
from schemas.chart_query import ChartQuery
from schemas.reports.forecast import ForecastReportRequestSchema, ForecastReportSchema
from schemas.reports.outcomes import OutcomesQuery, OutcomesSchema
from services.access import Role, Scope
from services.errors import FieldError, Invalid
from services.reports import forecast as forecast_report
from services.reports import forecast_jobs
from services.reports import outcomes as outcomes_report
from services.reports.outcomes import OutcomesRequest, SmallGroups
from services.reports.outcomes_data import CourseFilter

blueprint = Blueprint(
    "reports", __name__, url_prefix="/v1/clinics", description="Forecast performance and patient outcomes"
)
RETRY_AFTER_S = 60
"""When to look for a report that was asked for, seconds. Operational."""
NO_RESPONSE = Sentence(
    "No response by this questionnaire was published: ask for JSON or CSV, or send another."
)
COLUMNS = (
    "figure",
    "instrument",
    "criterion",
    "threshold",
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


RELIABILITY_COLUMNS = ("p_from", "p_to", "cycle_count", "mean_forecast", "observed_share", "lo95", "hi95")


@blueprint.route("/<uuid:clinic_id>/reports/forecast")
@allow(Role.CLINICIAN, Role.ADMIN)
@limited(10)
@also_answers("no_report_yet", "not_acceptable")
@also_drawn
@revalidated
@blueprint.arguments(ChartQuery, location="query")
@blueprint.response(200, ForecastReportSchema)
def get_forecast_report(query: dict[str, Any], clinic_id: UUID) -> Any:
    """Get the latest report on the clinic's forecasts

    It is made every night, and on request (POST). It begins with how to read it, and is available in silent
    mode too: from it a clinic decides whether to show its forecasts. As JSON; or by Accept the probabilities
    against what was observed, as a picture (SVG, PNG) or a table (CSV, NDJSON).
    """
    form = negotiate(SVG, PNG)
    report = forecast_report.latest(g.session, g.actor, clinic_id)
    if form in {SVG, PNG}:
        return picture(form, _reliability(report.report, query), PRIVATE)
    if form != JSON:
        return rows_response(form, RELIABILITY_COLUMNS, report.report.get("reliability", ()))
    tag = language_tag(str(report.id))
    return not_modified(tag, **PRIVATE) or (report.report, etag_headers(tag, **PRIVATE))


@blueprint.route("/<uuid:clinic_id>/reports/forecast", methods=["POST"])
@allow(Role.CLINICIAN, Role.ADMIN)
@limited(10)
@blueprint.response(202, ForecastReportRequestSchema)
def request_forecast_report(clinic_id: UUID) -> Any:
    """Ask for a report on the clinic's forecasts

    A worker makes it within minutes; one that is asked for already stays as it is. Then read it by GET, after
    the seconds in Retry-After.
    """
    asked = forecast_jobs.request(context(), clinic_id)
    return asked, {"Location": request.path, "Retry-After": str(RETRY_AFTER_S)}


def _reliability(report: dict[str, Any], query: dict[str, Any]) -> str:
    after = report.get("recalibrated", {}).get("reliability", ())
    return charts.reliability_svg(_points(report.get("reliability", ())), appearance(query), _points(after))


def _points(bins: Iterable[Mapping[str, Any]]) -> list[charts.ReliabilityPoint]:
    return [
        charts.ReliabilityPoint(
            each["mean_forecast"], each["observed_share"], each["lo95"], each["hi95"], each["cycle_count"]
        )
        for each in bins
        if "observed_share" in each
    ]


@blueprint.route("/<uuid:clinic_id>/reports/outcomes")
@allow(Role.CLINICIAN, Role.ADMIN, scope=Scope.REPORTS_READ)
@limited(10)
@also_answers("not_acceptable")
@also_drawn
@revalidated
@blueprint.arguments(OutcomesQuery, location="query")
@blueprint.response(200, OutcomesSchema)
def get_outcomes_report(query: dict[str, Any], clinic_id: UUID) -> Any:
    """Get the outcomes of the clinic's patients

    Response, remission, worsening and mean change by questionnaire and indication, duration of responses,
    relief of suicidal ideation by day 3, side effects on the day, days answered and evaluated outlooks, each
    with published figures for comparison. Of each patient one course counts. Groups of fewer than five
    patients are shown to the clinic's own staff, who can ask for figures without them, and to no integration.
    As JSON, CSV, NDJSON, or a chart (SVG, PNG) of the duration of responses by one questionnaire, by Accept.
    """
    form = negotiate(SVG, PNG)
    if form in {SVG, PNG}:
        return _picture(form, clinic_id, query)
    found = outcomes_report.outcomes(context(), clinic_id, _request(query))
    if form != JSON:
        return rows_response(form, COLUMNS, _rows(found))
    # No version names all that the figures are counted from, so the tag is a hash of the body. Floats are
    # rounded to four digits first: another processor gives the same tag, except where a last digit lies on
    # the boundary of a rounding step, and then a client receives equal figures again in place of a 304.
    written = OutcomesSchema().dump(found)
    tag = sha256(current_app.json.dumps(written).encode()).hexdigest()[:32]
    return not_modified(tag, **PRIVATE) or (found, etag_headers(tag, **PRIVATE))


def _request(query: dict[str, Any]) -> OutcomesRequest:
    kind, indication, small_groups = query["course_kind"], query["indication"], query["small_groups"]
    wanted = CourseFilter(
        query["first"],
        query["last"],
        kind and CourseKind(kind),
        indication and Indication(indication),
        query["clinician_id"],
    )
    return OutcomesRequest(wanted, query["instrument"], small_groups and SmallGroups(small_groups))


def _picture(form: str, clinic_id: UUID, query: dict[str, Any]) -> Response:
    instrument = query["instrument"] or str(Instrument.PHQ_9)
    if is_custom(instrument) or thresholds_of(instrument).response_share is None:
        raise Invalid(FieldError("instrument", "no_published_response", NO_RESPONSE, "parameter"))
    found = outcomes_report.outcomes(context(), clinic_id, _request({**query, "instrument": instrument}))
    loss: dict[str, Any] = next(iter(found["loss_of_response"]), {})
    points = [
        charts.SurvivalPoint(point["elapsed_days"], point["surviving"], point["lo95"], point["hi95"])
        for point in loss.get("points", ())
    ]
    known = [one for one in loss.get("published", ()) if one.share is not None]
    curve = charts.SurvivalCurve(
        instrument,
        loss.get("patient_count", 0),
        points,
        [(one.duration_days, one.share) for one in known],
        ", ".join(sorted({one.study for one in known})),
    )
    return picture(form, charts.survival_svg(curve, appearance(query)), PRIVATE)


def _rows(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for rate in found["rates"]:
        names = ("instrument", "criterion", "threshold")
        about = {"figure": rate["outcome"], **{name: rate[name] for name in names}, **_published(rate)}
        for row in rate["rows"]:
            yield {**about, **_figure(row), "group": row["indication"]}
    for change in found["changes"]:
        about = {"figure": "mean_change", **change}
        yield {**about, "value": change.get("mean_change")}
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
    yield from _benefit_rows(found.get("benefit_lasted"))
    relief, effects = found["relief_at_day_3"], found["side_effect_rates"]
    yield {"figure": "relief_at_day_3", **_figure(relief), **_published(relief)}
    for row in effects["rows"]:
        yield {"figure": "side_effect", "group": row["code"], **_figure(row), **_published(effects)}
    days = found["days_answered"]
    for group in ("lower_quartile", "median", "upper_quartile"):
        about = {"figure": "days_answered", "group": group, "value": days.get(group), **_published(days)}
        yield {**about, "suppressed": days["suppressed"], "patient_count": days.get("patient_count")}
    if "outlooks" in found:
        yield {"figure": "outlooks_agreed", **_figure(found["outlooks"]["agreed"])}


def _benefit_rows(benefit: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if benefit is None:
        return
    for point in benefit.get("points", ({},)):
        about = {"figure": "benefit_lasted", "suppressed": benefit["suppressed"], **_published(benefit)}
        yield {
            **about,
            **point,
            "patient_count": benefit.get("patient_count"),
            "value": point.get("surviving"),
        }


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "value": row.get("share")}


def _published(figure: dict[str, Any]) -> dict[str, str]:
    return {"published": "; ".join(_sentence(one) for one in figure["published"])}


def _sentence(one: Any) -> str:
    share = "" if one.share is None else f" {one.share:g}"
    days = "" if one.duration_days is None else f" {one.duration_days:g} days"
    return f"{one.study}:{share}{' after' if share and days else ''}{days} ({one.description})"
