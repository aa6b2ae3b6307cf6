"""The clinic's morning list."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import OneOf

from clinical.outlook import Status
from schemas.base import Count, LocalDate, OmitNone, PageQuery, Text, TextDate, about
from schemas.outlooks import BENEFIT_LEFT, EstimateSchema, PhaseSchema


class DueWindowSchema(OmitNone):
    """From when to when the next infusion is likely due, and the day recommended for considering it."""

    recommended_on = TextDate(metadata=about("The day on which to consider the next infusion."))
    due_median_on = TextDate(metadata=about("By this day half of the benefit is as likely gone as not."))
    due_lo80_on = TextDate(metadata=about("Half is gone before this day with 1 chance in 10."))
    due_hi80_on = TextDate(metadata=about("Half is gone after this day with 1 chance in 10."))
    protocol_earliest_on = TextDate(metadata=about("The plan's first day for the next infusion."))
    protocol_latest_on = TextDate(metadata=about("The plan's last day for it."))


class PanelRowSchema(OmitNone):
    """One patient of the list."""

    patient_id = fields.UUID(required=True, metadata=about("The patient's id."))
    record_number = fields.String(required=True, metadata=about("The clinic's own number."))
    display_name = fields.String(required=True, metadata=about("What the clinic calls them."))
    status = fields.String(
        required=True, metadata=about("The outlook's one word; the list is ordered by it. An open list.")
    )
    no_forecast_reason = fields.String(
        metadata={"description": "Why no forecast is given; not_shown and switched_off: the clinic's choice."}
    )
    phase = fields.Nested(PhaseSchema, required=True, metadata=about("Where in the course."))
    due_window = fields.Nested(
        DueWindowSchema, required=True, metadata=about("When the next infusion is likely due; days.")
    )
    benefit_left_estimate = fields.Nested(EstimateSchema, metadata=about(BENEFIT_LEFT))
    p_half_lost = fields.Float(metadata=about("The chance that half is gone already, 0 to 1."))
    wear_off_flag = fields.String(
        metadata=about("none, possible or likely; an open list. Absent where no forecast is given.")
    )
    open_alerts = fields.Integer(
        required=True, metadata=about("Safety alerts that nobody has closed; who has one stands first.")
    )
    answered_last_7_days_count = Count("Number of days answered of the last 7, with today.", required=True)
    answered_last_14_days_count = Count("Number of days answered of the last 14, with today.", required=True)
    last_check_in = TextDate(metadata=about("The last day answered; absent if none ever was."))
    silent_days = fields.Integer(metadata=about("Days from the last day answered to today."))
    stale = fields.Boolean(required=True, metadata=about("Seven or more silent days, in every mode."))
    last_infusion = TextDate(metadata=about("The day of the last infusion given."))
    days_since_infusion = fields.Integer(metadata=about("Days from the last infusion to today."))
    next_booked_infusion = TextDate(
        metadata=about("The day of the next infusion that is planned here, if any.")
    )
    today = TextDate(required=True, metadata=about("The patient's own day that the row is about."))
    engine_version = fields.String(required=True, metadata=about("Which engine said so."))


class PanelQuery(PageQuery):
    """Which patients."""

    status = fields.String(
        load_default=None,
        validate=OneOf([str(word) for word in Status], error="unknown_status: Not a status."),
    )
    q = Text(
        200, blank=True, load_default=None, metadata={"description": "Part of a name, or a record number."}
    )
    due_before = LocalDate(load_default=None)
    sort = fields.String(
        load_default="urgency",
        validate=OneOf(
            ("urgency", "record_number", "name"), error="unknown_sort: urgency, record_number or name."
        ),
    )
