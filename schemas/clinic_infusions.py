"""A clinic's infusions of some days, with what to check before each."""

from __future__ import annotations

from marshmallow import fields

from clinical.infusion import InfusionStatus
from clinical.infusion_checks import CHECK_CODES
from schemas.base import Choice, Choices, DaysQuery, OmitNone, TextDate, Translated, about
from schemas.half_benefit_recalls import RECALL_ANSWERED
from schemas.infusions import BOOKING, InfusionSchema
from schemas.outlooks import HEADLINE, PhaseSchema
from schemas.patients import DISPLAY_NAME, RECORD_NUMBER
from schemas.summaries import LastDoseSchema

NOT_FRONT_DESK = " Not for the front desk."


class ClinicInfusionsQuery(DaysQuery):
    """Which days and infusions of the clinic; without days, those of its current day."""

    status = Choices(
        InfusionStatus,
        "Only infusions with one of these statuses; all without it.",
        error="unknown_status",
        load_default=None,
    )


class InfusionCheckSchema(OmitNone):
    """One thing to check before an infusion; it clears and forbids nothing."""

    code = Choice(CHECK_CODES, "Stable code of the check.", required=True)
    text = Translated(required=True, metadata=about("The check as a sentence."))
    since_on = TextDate(
        metadata=about("Day since which it holds, or of the booking or session it is about, if any.")
    )


class ClinicInfusionSchema(OmitNone):
    """One infusion of the clinic's list."""

    patient_id = fields.UUID(required=True, attribute="patient.id", metadata=about("Id of the patient."))
    record_number = fields.String(
        required=True, attribute="patient.record_number", metadata=about(RECORD_NUMBER)
    )
    display_name = fields.String(
        required=True, attribute="patient.display_name", metadata=about(DISPLAY_NAME)
    )
    infusion = fields.Nested(
        InfusionSchema,
        required=True,
        metadata=about("The infusion as booked or given; for the front desk its times and status."),
    )
    headline = Translated(attribute="summary.headline", metadata=about(f"{HEADLINE}{NOT_FRONT_DESK}"))
    phase = fields.Nested(
        PhaseSchema,
        attribute="summary.phase",
        metadata=about(f"Where in the treatment course the patient is now.{NOT_FRONT_DESK}"),
    )
    last_dose = fields.Nested(
        LastDoseSchema,
        attribute="summary.last_dose",
        metadata=about(f"The last infusion given; absent before the first.{NOT_FRONT_DESK}"),
    )
    checklist = fields.List(
        fields.Nested(InfusionCheckSchema),
        metadata=about(
            "What to check before the infusion; empty where nothing is found, and for one that is not booked "
            f"any more.{NOT_FRONT_DESK}"
        ),
    )
    half_benefit_recall_answered = fields.Boolean(
        attribute="recall_answered", metadata=about(f"{RECALL_ANSWERED}{NOT_FRONT_DESK}")
    )


class ClinicBookingSchema(ClinicInfusionSchema):
    """One infusion of the clinic's list as the front desk is shown it."""

    infusion = fields.Nested(InfusionSchema(only=BOOKING), required=True)
