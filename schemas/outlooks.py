"""The outlook as a clinician reads it: its word, its window, its reasons, its limits."""

from __future__ import annotations

from marshmallow import fields

from schemas.base import OmitNone, TextDate, about

BEYOND = "Whether {} lies more than 8 weeks after the infusion: show it as such, not as a date."
BENEFIT_LEFT = (
    "How much of the last infusion's benefit is left, as a fraction from 0 to 1. (In a check-in, "
    "benefit_left is the patient's own answer in percent, 0 to 100.)"
)


class PhaseSchema(OmitNone):
    """Where in the course; in induction, number `number` of `of`."""

    kind = fields.String(
        required=True,
        metadata=about("not_started, induction, maintenance, paused or completed; an open list."),
    )
    number = fields.Integer(metadata=about("In induction: infusions given."))
    of = fields.Integer(metadata=about("In induction: infusions that the plan has."))


class EstimateSchema(OmitNone):
    """A median with its central 80 % interval, in the unit of the member that holds it."""

    median = fields.Float(required=True, metadata=about("As likely above as below; the member's unit."))
    lo80 = fields.Float(required=True, metadata=about("Below it with 1 chance in 10; the member's unit."))
    hi80 = fields.Float(required=True, metadata=about("Above it with 1 chance in 10; the member's unit."))


class DataQualitySchema(OmitNone):
    """How much there was to go on."""

    answered_last_7_days_count = fields.Integer(
        required=True, metadata=about("Days answered of the last 7, today among them.")
    )
    answered_last_14_days_count = fields.Integer(
        required=True, metadata=about("Days answered of the last 14, today among them.")
    )
    last_check_in_on = TextDate(metadata=about("The last day answered; absent if none ever was."))
    silent_days = fields.Integer(
        metadata=about("Days from the last day answered to today; absent if none ever was.")
    )
    stale = fields.Boolean(required=True, metadata=about("Seven or more silent days."))
    anxiety_share = fields.Float(
        metadata=about("Of the days answered in the last 14, the share with anxiety, 0 to 1; absent if none.")
    )
    enjoyment_share = fields.Float(metadata=about("The same for enjoyment, 0 to 1."))


class MeasureUseSchema(OmitNone):
    """On how many days one measure was used."""

    measure = fields.String(required=True, metadata=about("Its name."))
    days = fields.Integer(required=True, metadata=about("Days on which it was used."))
    first_day = TextDate(required=True, metadata=about("The first of them."))
    last_day = TextDate(required=True, metadata=about("The last of them."))


class InputsSchema(OmitNone):
    """What the forecast was made from; absent where none is given."""

    readings = fields.Integer(
        required=True, metadata=about("Days answered that the forecast used, the baseline's among them.")
    )
    first_day = TextDate(metadata=about("The first of them."))
    last_day = TextDate(metadata=about("The last of them."))
    measures = fields.List(
        fields.Nested(MeasureUseSchema),
        required=True,
        metadata=about("What was told on them: mood, enjoyment, anxiety, benefit_left, phq-9; an open list."),
    )


class ReasonSchema(OmitNone):
    """One reason, its numbers, and what would change it."""

    code = fields.String(required=True, metadata=about("Its stable name; an open list."))
    text = fields.String(required=True, metadata=about("The sentence, with its units."))
    numbers = fields.Dict(required=True, metadata=about("The numbers in it, by name, in the same units."))
    would_change = fields.String(required=True, metadata=about("What would change it."))


class OutlookSchema(OmitNone):
    """When half of the benefit will be gone, how surely, and why. It informs a clinician, who decides.

    What rests on a forecast is absent where none is given, wear_off_flag and inputs too.
    """

    id = fields.String(
        metadata=about("What a decision names; another as soon as anything changes. Absent with as_of.")
    )
    today = TextDate(required=True, metadata=about("The patient's own day that this is about."))
    phase = fields.Nested(PhaseSchema, required=True, metadata=about("Where in the course the patient is."))
    status = fields.String(
        required=True,
        metadata=about(
            "not_started, induction, not_due, approaching, due, overdue, paused, completed or "
            "insufficient_data; an open list."
        ),
    )
    no_forecast_reason = fields.String(
        metadata=about(
            "Why no forecast is given; not_shown and switched_off are the clinic's choice, and the status is "
            "then by the plan's dates alone."
        )
    )
    missing = fields.List(
        fields.String(), required=True, metadata=about("What a forecast would need, a sentence each.")
    )
    basis = fields.String(
        metadata=about("What the forecast rests on: clinic_prior, history_only or patient; an open list.")
    )
    last_infusion = TextDate(metadata=about("The day of the last infusion given."))
    days_since_infusion = fields.Integer(metadata=about("Days from the last infusion to today."))
    protocol_earliest_on = TextDate(metadata=about("The plan's first day for the next maintenance infusion."))
    protocol_latest_on = TextDate(metadata=about("The plan's last day for it."))
    protocol_limit_reached = fields.Boolean(
        required=True, metadata=about("Whether the plan's last day has come.")
    )
    recommended = TextDate(metadata=about("The day on which to consider the next infusion."))
    due_median_on = TextDate(metadata=about("By this day half of the benefit is as likely gone as not."))
    due_lo80_on = TextDate(metadata=about("Half is gone before this day with 1 chance in 10."))
    due_hi80_on = TextDate(metadata=about("Half is gone after this day with 1 chance in 10."))
    due_median_beyond_horizon = fields.Boolean(required=True, metadata=about(BEYOND.format("due_median_on")))
    due_lo80_beyond_horizon = fields.Boolean(required=True, metadata=about(BEYOND.format("due_lo80_on")))
    due_hi80_beyond_horizon = fields.Boolean(required=True, metadata=about(BEYOND.format("due_hi80_on")))
    p_half_lost = fields.Float(metadata=about("The chance that half is gone already, 0 to 1."))
    p_half_lost_in_7_days = fields.Float(
        metadata=about("The chance that half is gone 7 days from today, 0 to 1.")
    )
    p_half_lost_in_14_days = fields.Float(
        metadata=about("The chance that half is gone 14 days from today, 0 to 1.")
    )
    benefit_left = fields.Nested(EstimateSchema, metadata=about(BENEFIT_LEFT))
    gain = fields.Float(
        metadata=about("What the last infusion gained over the baseline, points of wellbeing (0 to 10).")
    )
    gain_sd = fields.Float(metadata=about("How surely: its standard deviation, points of wellbeing."))
    baseline = fields.Float(metadata=about("The level without benefit, points of wellbeing (0 to 10)."))
    half_benefit_line = fields.Float(
        metadata=about("The level at which half of the gain is left, points of wellbeing (0 to 10).")
    )
    personal_interval = fields.Nested(
        EstimateSchema,
        metadata=about(
            "Days from an infusion to half of its benefit gone, usual for this patient; absent before the "
            "first finished cycle."
        ),
    )
    finished_cycle_count = fields.Integer(
        required=True, metadata=about("Maintenance cycles that another infusion has ended.")
    )
    cycle_reading_count = fields.Integer(
        required=True, metadata=about("Days answered in the running cycle that count.")
    )
    baseline_reading_count = fields.Integer(
        required=True, metadata=about("Days answered in the 28 before the first infusion.")
    )
    outlier_days = fields.List(
        TextDate(),
        required=True,
        metadata=about("Days of this cycle that lie far off the curve and count less."),
    )
    wear_off_flag = fields.String(
        metadata=about(
            "Whether half has gone already: none, possible (a chance of 35 % or more) or likely (60 % or "
            "more); an open list. Absent where no forecast is given."
        )
    )
    pace = fields.String(
        metadata=about("sooner, as_usual or later than is usual for this patient; an open list.")
    )
    data_quality = fields.Nested(
        DataQualitySchema, required=True, metadata=about("How much there was to go on.")
    )
    inputs = fields.Nested(
        InputsSchema, metadata=about("What the forecast was made from. Absent where none is given.")
    )
    reasons = fields.List(
        fields.Nested(ReasonSchema), required=True, metadata=about("Why, the weightiest first.")
    )
    limits = fields.List(
        fields.String(), required=True, metadata=about("What it cannot know, a sentence each.")
    )
    engine_version = fields.String(required=True, metadata=about("Which engine said so."))
    prior_version = fields.String(
        required=True, metadata=about("The average of other patients it began from: published-1 or clinic-n.")
    )
