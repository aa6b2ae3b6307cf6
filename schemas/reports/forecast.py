"""How a clinic's forecasts turned out."""

from __future__ import annotations

from marshmallow import fields

from schemas.base import Choice, Count, Instant, OmitNone, TextDate, Translated, about
from schemas.recalibrations import RecalibrationEvidenceSchema
from schemas.reports.outcomes import SurvivalSchema

TOO_FEW = "Absent where fewer than five cycles count."
SHARE = "A share from 0 to 1; higher is better."
RULES = ("outlook", "calendar_21", "calendar_28", "seven_day_mean")


def figure(sentence: str) -> fields.Float:
    """Return the field of a figure that is left out where too few cycles count."""
    return fields.Float(metadata=about(f"{sentence} {TOO_FEW}"))


class RuleSchema(OmitNone):
    """How one forecaster did: the outlook, or a simple comparator."""

    rule = Choice(RULES, "The forecaster: the outlook, or a comparator it has to beat.", required=True)
    day_7_cycle_count = Count("Number of cycles scored 7 days after the infusion.", required=True)
    day_7_error_days = figure("Mean absolute error in days, 7 days after the infusion; lower is better.")
    day_7_no_forecast_share = figure(
        "Share of these cycles without a forecast, from 0 to 1; scored as day 28."
    )
    day_7_coverage = figure(f"Of the 80 % intervals, how many held the day, 0.8 being right. {SHARE}")
    day_14_cycle_count = Count("Number of cycles scored 14 days after the infusion.", required=True)
    day_14_error_days = figure("Mean absolute error in days, 14 days after the infusion; lower is better.")
    day_14_bias_days = figure("Mean error in days with its sign: above 0 is too late, below 0 too early.")
    day_14_no_forecast_share = figure(
        "Share of these cycles without a forecast, from 0 to 1; scored as day 28."
    )
    day_14_coverage = figure(f"Of the 80 % intervals, how many held the day, 0.8 being right. {SHARE}")
    day_14_width_days = figure("Mean width of the 80 % intervals in days; lower is better.")
    day_14_censored_count = Count("Number of censored cycles at 14 days.", required=True)
    day_14_interval_reaches_end = figure(
        f"Of the censored cycles, how many have an 80 % interval that reaches their end. {SHARE}"
    )
    followed_cycle_count = Count(
        "Number of cycles followed for a week beyond the day on which half was lost.", required=True
    )
    sensitivity = figure(f"Of these cycles, how many were detected in time. {SHARE}")
    false_alarm_count = Count("Number of false alarms.", required=True)
    patient_years = fields.Float(
        required=True, metadata=about("Patient-years before a third of the benefit was lost.")
    )
    false_alarms_per_year = figure("False alarms per patient-year; lower is better.")
    lead_cycle_count = Count("Number of cycles in which a lead time can be measured.", required=True)
    lead_days = figure("Median days from the alarm to the loss of half of the benefit.")
    timely_share = figure(f"Of these cycles, how many had 2 to 12 days of lead time. {SHARE}")


class CycleCountsSchema(OmitNone):
    """How many cycles had ended, and what was found in each."""

    finished_count = Count("Number of cycles that had ended.", required=True)
    scored_count = Count("Number of cycles against which forecasts are scored.", required=True)
    half_lost_count = Count("Number of cycles in which half of the benefit was seen lost.", required=True)
    censored_count = Count("Number of cycles that ended before half was seen lost.", required=True)
    no_benefit_count = Count("Number of cycles without a measurable benefit.", required=True)
    no_baseline_count = Count("Number of cycles without a baseline.", required=True)
    too_few_answers_count = Count("Number of cycles with too few answers.", required=True)
    never_forecast_count = Count(
        "Number of scored cycles without a forecast on any day, by what was known then. What was imported or "
        "entered later was not known on the day.",
        required=True,
    )


class ReliabilityBinSchema(OmitNone):
    """One tenth of probability: what was forecast, and in how many cycles half was lost by that day.

    Of each cycle the first day counts on which the forecast lay in that tenth.
    """

    p_from = fields.Float(required=True, metadata=about("Probability at which the tenth begins, 0 to 1."))
    p_to = fields.Float(required=True, metadata=about("Probability at which the tenth ends, 0 to 1."))
    cycle_count = Count("Number of cycles with a forecast in this tenth.", required=True)
    mean_forecast = figure("Mean probability that was forecast, 0 to 1.")
    observed_share = figure("Share of the cycles in which half was lost by that day, 0 to 1.")
    lo95 = figure("Lower limit of its 95 % interval, 0 to 1.")
    hi95 = figure("Upper limit of its 95 % interval, 0 to 1.")


class RecalibratedSchema(OmitNone):
    """The forecasts after a recalibration by the clinic's own record, and whether it would have helped."""

    evidence = fields.Nested(
        RecalibrationEvidenceSchema, required=True, metadata=about("Its cross-validation.")
    )
    reliability = fields.List(
        fields.Nested(ReliabilityBinSchema),
        required=True,
        metadata=about("The reliability picture after it; before it is reliability of the report."),
    )


class CycleGroupSchema(OmitNone):
    """The cycles of one range of numbers."""

    cycle_range = fields.String(
        required=True,
        metadata={
            "description": "Which of a patient's maintenance cycles: 1, 2 to 3, or 4 and later.",
            "enum": ["1", "2 to 3", "4 and later"],
        },
    )
    scored_count = Count("Number of cycles against which forecasts are scored.", required=True)
    rules = fields.List(
        fields.Nested(RuleSchema), required=True, metadata=about("Each forecaster on these cycles.")
    )


class ExternalAnchorSchema(OmitNone):
    """The outlook against an external anchor for the loss of half, next to the retrospective reference."""

    cycle_count = Count("Number of cycles with this anchor.", required=True)
    detected_share = figure(f"Of these cycles, how many had an alarm by the anchor's day. {SHARE}")
    day_7_error_days = figure("Mean absolute error in days against the anchor, 7 days after the infusion.")
    day_14_error_days = figure("Mean absolute error in days against the anchor, 14 days after the infusion.")
    reference_cycle_count = Count(
        "Number of these cycles that also have the retrospective reference.", required=True
    )
    days_after_reference = figure("Median days from the retrospective reference to the anchor's day.")


class DecisionCountsSchema(OmitNone):
    """What clinicians decided on outlooks."""

    agreed_count = Count("Number of decisions that agreed.", required=True)
    differed_count = Count("Number of decisions that differed.", required=True)
    booked_count = Count("Number of decisions that name a booked day.", required=True)
    days_after_recommended = figure("Median days from the recommended day to the booked one.")


class ForecastReportSchema(OmitNone):
    """A clinic's forecasts, scored against the retrospective reference of each finished cycle."""

    how_to_read = Translated(
        metadata=about(
            "How to read the report, in sentences with its main figures; insufficient data where so. Absent "
            "from a report of an earlier release."
        )
    )
    units = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata=about(
            "Unit of each figure by its name; a name that ends in _count is a number. Absent from a report "
            "of an earlier release."
        ),
    )
    generated_at = fields.String(
        required=True, metadata={"format": "date-time", **about("When the report was generated.")}
    )
    engine_version = fields.String(required=True, metadata=about("Version of the forecast model."))
    prior_version = fields.String(
        required=True, metadata=about("The population prior in use: published-1, or clinic-n of this clinic.")
    )
    patient_count = Count("Number of patients with at least one finished cycle.", required=True)
    first_on = TextDate(metadata=about("First day of the earliest cycle; absent without cycles."))
    last_on = TextDate(metadata=about("Last day of the latest cycle; absent without cycles."))
    statement = Translated(
        required=True, metadata=about("What the figures are compared with, and what limits them.")
    )
    cycle_counts = fields.Nested(
        CycleCountsSchema, required=True, metadata=about("How many cycles, and what was found in each.")
    )
    benefit_lasted = fields.Nested(
        SurvivalSchema,
        metadata=about(
            "Days until half of the gain was lost, by Kaplan and Meier: of each patient the first cycle that "
            "can be judged. Absent where fewer than five have one."
        ),
    )
    rules = fields.List(
        fields.Nested(RuleSchema), required=True, metadata=about("Each forecaster on all scored cycles.")
    )
    reliability = fields.List(
        fields.Nested(ReliabilityBinSchema),
        metadata=about(
            "Probabilities that half was lost, by tenths, with what was observed: the reliability picture. "
            "Absent from a report of an earlier release."
        ),
    )
    recalibrated = fields.Nested(
        RecalibratedSchema,
        metadata=about(
            "What a recalibration by the clinic's own record would have changed, of each patient by one that "
            "was estimated from others. Absent where finished cycles are too few."
        ),
    )
    by_cycle = fields.List(
        fields.Nested(CycleGroupSchema), required=True, metadata=about("The same by number of the cycle.")
    )
    patient_reported_half_loss = fields.Nested(
        ExternalAnchorSchema,
        required=True,
        metadata=about(
            "Against the day on which the patient first reported half or less of the benefit left."
        ),
    )
    given_for_symptoms = fields.Nested(
        ExternalAnchorSchema,
        required=True,
        metadata=about("Against the day of an infusion that was given because symptoms had returned."),
    )
    decision_counts = fields.Nested(
        DecisionCountsSchema, required=True, metadata=about("What clinicians decided on outlooks.")
    )


class ForecastReportRequestSchema(OmitNone):
    """A report that is asked for."""

    requested_at = Instant(required=True, metadata=about("When it was asked for, first."))
    generated_at = Instant(metadata=about("When the newest report was made; absent without one."))
