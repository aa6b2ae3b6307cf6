"""Response curves: each infusion on days counted from it."""

from __future__ import annotations

from marshmallow import Schema, fields

from clinical.response_curve import BEFORE_DAYS, MIN_GAIN
from schemas.base import AsOfQuery, LocalDate, OmitNone
from schemas.chart_query import ChartQuery


class ResponseCurvesQuery(ChartQuery, AsOfQuery):
    """As of when, and how a picture is to look."""


class CurveDaySchema(OmitNone):
    """One day of a curve; wellbeing runs 0 to 10, and is absent on a day that was not answered.

    The level of day 0 rests on that day's answer alone; those of later days on the answers after it.
    """

    since = fields.Integer(
        required=True, metadata={"description": "Days after the infusion's own, which is 0."}
    )
    value = fields.Float()
    level = fields.Float(required=True)
    lo80 = fields.Float(required=True)
    hi80 = fields.Float(required=True)


class ResponseCurveSchema(OmitNone):
    """One infusion's response; what cannot be told is absent."""

    number = fields.Integer(required=True, metadata={"description": "Of the infusions given, from 1."})
    day = LocalDate(required=True)
    until = fields.Integer(
        required=True, metadata={"description": "The last day that belongs to this infusion."}
    )
    answered = fields.Integer(required=True)
    before = fields.Float(
        metadata={"description": f"Mean wellbeing of the {BEFORE_DAYS} days before the infusion."}
    )
    gain = fields.Float(
        metadata={"description": "The highest level after the infusion's own day less before, in points."}
    )
    onset = fields.Integer(
        metadata={
            "description": "The first answered day with half of the gain, by its own answer and by the mean "
            f"of it and the next; absent below a gain of {MIN_GAIN:g} point."
        }
    )
    peak = fields.Integer(
        metadata={
            "description": "The first day from the onset on whose level holds nine tenths of the gain, or "
            "else the onset."
        }
    )
    half_lost = fields.Integer(
        metadata={
            "description": "The first answered day after the peak on which half of the gain is gone, by its "
            "own answer and by the mean of it and the two next."
        }
    )
    days = fields.List(fields.Nested(CurveDaySchema), required=True)


class ResponseCurvesSchema(Schema):
    """Every infusion's curve, to be laid over one another on day 0."""

    patient_id = fields.UUID(required=True)
    today = LocalDate(required=True)
    curves = fields.List(fields.Nested(ResponseCurveSchema), required=True)
