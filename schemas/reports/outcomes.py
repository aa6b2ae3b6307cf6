"""Outcomes of a clinic's patients."""

from __future__ import annotations

from marshmallow import fields

from clinical.instruments.change import THRESHOLDS
from clinical.side_effects import CATALOGUE
from clinical.suitability import Indication
from schemas.base import Choice, Count, OmitNone, about, one_of
from schemas.chart_query import ChartQuery

SHARE = "A share from 0 to 1."
PUBLISHED = "Published figures to compare with; none of them is a target."
SUPPRESSED = "Whether the figures are left out because a group is smaller than five, or would be disclosed."
FEW_PATIENTS = "Whether the figures are left out because there are fewer than five patients."
WITH_RESPONSE = tuple(name for name, known in THRESHOLDS.items() if known.response_share is not None)


class OutcomesQuery(ChartQuery):
    """What a picture is to show; every other representation is always whole."""

    instrument = fields.String(
        load_default="phq-9",
        validate=one_of(WITH_RESPONSE, "unknown_instrument"),
        metadata=about("The questionnaire that the picture shows."),
    )


class PublishedSchema(OmitNone):
    """What a study found, to compare with the clinic's own figure."""

    study = fields.String(required=True, metadata=about("The study, by name and year."))
    description = fields.String(required=True, metadata=about("Who was studied, and how it differs."))
    share = fields.Float(metadata=about(SHARE))
    duration_days = fields.Float(
        metadata=about("A median in days; with a share, after how many days it was measured.")
    )


class FigureSchema(OmitNone):
    """A proportion; without numbers where it is suppressed."""

    suppressed = fields.Boolean(required=True, metadata=about(SUPPRESSED))
    numerator = fields.Integer(metadata=about("How many were counted."))
    denominator = fields.Integer(metadata=about("Of how many they were counted."))
    share = fields.Float(metadata=about("The numerator over the denominator, a share from 0 to 1."))


class PatientsFigureSchema(FigureSchema):
    """A proportion of patients with its confidence interval."""

    lo95 = fields.Float(metadata=about("Lower limit of the 95 % interval (Wilson) of the share, 0 to 1."))
    hi95 = fields.Float(metadata=about("Upper limit of the 95 % interval (Wilson) of the share, 0 to 1."))


class IndicationFigureSchema(PatientsFigureSchema):
    """The figure of one indication, or of all."""

    indication = Choice(
        ("all", "not_recorded", *Indication), "The indication as in a consultation, or all.", required=True
    )


class RateSchema(OmitNone):
    """How many responded, were in remission or had got worse, by one questionnaire."""

    instrument = Choice(THRESHOLDS, "The questionnaire.", required=True)
    outcome = Choice(("response", "remission", "worse"), "What was counted.", required=True)
    threshold = fields.Float(
        required=True,
        metadata=about("Share of the first total that has to go for a response; else points of the total."),
    )
    citation = fields.String(
        required=True, attribute="source", metadata=about("Where the threshold is from.")
    )
    rows = fields.List(
        fields.Nested(IndicationFigureSchema), required=True, metadata=about("All, then each indication.")
    )
    published = fields.List(fields.Nested(PublishedSchema), required=True, metadata=about(PUBLISHED))


class CurvePointSchema(OmitNone):
    """A survival curve at one day, with its 95 % band."""

    elapsed_days = fields.Integer(
        required=True, metadata=about("Days from the first total that was a response, or from the infusion.")
    )
    surviving = fields.Float(required=True, metadata=about("Share without the event, from 0 to 1."))
    lo95 = fields.Float(required=True, metadata=about("Lower limit of the 95 % band, a share from 0 to 1."))
    hi95 = fields.Float(required=True, metadata=about("Upper limit of the 95 % band, a share from 0 to 1."))


class SurvivalSchema(OmitNone):
    """A Kaplan-Meier curve of how long something lasted."""

    patient_count = Count("Number of patients in the curve.")
    median_days = fields.Float(
        metadata=about("Median in days, by the week; absent while more than half are without the event.")
    )
    points = fields.List(
        fields.Nested(CurvePointSchema), metadata=about("Week by week, as long as five are followed.")
    )


class LossSchema(SurvivalSchema):
    """Duration of responses by one questionnaire (Kaplan-Meier, maintenance continuing)."""

    instrument = Choice(THRESHOLDS, "The questionnaire.", required=True)
    suppressed = fields.Boolean(required=True, metadata=about(FEW_PATIENTS))
    published = fields.List(fields.Nested(PublishedSchema), required=True, metadata=about(PUBLISHED))


class BenefitLastedSchema(SurvivalSchema):
    """How long the measured benefit of an infusion lasted, by the clinic's latest forecast report."""

    suppressed = fields.Boolean(
        required=True, metadata=about("Whether there are fewer than five patients, or no report yet.")
    )
    published = fields.List(fields.Nested(PublishedSchema), required=True, metadata=about(PUBLISHED))


class ReliefSchema(PatientsFigureSchema):
    """Of those who endorsed thoughts of suicide before the first infusion: who did not by day 3."""

    published = fields.List(fields.Nested(PublishedSchema), required=True, metadata=about(PUBLISHED))


class EffectFigureSchema(PatientsFigureSchema):
    """Who reported one side effect on the day of an infusion."""

    code = Choice(
        ("any", *(kind.code for kind in CATALOGUE)), "The side effect, or any of them.", required=True
    )


class EffectRatesSchema(OmitNone):
    """What was reported on the day of an infusion, by patients asked on at least one."""

    rows = fields.List(
        fields.Nested(EffectFigureSchema), required=True, metadata=about("Any, then each side effect.")
    )
    published = fields.List(fields.Nested(PublishedSchema), required=True, metadata=about(PUBLISHED))


class DaysAnsweredSchema(OmitNone):
    """On what share of their days patients answered, from the first answer to today or the discharge."""

    suppressed = fields.Boolean(required=True, metadata=about(FEW_PATIENTS))
    patient_count = Count("Number of patients who answered.")
    lower_quartile = fields.Float(metadata=about("25th percentile of the patients' shares, 0 to 1."))
    median = fields.Float(metadata=about("50th percentile of the patients' shares, 0 to 1."))
    upper_quartile = fields.Float(metadata=about("75th percentile of the patients' shares, 0 to 1."))
    published = fields.List(fields.Nested(PublishedSchema), required=True, metadata=about(PUBLISHED))


class OutlooksTurnedOutSchema(OmitNone):
    """How outlooks were decided; and how they turned out, by the latest forecast report if there is one."""

    agreed = fields.Nested(
        FigureSchema, required=True, metadata=about("Of the decisions, not of patients, how many agreed.")
    )
    generated_at = fields.String(metadata={"format": "date-time", **about("When that report was generated.")})
    day_14_cycle_count = Count("Number of cycles scored 14 days after the infusion.")
    day_14_error_days = fields.Float(
        metadata=about("Mean absolute error in days, 14 days after the infusion; lower is better.")
    )
    day_14_coverage = fields.Float(
        metadata=about("Share of 80 % intervals that held the day, from 0 to 1; 0.8 is right.")
    )
    false_alarms_per_year = fields.Float(metadata=about("False alarms per patient-year; lower is better."))


class OutcomesSchema(OmitNone):
    """Outcomes of a clinic's patients, next to published figures."""

    treated_count = Count("Number of patients with an infusion; absent where fewer than five.")
    statement = fields.String(required=True, metadata=about("How to read the figures, in sentences."))
    rates = fields.List(
        fields.Nested(RateSchema),
        required=True,
        metadata=about("Response, remission and worsening by questionnaire."),
    )
    loss_of_response = fields.List(
        fields.Nested(LossSchema), required=True, metadata=about("How long responses held.")
    )
    benefit_lasted = fields.Nested(
        BenefitLastedSchema,
        required=True,
        metadata=about("Days until half of a cycle's gain was lost; of each patient the first cycle judged."),
    )
    relief_at_day_3 = fields.Nested(
        ReliefSchema, required=True, metadata=about("Relief of thoughts of suicide by day 3.")
    )
    side_effect_rates = fields.Nested(
        EffectRatesSchema, required=True, metadata=about("Side effects on the day of an infusion.")
    )
    days_answered = fields.Nested(
        DaysAnsweredSchema, required=True, metadata=about("On what share of their days patients answered.")
    )
    outlooks = fields.Nested(
        OutlooksTurnedOutSchema, required=True, metadata=about("Decisions on outlooks, and their accuracy.")
    )
