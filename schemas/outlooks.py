"""The outlook as a clinician reads it: its status, its window, its reasons, its disclaimers."""

from __future__ import annotations

from marshmallow import fields

from clinical.induction_pace import InductionPace
from clinical.outlook import Basis, NoForecastReason, Pace, ReasonCode, Status, WearOff
from clinical.protocol import PhaseKind
from clinical.score import Instrument
from clinical.target_measure import TargetMeasure, is_rating
from clinical.trend import Measure
from schemas.base import Choice, Count, OmitNone, TextDate, Translated, about
from schemas.exposure import HoldReasonSchema

BEYOND = "Whether {} lies more than 8 weeks after the infusion: show it as such, not as a date."
BENEFIT_LEFT = (
    "How much of the last infusion's benefit is left, as a fraction from 0 to 1. (In a check-in, "
    "benefit_left is the patient's own answer in percent, 0 to 100.)"
)
P_HALF_LOST = "Probability, 0 to 1, that half of the benefit is already lost."
STATUS = (
    "The outlook in one word; in maintenance by the forecast and the plan's dates, or by the plan's dates "
    "alone where no forecast is shown. no_benefit and worse (than before treatment) rest on averages and "
    "questionnaires, whether or not a forecast is shown."
)
NO_FORECAST_REASON = (
    "Why no forecast is given; not_shown and switched_off are the clinic's choice. Absent with a forecast."
)
WEAR_OFF_FLAG = (
    "Whether half of the benefit is already lost: possible from a probability of 0.35, likely from 0.60. "
    "Absent where no forecast is given."
)
HEADLINE = (
    "The answer in a few short sentences: status, what worsened, how likely half of the benefit is lost, the "
    "days since the last infusion against the plan, what is booked, and the PHQ-9 total."
)
RATINGS = tuple(measure for measure in TargetMeasure if is_rating(measure))
MEASURES = (
    *(Measure.MOOD, Measure.ENJOYMENT, Measure.ANXIETY, *RATINGS),
    *("benefit_left", "half_benefit_recall", Instrument.PHQ_9),
)
TARGET_MEASURE = (
    "What the forecast, the gain and the levels are of: wellbeing, or the optional daily rating that is the "
    "target measure of the current course. Absent in outlooks from before it could be chosen, which are by "
    "wellbeing."
)


class PatientPhaseSchema(OmitNone):
    """Where in the course; during induction also how far it has come."""

    kind = Choice(PhaseKind, "Phase of the treatment course.", required=True)
    infusions_given_count = Count("Number of induction infusions given; absent outside induction.")
    infusions_planned_count = Count("Number of induction infusions planned; absent outside induction.")


class PhaseSchema(PatientPhaseSchema):
    """Where in the course, as the clinic sees it; during induction also its pace."""

    infusions_expected_count = Count(
        "Number of induction infusions that the plan expects up to today; absent outside induction."
    )
    induction_pace = Choice(
        InductionPace,
        "on_pace, behind the plan, or lapsed: no infusion for longer than the whole induction was planned "
        "to take. Absent outside induction.",
    )
    days_behind = fields.Integer(
        metadata=about("Days since the plan expected the next infusion, 0 on pace; absent outside induction.")
    )


class EstimateSchema(OmitNone):
    """A median with its central 80 % interval, in the unit of the member that holds it."""

    median = fields.Float(required=True, metadata=about("50th percentile, on the scale of the member."))
    lo80 = fields.Float(required=True, metadata=about("10th percentile, on the scale of the member."))
    hi80 = fields.Float(required=True, metadata=about("90th percentile, on the scale of the member."))


class DataQualitySchema(OmitNone):
    """How recent and how complete the check-ins are."""

    answered_last_7_days_count = Count(
        "Number of days answered of the last 7, including today.", required=True
    )
    answered_last_14_days_count = Count(
        "Number of days answered of the last 14, including today.", required=True
    )
    last_check_in_on = TextDate(metadata=about("The last day answered; absent if none ever was."))
    silent_days = fields.Integer(
        metadata=about("Days from the last day answered to today; absent if none ever was.")
    )
    stale = fields.Boolean(required=True, metadata=about("Whether there are seven or more silent days."))
    anxiety_share = fields.Float(
        metadata=about("Of the days answered in the last 14, the share with anxiety, 0 to 1; absent if none.")
    )
    enjoyment_share = fields.Float(
        metadata=about("Of the days answered in the last 14, the share with enjoyment, 0 to 1.")
    )
    target_answered_last_14_days_count = Count(
        "Number of days of the last 14 with target_measure; absent where it is wellbeing."
    )


class MeasureUseSchema(OmitNone):
    """On how many days one measure was used."""

    measure = Choice(MEASURES, "The measure.", required=True)
    day_count = Count("Number of days on which it was used.", required=True)
    first_on = TextDate(required=True, metadata=about("The first of these days."))
    last_on = TextDate(required=True, metadata=about("The last of these days."))


class InputsSchema(OmitNone):
    """The check-ins and scores that the forecast was computed from; absent where none is given."""

    reading_count = Count("Number of answered days used, those of the baseline included.", required=True)
    first_on = TextDate(metadata=about("The first of these days."))
    last_on = TextDate(metadata=about("The last of these days."))
    measures = fields.List(
        fields.Nested(MeasureUseSchema), required=True, metadata=about("Which measures were used.")
    )


class ReasonSchema(OmitNone):
    """One reason, its numbers, and what would change it."""

    code = Choice(ReasonCode, "Stable name of the reason.", required=True)
    text = Translated(required=True, metadata=about("The reason as a sentence, with its units."))
    numbers = fields.Dict(
        required=True, metadata=about("The numbers in the sentence, by name, in the same units.")
    )
    would_change = Translated(required=True, metadata=about("What would change it, as a sentence."))


class OutlookSchema(OmitNone):
    """When half of the benefit will be lost, how surely, and why. It informs a clinician, who decides.

    What depends on a forecast is absent where none is given, wear_off_flag and inputs too.
    """

    outlook_id = fields.String(
        metadata=about(
            "Id of this version of the outlook, to send with a decision; it changes with any input. "
            "Absent with as_of."
        )
    )
    headline = Translated(metadata=about(HEADLINE))
    reasons_to_hold = fields.List(
        fields.Nested(HoldReasonSchema),
        metadata=about("What to consider before the next infusion; it moves no date of the outlook."),
    )
    today = TextDate(required=True, metadata=about("The patient's own day that this is about."))
    phase = fields.Nested(PhaseSchema, required=True, metadata=about("Where in the course the patient is."))
    target_measure = Choice(TargetMeasure, TARGET_MEASURE)
    status = Choice(Status, STATUS, required=True)
    no_benefit_since_on = TextDate(
        metadata=about("Day since which there is no benefit, or it is worse; absent with any other status.")
    )
    no_forecast_reason = Choice(NoForecastReason, NO_FORECAST_REASON)
    missing = fields.List(
        Translated(), required=True, metadata=about("What a forecast would need, a sentence each.")
    )
    basis = Choice(
        Basis,
        "What the forecast is based on: the prior for a new patient, this patient's finished cycles, or "
        "these and the running one.",
    )
    last_infusion_on = TextDate(metadata=about("The day of the last infusion given."))
    days_since_infusion = fields.Integer(metadata=about("Days from the last infusion to today."))
    protocol_earliest_on = TextDate(metadata=about("The plan's first day for the next maintenance infusion."))
    protocol_latest_on = TextDate(metadata=about("The plan's last day for the next maintenance infusion."))
    protocol_limit_reached = fields.Boolean(
        required=True, metadata=about("Whether the plan's last day has come.")
    )
    recommended_on = TextDate(metadata=about("The day on which to consider the next infusion."))
    due_median_on = TextDate(metadata=about("Half is lost by this day with probability 0.5."))
    due_lo80_on = TextDate(metadata=about("Half is lost before this day with probability 0.1."))
    due_hi80_on = TextDate(metadata=about("Half is lost after this day with probability 0.1."))
    due_median_beyond_horizon = fields.Boolean(required=True, metadata=about(BEYOND.format("due_median_on")))
    due_lo80_beyond_horizon = fields.Boolean(required=True, metadata=about(BEYOND.format("due_lo80_on")))
    due_hi80_beyond_horizon = fields.Boolean(required=True, metadata=about(BEYOND.format("due_hi80_on")))
    p_half_lost = fields.Float(metadata=about(P_HALF_LOST))
    p_half_lost_in_7_days = fields.Float(
        metadata=about("Probability, 0 to 1, that half of the benefit is lost 7 days from today.")
    )
    p_half_lost_in_14_days = fields.Float(
        metadata=about("Probability, 0 to 1, that half of the benefit is lost 14 days from today.")
    )
    benefit_left_estimate = fields.Nested(EstimateSchema, metadata=about(BENEFIT_LEFT))
    gain = fields.Float(
        metadata=about(
            "Benefit of the last infusion, in points of target_measure (0 to 10) by which it is better than "
            "baseline_level; higher is better."
        )
    )
    gain_sd = fields.Float(metadata=about("Standard deviation of gain, points of target_measure."))
    baseline_level = fields.Float(
        metadata=about(
            "Level of target_measure without benefit, before treatment, points from 0 to 10 as it is rated: "
            "of wellbeing higher is better, of the other measures worse."
        )
    )
    half_benefit_line = fields.Float(
        metadata=about(
            "Level of target_measure with half of the gain over baseline_level left, points from 0 to 10 as "
            "it is rated. Another level than half_rise_level of a response curve."
        )
    )
    personal_interval = fields.Nested(
        EstimateSchema,
        metadata=about(
            "Days from an infusion to half of its benefit lost, usual for this patient; absent before the "
            "first finished cycle."
        ),
    )
    finished_cycle_count = Count(
        "Number of maintenance cycles that another infusion has ended.", required=True
    )
    cycle_reading_count = Count(
        "Number of answered days of the running cycle that the forecast uses.", required=True
    )
    baseline_reading_count = Count(
        "Number of days answered of the 28 before the first infusion.", required=True
    )
    outlier_days = fields.List(
        TextDate(),
        required=True,
        metadata=about("Days of this cycle that lie far below the curve and have less weight."),
    )
    wear_off_flag = Choice(WearOff, WEAR_OFF_FLAG)
    pace = Choice(
        Pace,
        "Whether this cycle's benefit wears off sooner or later than is usual for this patient; absent "
        "before a finished cycle.",
    )
    data_quality = fields.Nested(
        DataQualitySchema, required=True, metadata=about("How recent and complete the check-ins are.")
    )
    inputs = fields.Nested(
        InputsSchema, metadata=about("What the forecast was computed from. Absent where none is given.")
    )
    reasons = fields.List(
        fields.Nested(ReasonSchema),
        required=True,
        metadata=about("Reasons in order: level and course first, limits of the data last."),
    )
    disclaimers = fields.List(
        Translated(), required=True, metadata=about("What an outlook is not, a sentence each.")
    )
    engine_version = fields.String(required=True, metadata=about("Version of the forecast model."))
    prior_version = fields.String(
        required=True,
        metadata=about("The population prior it began from: published-1, or clinic-n of this clinic."),
    )
    recalibration_version = fields.String(
        metadata=about("The recalibration that was applied: recalibration-n. Absent where none was.")
    )
