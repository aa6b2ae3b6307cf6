"""Response curves: wellbeing after each infusion, by days counted from it."""

from __future__ import annotations

from marshmallow import Schema, fields

from clinical.answer_timing import AnswerTiming
from clinical.check_in import SCALE_MAX, SCALE_MIN
from clinical.response_curve import BEFORE_DAYS, MIN_RISE
from schemas.base import AsOfQuery, Choice, Count, LocalDate, OmitNone, about
from schemas.chart_query import ChartQuery

WELLBEING = "points of wellbeing, 0 to 10, higher is better"
SCALE = {"minimum": SCALE_MIN, "maximum": SCALE_MAX}
FROM_INFUSION = "Days after the infusion, whose own day is 0"


class ResponseCurvesQuery(ChartQuery, AsOfQuery):
    """As of when, and how to draw a chart."""


class CurveDaySchema(OmitNone):
    """One day of a curve.

    The level of day 0 uses that day's answer alone; those of later days use the answers after it.
    """

    day = fields.Integer(required=True, attribute="since", metadata=about(f"{FROM_INFUSION}."))
    wellbeing = fields.Float(
        attribute="value", metadata=about(f"Answer of the day, {WELLBEING}; absent where not answered.")
    )
    level = fields.Float(
        required=True, metadata=about(f"Smoothed level of the day (posterior mean), {WELLBEING}.")
    )
    lo80 = fields.Float(required=True, metadata=about(f"Level: 10th percentile, {WELLBEING}."))
    hi80 = fields.Float(required=True, metadata=about(f"Level: 90th percentile, {WELLBEING}."))


class PostInfusionResponseSchema(OmitNone):
    """Mood some hours after an infusion, against the mood of the week before it."""

    mood = fields.Integer(
        required=True,
        metadata=about("Mood at that time, on the scale 0 worst to 10 best.") | {"minimum": 0, "maximum": 10},
    )
    hours_after_start = fields.Float(
        required=True,
        attribute="hours",
        metadata=about("Hours from the start of the infusion to the answer."),
    )
    mood_before = fields.Float(
        attribute="before",
        metadata=about("Mean mood of the week before, 0 to 10 points; absent with too few answers there."),
    )
    mood_change = fields.Float(
        attribute="change", metadata=about("mood less mood_before, points; above 0 is better.")
    )


class ResponseCurveSchema(OmitNone):
    """Response to one infusion; what cannot be computed is absent."""

    number = fields.Integer(
        required=True, metadata=about("Ordinal of the infusion among those of its course, from 1.")
    )
    course_number = fields.Integer(
        required=True, metadata=about("Ordinal of the treatment course that the infusion belongs to, from 1.")
    )
    infused_on = LocalDate(required=True, attribute="day", metadata=about("Day of the infusion."))
    last_day = fields.Integer(
        required=True,
        attribute="until",
        metadata=about(f"Last day of this infusion's cycle. {FROM_INFUSION}."),
    )
    answered_count = Count("Number of days answered in the cycle.", required=True, attribute="answered")
    infusion_day_timing = Choice(
        AnswerTiming,
        "Whether the infusion's day was answered before the infusion began (then it belongs to the week "
        "before), after it, or at a time that is not known; absent where not answered.",
        attribute="day_0_timing",
    )
    level_before = fields.Float(
        attribute="before",
        metadata=about(
            f"Mean wellbeing of the {BEFORE_DAYS} days before the infusion, and of its own day where "
            f"answered before it, {WELLBEING}."
        ),
    )
    rise = fields.Float(
        metadata=about(f"Highest level after day 0 less level_before: this infusion's own rise, {WELLBEING}.")
    )
    half_rise_level = fields.Float(
        metadata=about(
            "Level halfway between level_before and the highest level. Not the outlook's half_benefit_line, "
            f"which is half of the benefit over the baseline before treatment. {WELLBEING.capitalize()}."
        )
    )
    onset_day = fields.Integer(
        attribute="onset",
        metadata=about(
            "First answered day at or above half_rise_level, by its own answer and by the mean of it and the "
            f"next; absent below a rise of {MIN_RISE:g} point. {FROM_INFUSION}."
        ),
    )
    peak_day = fields.Integer(
        attribute="peak",
        metadata=about(
            "First day from the onset on whose level has nine tenths of the rise, or else the onset. "
            f"{FROM_INFUSION}."
        ),
    )
    half_rise_lost_day = fields.Integer(
        attribute="half_rise_lost",
        metadata=about(
            "First answered day after the peak at or below half_rise_level, by its own answer and by "
            f"the mean of it and the two next. {FROM_INFUSION}."
        ),
    )
    post_infusion = fields.Nested(
        PostInfusionResponseSchema,
        metadata=about("Mood some hours after the infusion; absent where it was not answered."),
    )
    days = fields.List(
        fields.Nested(CurveDaySchema), required=True, metadata=about("Every day of the cycle, in order.")
    )


class ResponseCurvesSchema(Schema):
    """Response curves of every infusion given, to be aligned on day 0."""

    patient_id = fields.UUID(required=True, metadata=about("Patient whose curves they are."))
    today = LocalDate(required=True, metadata=about("Current day in the patient's time zone."))
    curves = fields.List(
        fields.Nested(ResponseCurveSchema),
        required=True,
        metadata=about("One per infusion, in order; the newest ones.", most=200),
    )
