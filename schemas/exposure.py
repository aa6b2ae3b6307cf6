"""Cumulative exposure to ketamine, and reasons to hold."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from clinical.holds import HoldCode
from schemas.base import Choice, Count, LocalDate, OmitNone, Translated, about


class IntervalSchema(Schema):
    """Days between two consecutive infusions."""

    first_on = LocalDate(required=True, attribute="first", metadata=about("Day of the earlier infusion."))
    second_on = LocalDate(required=True, attribute="second", metadata=about("Day of the later infusion."))
    interval_days = fields.Integer(
        required=True,
        attribute="days",
        metadata={"minimum": 1, "description": "Days between two infusions."},
    )


class HoldReasonSchema(Schema):
    """A fact to consider before the next infusion; it moves no date and changes no outlook."""

    code = Choice(HoldCode, "Stable code of the reason.", required=True)
    text = Translated(required=True, metadata=about("The reason as a sentence, with its units."))
    numbers = fields.Dict(
        required=True,
        keys=fields.String(),
        values=fields.Integer(),
        metadata=about("Numbers of the sentence by name, in its units."),
    )


class CourseExposureSchema(OmitNone):
    """Infusions given in the current course; another clinic's are not among them."""

    first_infusion_on = LocalDate(
        attribute="first_on", metadata=about("Day of the course's first infusion; absent before it.")
    )
    infusion_count = Count("Number of infusions given.", required=True, attribute="infusions")
    total_mg_per_kg = fields.Float(
        required=True,
        attribute="mg_per_kg",
        metadata=about("Sum of the doses in mg per kg, over the infusions of known_dose_count."),
    )
    known_dose_count = Count("Number of infusions whose dose and weight are recorded.", required=True)


class RecentExposureSchema(OmitNone):
    """Infusions given here lately in all courses. No safe cumulative limit is known: nothing is judged."""

    elsewhere_count = Count(
        "Number of infusions that another clinic is known to have given before; they are in no other number "
        "here, and count towards the clinic's limits where their days are known.",
        required=True,
    )
    in_30_days_count = Count(
        "Number of infusions given in the last 30 days, today included.",
        required=True,
        attribute="in_30_days",
    )
    in_90_days_count = Count(
        "Number of infusions given in the last 90 days, today included.",
        required=True,
        attribute="in_90_days",
    )
    in_365_days_count = Count(
        "Number of infusions given in the last 365 days, today included.",
        required=True,
        attribute="in_365_days",
    )
    total_mg_per_kg = fields.Float(
        required=True,
        attribute="mg_per_kg",
        metadata=about("Sum of the doses in mg per kg, over the infusions of known_dose_count."),
    )
    known_dose_count = Count("Number of infusions whose dose and weight are recorded.", required=True)


class ExposureSchema(RecentExposureSchema):
    """Infusions given until today. No safe cumulative limit is known: facts, without a judgement."""

    today = LocalDate(required=True, metadata=about("Current day in the patient's time zone."))
    infusion_count = Count("Number of infusions given.", required=True, attribute="infusions")
    shortest_interval = fields.Nested(
        IntervalSchema,
        attribute="shortest",
        metadata=about("The shortest interval; absent before the second infusion."),
    )
    course = fields.Nested(
        CourseExposureSchema,
        required=True,
        metadata=about("The current treatment course alone; the other numbers are of all courses."),
    )
    maintenance_intervals = fields.List(
        fields.Nested(IntervalSchema),
        required=True,
        metadata=about("Intervals of the current course after the last infusion of induction, in order."),
    )
    shrinking = fields.Boolean(
        required=True,
        metadata=about(
            "Whether each of the last three maintenance intervals is shorter than the one before."
        ),
    )
    reasons_to_hold = fields.List(
        fields.Nested(HoldReasonSchema),
        required=True,
        metadata=about("Reasons to hold by the clinic's settings; the same as in the summary."),
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the reasons from the result, and every other member from its exposure."""
        if attr == "reasons_to_hold":
            return list(obj.reasons)
        return super().get_attribute(obj.exposure, attr, default)
