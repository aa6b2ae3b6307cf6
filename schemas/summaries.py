"""A patient's summary: one schema per audience."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_dump

from clinical.daily_ratings import CODES
from clinical.suitability import Decision
from clinical.treatment_course import CourseKind, EndReason
from schemas.base import Choice, Count, OmitNone, TextDate, TimeZone, Translated, about
from schemas.consultations import CONSENT_GIVEN_ON, DECISION, SEEN_ON
from schemas.exposure import HoldReasonSchema, RecentExposureSchema
from schemas.infusion_bookings import BOOKING, BookingSchema
from schemas.infusions import DOSE_MG, ROUTE, ROUTES
from schemas.outlooks import HEADLINE, OutlookSchema, PatientPhaseSchema, PhaseSchema
from schemas.patients import DAY_START_HOUR, DISPLAY_NAME, RECORD_NUMBER, TIME_ZONE
from schemas.questionnaires.catalogue import BANDS
from schemas.questionnaires.courses import ComparedTotalSchema
from schemas.questionnaires.schedules import DueQuestionnaireSchema
from schemas.treatment_courses import BEGAN_ON, END_REASON, ENDED_ON, KIND
from schemas.worklist_attention import AttentionSchema

TODAY = "Current day in the patient's time zone."
LAST_INFUSION_ON = "Day of the last infusion given; absent before the first."
DAYS_SINCE_INFUSION = "Days from the last infusion given to today."
NEXT_BOOKED_INFUSION_ON = "Day of the next infusion that is booked; absent without one."
LAST_CHECK_IN_ON = "Last day with a check-in; absent without one."
ANSWERED_LAST_7_DAYS = "Number of days answered of the last 7, including today."
ANSWERED_LAST_14_DAYS = "Number of days answered of the last 14, including today."
OPEN_ALERTS = "Number of safety alerts of this patient that nobody has closed."


class AverageSchema(OmitNone):
    """Average of one measure over a period of days."""

    first_on = TextDate(required=True, attribute="first", metadata=about("First day of the period."))
    last_on = TextDate(required=True, attribute="last", metadata=about("Last day of the period."))
    mean = fields.Float(
        metadata=about("Mean of the answered days, on the scale of the measure; absent when there is none.")
    )
    answered_count = Count("Number of days answered.", required=True, attribute="answered")
    day_count = Count("Number of days in the period.", required=True, attribute="of")


class ComparisonSchema(OmitNone):
    """Averages of one measure: now, the week before, and before treatment."""

    last_7_days = fields.Nested(
        AverageSchema, required=True, metadata=about("The last 7 days, including today.")
    )
    previous_7_days = fields.Nested(AverageSchema, required=True, metadata=about("The 7 days before those."))
    baseline_period = fields.Nested(
        AverageSchema, metadata=about("The days before the course's first infusion; absent before it.")
    )


class CourseSummarySchema(OmitNone):
    """The current treatment course of a patient."""

    id = fields.UUID(metadata=about("Id of the course; absent for one that nobody recorded."))
    number = fields.Integer(
        required=True,
        metadata={"minimum": 1, "description": "Ordinal of the course among the patient's, from 1."},
    )
    kind = Choice(CourseKind, KIND, required=True)
    began_on = TextDate(required=True, metadata=about(BEGAN_ON))
    ended_on = TextDate(metadata=about(ENDED_ON))
    end_reason = Choice(EndReason, END_REASON)
    infusions_given_count = Count("Number of infusions given in this course here.", required=True)


class ProposedCourseSchema(OmitNone):
    """A new course that a long interval suggests: a clinician opens it, or does not."""

    kind = Choice(CourseKind, KIND, required=True)
    after_days = fields.Integer(
        required=True, metadata={"minimum": 1, "description": "Days of the interval that suggests it."}
    )
    last_infusion_on = TextDate(required=True, metadata=about("Day of the infusion before the interval."))
    began_on = TextDate(metadata=about("Day of the infusion that ended the interval; absent while none has."))


class LastDoseSchema(OmitNone):
    """The last infusion given here, in any course, with its dose; what was not recorded is absent."""

    local_date = TextDate(required=True, metadata=about("Day of the infusion, in its own time zone."))
    dose_mg = fields.Float(metadata=about(DOSE_MG))
    mg_per_kg = fields.Float(metadata=about("Dose in mg per kg of body weight; absent without a weight."))
    route = Choice(ROUTES, ROUTE)


class RatingAskedSchema(Schema):
    """An optional daily rating that the patient is asked."""

    code = Choice(sorted(CODES), "Stable code of the rating.", required=True)
    label = Translated(required=True, metadata=about("Name to show."))


class Phq9SummarySchema(ComparedTotalSchema):
    """The newest PHQ-9 total, which the headline states too, compared with the one before treatment.

    Without a later total the newest is the one before treatment, and no change is stated.
    """

    band = Choice(BANDS, "Published severity band of the total.")

    @pre_dump
    def flatten(self, found: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the total and its change in one object."""
        return {**found, **(found["change"] or {})}


class ConsultationSummarySchema(OmitNone):
    """What the consultation before treatment decided."""

    seen_on = TextDate(required=True, metadata=about(SEEN_ON))
    decision = Choice(Decision, DECISION)
    consent_given_on = TextDate(
        metadata=about(f"{CONSENT_GIVEN_ON} Absent: no consent is recorded, which is a reason to hold.")
    )


class PatientSummarySchema(OmitNone):
    """A summary as the patient sees it: never an outlook."""

    patient_id = fields.UUID(required=True, metadata=about("Patient whose summary it is."))
    record_number = fields.String(required=True, metadata=about(RECORD_NUMBER))
    display_name = fields.String(required=True, metadata=about(DISPLAY_NAME))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    day_start_hour = fields.Integer(required=True, metadata=about(DAY_START_HOUR))
    today = TextDate(required=True, metadata=about(TODAY))
    phase = fields.Nested(PatientPhaseSchema, required=True, metadata=about("Where in the treatment course."))
    course = fields.Nested(
        CourseSummarySchema, metadata=about("The current treatment course; absent before the first.")
    )
    last_infusion_on = TextDate(metadata=about(LAST_INFUSION_ON))
    days_since_infusion = fields.Integer(metadata=about(DAYS_SINCE_INFUSION))
    last_dose = fields.Nested(
        LastDoseSchema, metadata=about("The last infusion given here; absent before the first.")
    )
    infusions_given_count = Count("Number of infusions given here, in all courses.", required=True)
    next_booked_infusion_on = TextDate(metadata=about(NEXT_BOOKED_INFUSION_ON))
    last_check_in_on = TextDate(metadata=about(LAST_CHECK_IN_ON))
    answered_last_7_days_count = Count(ANSWERED_LAST_7_DAYS, required=True)
    answered_last_14_days_count = Count(ANSWERED_LAST_14_DAYS, required=True)
    benefit_left_asked = fields.Boolean(
        required=True,
        metadata=about("Whether today's check-in asks for benefit_left too, answered or not."),
    )
    questionnaires_due = fields.List(
        fields.Nested(DueQuestionnaireSchema),
        required=True,
        metadata=about("Questionnaires that are due today and not answered yet."),
    )
    mood_averages = fields.Nested(
        ComparisonSchema, required=True, metadata=about("Mood, 0 worst to 10 best.")
    )
    enjoyment_averages = fields.Nested(
        ComparisonSchema, required=True, metadata=about("Enjoyment, 0 none to 10 most.")
    )
    anxiety_averages = fields.Nested(
        ComparisonSchema, required=True, metadata=about("Anxiety, 0 none to 10 worst.")
    )
    side_effect_burden_averages = fields.Nested(
        ComparisonSchema,
        required=True,
        metadata=about("Side effects of a day: mild 1, moderate 2, severe 3 points, added up."),
    )


class SummarySchema(PatientSummarySchema):
    """A summary as the clinic and its API clients see it."""

    phase = fields.Nested(PhaseSchema, required=True, metadata=about("Where in the treatment course."))
    headline = Translated(metadata=about(HEADLINE))
    attention = fields.Nested(AttentionSchema, metadata=about("Why the patient needs attention, if so."))
    open_alert_count = Count(OPEN_ALERTS)
    ratings_asked = fields.List(
        fields.Nested(RatingAskedSchema),
        metadata=about("Optional daily ratings that the patient is asked, in the catalogue's order."),
    )
    phq_9 = fields.Nested(
        Phq9SummarySchema, metadata=about("PHQ-9 in the current course; absent without a total.")
    )
    exposure = fields.Nested(RecentExposureSchema, metadata=about("Infusions and doses given lately."))
    consultation = fields.Nested(
        ConsultationSummarySchema,
        metadata=about("The consultation before treatment; absent where none is recorded."),
    )
    response_review_due_on = TextDate(
        metadata=about(
            "Day from which a response review of this series is due; absent until the series is complete, "
            "once a review is recorded, and after the next infusion."
        )
    )
    booking = fields.Nested(BookingSchema, metadata=about(BOOKING))
    proposed_course = fields.Nested(
        ProposedCourseSchema,
        metadata=about("A new treatment course that a long interval suggests; absent without one."),
    )
    reasons_to_hold = fields.List(
        fields.Nested(HoldReasonSchema),
        metadata=about("What to consider before the next infusion; it changes no outlook."),
    )
    outlook = fields.Nested(
        OutlookSchema, metadata=about("The forecast; absent where the clinic shows none.")
    )
