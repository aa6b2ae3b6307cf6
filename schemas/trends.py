"""A patient's trends: each measure as a series with level, bands and gaps."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from clinical.daily_ratings import CATALOGUE
from clinical.events import EventKind
from clinical.infusion import InfusionReason
from clinical.sentences import Sentence
from schemas.base import AsOfQuery, Choice, Count, LocalDate, about
from schemas.chart_query import ChartQuery
from schemas.summaries import AverageSchema

MEASURES = (
    "mood",
    "enjoyment",
    "anxiety",
    "side_effect_burden",
    *(rating.code for rating in CATALOGUE),
)
RESOLUTIONS = ("day", "week")
LEVEL = "Smoothed level of the day (posterior mean), on the scale of the measure"


class TrendQuery(ChartQuery, AsOfQuery):
    """Which series, of which days, day by day or week by week."""

    measure = Choice(
        MEASURES,
        "Only this measure; otherwise all of them.",
        error="unknown_measure",
        load_default=None,
    )
    first = LocalDate(
        data_key="from",
        load_default=None,
        metadata=about("First day, at most five years before the last one; otherwise 26 weeks before it."),
    )
    last = LocalDate(data_key="to", load_default=None, metadata=about("Last day; otherwise today."))
    resolution = Choice(
        RESOLUTIONS,
        "Days with level and bands, or weekly averages.",
        error="unknown_resolution",
        load_default="day",
    )

    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject a period that ends before it begins."""
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            raise ValidationError({"to": [Sentence("before_from: Send a day that is not before from.")]})


class TrendDaySchema(Schema):
    """One day of a series: its rating if it was answered, and the level with its bands."""

    local_date = LocalDate(required=True, metadata=about("The day."))
    answered = fields.Boolean(required=True, metadata=about("Whether the day was answered."))
    rating = fields.Float(
        metadata=about("Rating of the day on the scale of the measure; absent where not answered.")
    )
    level = fields.Float(required=True, metadata=about(f"{LEVEL}."))
    lo80 = fields.Float(required=True, metadata=about(f"{LEVEL}: 10th percentile."))
    hi80 = fields.Float(required=True, metadata=about(f"{LEVEL}: 90th percentile."))
    lo95 = fields.Float(required=True, metadata=about(f"{LEVEL}: 2.5th percentile."))
    hi95 = fields.Float(required=True, metadata=about(f"{LEVEL}: 97.5th percentile."))


class GapSchema(Schema):
    """Consecutive days without an answer."""

    first_on = LocalDate(required=True, attribute="first", metadata=about("First of these days."))
    last_on = LocalDate(required=True, attribute="last", metadata=about("Last of these days."))
    gap_days = fields.Integer(required=True, attribute="days", metadata=about("Days without an answer."))


class SeriesSchema(Schema):
    """One measure."""

    measure = Choice(
        MEASURES,
        "The measure. mood and enjoyment: 0 to 10, higher is better. anxiety: 0 to 10, higher is worse. "
        "side_effect_burden: mild 1, moderate 2, severe 3 points a day, added up. Others: daily ratings.",
        required=True,
    )
    answered_count = Count("Number of days answered.", required=True)
    days = fields.List(
        fields.Nested(TrendDaySchema),
        required=True,
        metadata=about("Every day of the series, in order; empty by week."),
    )
    weeks = fields.List(
        fields.Nested(AverageSchema),
        required=True,
        metadata=about("Averages of 7 days, in order; empty by day."),
    )
    gaps = fields.List(
        fields.Nested(GapSchema), required=True, metadata=about("Days without an answer, in order.")
    )
    noise_sd = fields.Float(
        required=True,
        metadata=about("Standard deviation of one rating about the level, on the scale of the measure."),
    )
    step_sd = fields.Float(
        required=True,
        metadata=about("Standard deviation of the level's change from one day to the next, on that scale."),
    )
    estimated = fields.Boolean(
        required=True,
        metadata=about("Whether both are estimated from these ratings; otherwise they are typical values."),
    )


class GivenInfusionSchema(Schema):
    """An infusion on the time axis."""

    local_date = LocalDate(required=True, attribute="day", metadata=about("Day of the infusion."))
    reason = Choice(InfusionReason, "Why it was given on that day.", required=True)


class DatedEventSchema(Schema):
    """An event on the time axis, without its note."""

    id = fields.UUID(required=True, metadata=about("Id of the event."))
    local_date = LocalDate(required=True, metadata=about("Day of the event."))
    kind = Choice(EventKind, "What happened.", required=True)


class TrendsSchema(Schema):
    """A patient's trends of a period, by default the last 26 weeks."""

    patient_id = fields.UUID(required=True, metadata=about("Patient whose trends they are."))
    today = LocalDate(required=True, metadata=about("Current day in the patient's time zone."))
    first_on = LocalDate(required=True, metadata=about("First day of the period."))
    last_on = LocalDate(required=True, metadata=about("Last day of the period."))
    resolution = Choice(RESOLUTIONS, "As asked for.", required=True)
    series = fields.List(
        fields.Nested(SeriesSchema), required=True, metadata=about("One per measure with an answer.")
    )
    infusions = fields.List(
        fields.Nested(GivenInfusionSchema), required=True, metadata=about("Infusions given, in order.")
    )
    events = fields.List(
        fields.Nested(DatedEventSchema),
        required=True,
        metadata=about("Events that the reader may see, in order."),
    )
