"""A patient's series, with level, band and gaps."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import OneOf

from clinical.daily_ratings import CATALOGUE
from schemas.base import AsOfQuery, LocalDate
from schemas.chart_query import ChartQuery
from schemas.summaries import AverageSchema

MEASURES = (
    "mood",
    "enjoyment",
    "anxiety",
    "side_effect_burden",
    *(rating.code for rating in CATALOGUE),
)


class TrendQuery(ChartQuery, AsOfQuery):
    """Which series, from when to when, day by day or week by week."""

    measure = fields.String(
        load_default=None, validate=OneOf(MEASURES, error="unknown_measure: Not a measure.")
    )
    first = LocalDate(data_key="from", load_default=None)
    last = LocalDate(data_key="to", load_default=None)
    resolution = fields.String(
        load_default="day", validate=OneOf(("day", "week"), error="unknown_resolution: day or week.")
    )

    @validates_schema
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a period that ends before it begins."""
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            raise ValidationError({"to": ["before_from: The period ends before it begins."]})


class TrendDaySchema(Schema):
    """One day: its rating if it was answered, and the level with its bands."""

    day = LocalDate(required=True)
    answered = fields.Boolean(required=True)
    rating = fields.Float(metadata={"description": "Absent on a day that was not answered."})
    level = fields.Float(required=True)
    lo80 = fields.Float(required=True)
    hi80 = fields.Float(required=True)
    lo95 = fields.Float(required=True)
    hi95 = fields.Float(required=True)


class GapSchema(Schema):
    """A run of days without an answer."""

    first = LocalDate(required=True)
    last = LocalDate(required=True)
    days = fields.Integer(required=True)


class SeriesSchema(Schema):
    """One measure."""

    measure = fields.String(required=True)
    answered = fields.Integer(required=True)
    days = fields.List(fields.Nested(TrendDaySchema), required=True)
    weeks = fields.List(fields.Nested(AverageSchema), required=True)
    gaps = fields.List(fields.Nested(GapSchema), required=True)
    noise_sd = fields.Float(required=True, metadata={"description": "SD of one rating around the level."})
    step_sd = fields.Float(required=True, metadata={"description": "SD of the level's change in a day."})
    estimated = fields.Boolean(
        required=True, metadata={"description": "From these ratings; otherwise typical values."}
    )


class GivenInfusionSchema(Schema):
    """An infusion on the time axis."""

    day = LocalDate(required=True)
    reason = fields.String(required=True)


class DatedEventSchema(Schema):
    """An event on the time axis; its note is read where the event is."""

    id = fields.UUID(required=True)
    day = LocalDate(required=True)
    kind = fields.String(required=True)


class TrendsSchema(Schema):
    """A patient's series up to today."""

    patient_id = fields.UUID(required=True)
    today = LocalDate(required=True)
    resolution = fields.String(required=True)
    series = fields.List(fields.Nested(SeriesSchema), required=True)
    infusions = fields.List(fields.Nested(GivenInfusionSchema), required=True)
    events = fields.List(fields.Nested(DatedEventSchema), required=True)
