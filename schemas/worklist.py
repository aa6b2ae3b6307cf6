"""The worklist: a clinic's patients by urgency."""

from __future__ import annotations

from marshmallow import fields

from clinical.outlook import Status
from clinical.outlook.result import NoForecastReason, WearOff
from clinical.worklist_entry import EntryState, ReturnReason
from schemas.base import (
    Choice,
    Choices,
    Count,
    LocalDate,
    OmitNone,
    OrderedQuery,
    QueryFlag,
    Text,
    TextDate,
    Translated,
    about,
    page_of,
)
from schemas.exposure import HoldReasonSchema
from schemas.infusion_bookings import BOOKING, BookingSchema
from schemas.outlooks import (
    BENEFIT_LEFT,
    HEADLINE,
    NO_FORECAST_REASON,
    P_HALF_LOST,
    STATUS,
    WEAR_OFF_FLAG,
    EstimateSchema,
    PhaseSchema,
)
from schemas.patients import DISPLAY_NAME, RECORD_NUMBER
from schemas.summaries import (
    ANSWERED_LAST_7_DAYS,
    ANSWERED_LAST_14_DAYS,
    DAYS_SINCE_INFUSION,
    LAST_CHECK_IN_ON,
    LAST_INFUSION_ON,
    NEXT_BOOKED_INFUSION_ON,
    OPEN_ALERTS,
    TODAY,
)
from schemas.worklist_attention import LEVELS, AttentionSchema
from schemas.worklist_entries import WorklistEntrySchema

SORTS = ("urgency", "record_number", "name")
ALL_STATES = "all"
"""The state that lists everybody. Operational."""


class DueWindowSchema(OmitNone):
    """When the next infusion is likely due, and the day recommended for considering it."""

    recommended_on = TextDate(metadata=about("Day on which to consider the next infusion."))
    due_median_on = TextDate(metadata=about("Half of the benefit is lost by this day with probability 0.5."))
    due_lo80_on = TextDate(metadata=about("Half is lost before this day with probability 0.1."))
    due_hi80_on = TextDate(metadata=about("Half is lost after this day with probability 0.1."))
    protocol_earliest_on = TextDate(metadata=about("The protocol's first day for the next infusion."))
    protocol_latest_on = TextDate(metadata=about("The protocol's last day for the next infusion."))


class WorklistRowSchema(OmitNone):
    """One patient of the worklist."""

    patient_id = fields.UUID(required=True, metadata=about("Id of the patient."))
    record_number = fields.String(required=True, metadata=about(RECORD_NUMBER))
    display_name = fields.String(required=True, metadata=about(DISPLAY_NAME))
    headline = Translated(required=True, metadata=about(HEADLINE))
    attention = fields.Nested(
        AttentionSchema,
        required=True,
        metadata=about(
            "Why the patient needs attention, with at most two reasons. The list is ordered by it."
        ),
    )
    reasons_to_hold = fields.List(
        fields.Nested(HoldReasonSchema),
        required=True,
        metadata=about("What to consider before the next infusion."),
    )
    booking = fields.Nested(BookingSchema, required=True, metadata=about(BOOKING))
    outlook_id = fields.String(
        required=True, metadata=about("Version of the summary and outlook that this row is taken from.")
    )
    status = Choice(Status, STATUS, required=True)
    no_forecast_reason = Choice(NoForecastReason, NO_FORECAST_REASON)
    phase = fields.Nested(PhaseSchema, required=True, metadata=about("Where in the treatment course."))
    due_window = fields.Nested(
        DueWindowSchema, required=True, metadata=about("When the next infusion is likely due.")
    )
    benefit_left_estimate = fields.Nested(EstimateSchema, metadata=about(BENEFIT_LEFT))
    p_half_lost = fields.Float(metadata=about(P_HALF_LOST))
    wear_off_flag = Choice(WearOff, WEAR_OFF_FLAG)
    open_alert_count = Count(f"{OPEN_ALERTS} Patients with one come first.", required=True)
    answered_last_7_days_count = Count(ANSWERED_LAST_7_DAYS, required=True)
    answered_last_14_days_count = Count(ANSWERED_LAST_14_DAYS, required=True)
    last_check_in_on = TextDate(metadata=about(LAST_CHECK_IN_ON))
    silent_days = fields.Integer(metadata=about("Days from the last check-in to today; absent without one."))
    stale = fields.Boolean(
        required=True, metadata=about("Whether there are seven or more silent days, in every outlook mode.")
    )
    last_infusion_on = TextDate(metadata=about(LAST_INFUSION_ON))
    days_since_infusion = fields.Integer(metadata=about(DAYS_SINCE_INFUSION))
    next_booked_infusion_on = TextDate(metadata=about(NEXT_BOOKED_INFUSION_ON))
    hidden = fields.Boolean(
        required=True,
        metadata=about("Whether the patient is snoozed or handled, and left out of the list by urgency."),
    )
    returned_because = Choice(
        ReturnReason, "Why a patient who was snoozed or handled is on the list again; absent otherwise."
    )
    worklist_entry = fields.Nested(
        WorklistEntrySchema,
        metadata=about("What the team has done; absent where nothing is stored, and for API clients."),
    )
    today = TextDate(required=True, metadata=about(TODAY))
    engine_version = fields.String(required=True, metadata=about("Version of the forecast engine."))


class WorklistPageSchema(page_of(WorklistRowSchema)):  # type: ignore[misc]  # a class made at run time
    """A page of the worklist."""

    hidden_count = Count(
        "Number of patients who match the other filters, and are not listed because they are snoozed or "
        "handled.",
        required=True,
    )


class WorklistQuery(OrderedQuery):
    """Filter and order of the worklist."""

    status = Choices(
        Status, "Only patients with one of these statuses.", error="unknown_status", load_default=None
    )
    urgency = Choices(
        LEVELS, "Only patients of one of these levels.", error="unknown_urgency", load_default=None
    )
    q = Text(
        200,
        blank=True,
        load_default=None,
        metadata=about("Part of a name or of a record number to search for, in either case."),
    )
    due_before_on = LocalDate(
        load_default=None,
        metadata=about("Only patients whose recommended day, or else the protocol's last day, is earlier."),
    )
    not_booked = QueryFlag(
        load_default=False,
        metadata=about("true: only patients with nothing booked although the planned day is near."),
    )
    mine = QueryFlag(load_default=False, metadata=about("true: only patients whom the caller has taken."))
    state = Choices(
        (*EntryState, ALL_STATES),
        "Which patients are listed. open: to be looked at, those on the list again included. snoozed, "
        "handled: those left out so. all: everybody. Absent: open in the order by urgency; everybody in a "
        "search with q and in the other orders.",
        error="unknown_state",
        load_default=None,
    )
    sort = Choice(
        SORTS,
        "Order of the list; record_number stays the same while patients check in.",
        error="unknown_sort",
        load_default="urgency",
    )
