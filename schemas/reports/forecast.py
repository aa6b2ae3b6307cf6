"""How a clinic's forecasts turned out."""

from __future__ import annotations

from marshmallow import fields

from schemas.base import OmitNone, TextDate
from schemas.reports.outcomes import LastedSchema

TOO_FEW = "Absent where fewer than five cycles tell."


def figure(sentence: str) -> fields.Float:
    """A figure that is left out where too few cycles tell."""
    return fields.Float(metadata={"description": f"{sentence} {TOO_FEW}"})


class RuleSchema(OmitNone):
    """How one forecaster did: the outlook, or a simple rule that it has to beat."""

    rule = fields.String(
        required=True,
        metadata={"description": "outlook, calendar_21, calendar_28 or seven_day_mean; an open list."},
    )
    cycles_at_7 = fields.Integer(required=True)
    error_at_7 = figure("Mean error, in days, of what was said seven days after the infusion.")
    refused_at_7 = figure("The share of them without a forecast, charged as day 28.")
    coverage_at_7 = figure("The share of 80 % ranges that held the day.")
    cycles_at_14 = fields.Integer(required=True)
    error_at_14 = figure("The same, fourteen days after the infusion.")
    bias_at_14 = figure("Mean error with its sign: above 0 is too late.")
    refused_at_14 = figure("The share without a forecast.")
    coverage_at_14 = figure("The share of 80 % ranges that held the day.")
    width_at_14 = figure("Mean width of the 80 % ranges, days.")
    cut_short_at_14 = fields.Integer(required=True)
    compatible_at_14 = figure("Of cycles cut short: the share of 80 % ranges that reach to the end at least.")
    cycles_followed = fields.Integer(required=True)
    sensitivity = figure("The share of cycles, followed for a week beyond, in which it was noticed in time.")
    false_alarms = fields.Integer(required=True)
    years = fields.Float(required=True, metadata={"description": "Patient-years before a third was gone."})
    false_alarms_a_year = figure("False alarms a patient-year.")
    cycles_led = fields.Integer(required=True)
    lead_days = figure("Median notice before half was gone, days.")
    in_time = figure("The share with 2 to 12 days of notice.")


class CycleCountsSchema(OmitNone):
    """How many cycles had ended, and what could be said of them."""

    finished = fields.Integer(required=True)
    scored = fields.Integer(required=True)
    half_gone_seen = fields.Integer(required=True)
    cut_short = fields.Integer(required=True)
    without_benefit = fields.Integer(required=True)
    without_baseline = fields.Integer(required=True)
    too_few_answers = fields.Integer(required=True)
    never_forecast = fields.Integer(
        required=True,
        metadata={
            "description": "Of those scored: no day was named on any day of the cycle, by what was known "
            "then. What was imported or entered later was not known on the day."
        },
    )


class CycleGroupSchema(OmitNone):
    """Some cycles by their number."""

    number = fields.String(required=True)
    scored = fields.Integer(required=True)
    rules = fields.List(fields.Nested(RuleSchema), required=True)


class WitnessSchema(OmitNone):
    """What another witness says of when half was gone, beside the truth and apart from it."""

    cycles = fields.Integer(required=True)
    noticed = figure("The share in which the outlook had rung by that day.")
    error_at_7 = figure("The outlook's error, were that day the truth.")
    error_at_14 = figure("The same, fourteen days after the infusion.")
    cycles_with_both = fields.Integer(required=True)
    days_after_truth = figure("Median days from the retrospective truth to that day.")


class DecisionCountsSchema(OmitNone):
    """What clinicians decided on outlooks."""

    agreed = fields.Integer(required=True)
    differed = fields.Integer(required=True)
    booked = fields.Integer(required=True)
    days_from_recommended = figure("Median days from the recommended day to the booked one.")


class ForecastReportSchema(OmitNone):
    """How a clinic's forecasts turned out, by the answers of each whole cycle looked back on."""

    generated_at = fields.String(required=True, metadata={"format": "date-time"})
    engine_version = fields.String(required=True)
    prior_version = fields.String(required=True)
    patients = fields.Integer(required=True, metadata={"description": "With at least one finished cycle."})
    first_day = TextDate()
    last_day = TextDate()
    statement = fields.String(required=True)
    cycles = fields.Nested(CycleCountsSchema, required=True)
    benefit_lasted = fields.Nested(
        LastedSchema,
        metadata={
            "description": "Days until half of the gain was gone, by Kaplan and Meier: of each patient the "
            "first cycle that can be judged. Absent where fewer than five have one."
        },
    )
    rules = fields.List(fields.Nested(RuleSchema), required=True)
    by_cycle = fields.List(fields.Nested(CycleGroupSchema), required=True)
    patient_reported_half_loss = fields.Nested(WitnessSchema, required=True)
    given_for_symptoms = fields.Nested(WitnessSchema, required=True)
    decisions = fields.Nested(DecisionCountsSchema, required=True)
