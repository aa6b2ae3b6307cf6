"""Series with level, band and gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, also_drawn
from api.http.content_negotiation import JSON, PNG, SVG, negotiate, rows_response
from api.http.pictures import appearance, picture
from api.http.rate_limits import limited
from api.http.transaction import context
from clinical.sentences import Sentence
from rendering import charts
from schemas.trends import TrendQuery, TrendsSchema
from services import trends
from services.access import CARE_TEAM, Part, Role, Scope
from services.errors import FieldError, Invalid
from services.trends import Asked, Pictured, Resolution, Series, TrendMeasure

blueprint = Blueprint(
    "trends",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/trends",
    description="Trends of daily ratings",
)
COLUMNS = ("measure", "local_date", "answered", "rating", "level", "lo80", "hi80", "lo95", "hi95")
WEEK_COLUMNS = ("measure", "first_on", "last_on", "mean", "answered_count", "day_count")
CACHING = {"Cache-Control": "private, no-cache"}


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.TRENDS_READ, part=Part.CHECK_INS)
@limited(2)
@also_answers("not_acceptable")
@also_drawn
@blueprint.arguments(TrendQuery, location="query")
@blueprint.response(200, TrendsSchema)
def get_trends(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """Get a patient's daily ratings with trend and band

    Of the last 26 weeks without from, and of five years at most. Each day states whether it was answered; a
    day that was not is a gap, with a level but no rating. As JSON, CSV, NDJSON or a chart (SVG, PNG), by
    Accept. With as_of, as it was known then. A chart is drawn by day; for users who may see the outlook it
    has the half-benefit line and the due window.
    """
    form = negotiate(SVG, PNG)
    measure = TrendMeasure(query["measure"]) if query["measure"] else None
    resolution = Resolution(query["resolution"])
    as_of = clock.not_ahead(query["as_of"]) if query["as_of"] else None
    asked = Asked(measure, query["first"], query["last"], resolution, as_of)
    if form in {SVG, PNG}:
        if resolution is Resolution.WEEK:
            raise Invalid(
                FieldError("resolution", "not_drawn", Sentence("A picture is drawn by day."), "parameter")
            )
        asked = replace(asked, most_days=charts.max_days(asked.first))
        seen = trends.pictured(context(), patient_id, asked)
        return _picture(form, seen, asked, query)
    found = trends.trends(context(), patient_id, asked)
    if form != JSON:
        by_week = resolution is Resolution.WEEK
        rows = [row for series in found.series for row in (_weeks(series) if by_week else _days(series))]
        return rows_response(form, WEEK_COLUMNS if by_week else COLUMNS, rows)
    return {
        "patient_id": found.patient_id,
        "today": found.today,
        "first_on": found.first_on,
        "last_on": found.last_on,
        "resolution": str(found.resolution),
        "series": [_series(series) for series in found.series],
        "infusions": found.infusions,
        "events": [
            {"id": key, "local_date": event.day, "kind": str(event.kind)} for key, event in found.events
        ],
    }, CACHING


def _picture(form: str, seen: Pictured, asked: Asked, query: dict[str, Any]) -> Response:
    panels = charts.panels({str(series.measure): series.trend for series in seen.trends.series})
    if seen.wellbeing is not None:
        panels = (charts.Panel(charts.WELLBEING, seen.wellbeing), *panels)
    if seen.outlook is not None and asked.measure is None:
        target = seen.outlook.target_measure
        by_rating = [series.trend for series in seen.trends.series if str(series.measure) == target]
        panels = (*(charts.Panel(target, trend, is_target=True) for trend in by_rating), *panels)
    chart = charts.TrendChart(
        seen.trends.today,
        panels,
        seen.trends.infusions,
        seen.outlook,
        asked.first,
        asked.last,
        tuple(event for _, event in seen.trends.events),
    )
    return picture(form, charts.trend_svg(chart, appearance(query)), CACHING)


def _series(series: Series) -> dict[str, Any]:
    trend = series.trend
    by_day = sum(day.answered for day in trend.days)
    return {
        "measure": str(series.measure),
        "answered_count": by_day or sum(week.answered for week in series.weeks),
        "days": [_day(day) for day in trend.days],
        "weeks": [_week(week) for week in series.weeks],
        "gaps": trend.gaps,
        "noise_sd": round(trend.noise_sd, 4),
        "step_sd": round(trend.step_sd, 4),
        "estimated": trend.estimated,
    }


def _day(day: Any) -> dict[str, Any]:
    bands = {name: round(getattr(day, name), 3) for name in ("level", "lo80", "hi80", "lo95", "hi95")}
    rating = {} if day.rating is None else {"rating": day.rating}
    return {"local_date": day.day, "answered": day.answered, **rating, **bands}


def _week(week: Any) -> dict[str, Any]:
    return {
        "first": str(week.first),
        "last": str(week.last),
        "mean": week.mean if week.mean is None else round(week.mean, 3),
        "answered": week.answered,
        "of": week.of,
    }


def _days(series: Series) -> list[dict[str, Any]]:
    rows = [{"measure": str(series.measure), **_day(day)} for day in series.trend.days]
    return [{**row, "local_date": str(row["local_date"])} for row in rows]


def _weeks(series: Series) -> list[dict[str, Any]]:
    return [
        {
            "measure": str(series.measure),
            "first_on": str(week.first),
            "last_on": str(week.last),
            "mean": week.mean if week.mean is None else round(week.mean, 3),
            "answered_count": week.answered,
            "day_count": week.of,
        }
        for week in series.weeks
    ]
