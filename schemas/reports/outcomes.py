"""Outcomes of a clinic's patients."""

from __future__ import annotations

from marshmallow import fields

from clinical.direction import Direction
from clinical.outcome import WorseCriterion
from clinical.side_effects import CATALOGUE
from clinical.suitability import Indication
from clinical.treatment_course import CourseKind
from schemas.base import (
    DIRECTION,
    Choice,
    Count,
    InstrumentCode,
    LocalDate,
    OmitNone,
    PeriodQuery,
    Translated,
    about,
)
from schemas.chart_query import ChartQuery

SHARE = "A share from 0 to 1."
PUBLISHED = "Published figures to compare with; none of them is a target."
SUPPRESSED = "Whether the figures are left out because a group is smaller than five, or would be disclosed."
FEW_PATIENTS = "Whether the figures are left out because there are fewer than five patients."
WITHOUT_FILTERS = "Absent where filters select courses: it is known of all patients only."
CRITERION = (
    "What the threshold is. For worse: the reliable change where one was published, else the important "
    "change, else any change for the worse, which chance alone can bring about."
)
SMALL_GROUPS = (
    "Whether figures of fewer than five patients are shown. shown: the default for the clinic's own staff. "
    "suppressed: for what leaves the clinic, and what an integration is always given."
)


class OutcomesQuery(ChartQuery, PeriodQuery):
    """Which courses are counted, by which instrument; without a filter, all. An integration sends none."""

    first = LocalDate(
        data_key="from",
        load_default=None,
        metadata=about("First day of a period: courses whose first infusion was on it or later."),
    )
    last = LocalDate(
        data_key="to",
        load_default=None,
        metadata=about("Last day of a period: courses whose first infusion was on it or earlier."),
    )
    course_kind = Choice(
        CourseKind, "Kind of the courses counted.", error="unknown_course_kind", load_default=None
    )
    indication = Choice(
        Indication,
        "Indication of the courses counted, by the consultation they rest on.",
        error="unknown_indication",
        load_default=None,
    )
    clinician_id = fields.UUID(
        load_default=None,
        metadata=about("Account that decided on treatment in the consultation of the courses counted."),
    )
    instrument = InstrumentCode(
        "Report this questionnaire alone, also where nobody has an outcome on it. A picture shows phq-9 "
        "without it, and can show the questionnaires that have a published response.",
        error="unknown_instrument",
        load_default=None,
    )
    small_groups = Choice(
        ("shown", "suppressed"), SMALL_GROUPS, error="unknown_small_groups", load_default=None
    )


class PublishedSchema(OmitNone):
    """What a study found, to compare with the clinic's own figure."""

    study = fields.String(required=True, metadata=about("The study, by name and year."))
    description = Translated(required=True, metadata=about("Who was studied, and how it differs."))
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

    instrument = InstrumentCode("The questionnaire.", required=True)
    outcome = Choice(("response", "remission", "worse"), "What was counted.", required=True)
    criterion = Choice(("response_share", "remission_total", *WorseCriterion), CRITERION, required=True)
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


class MeanChangeSchema(OmitNone):
    """Mean totals before and after by one questionnaire, and the change between them."""

    instrument = InstrumentCode("The questionnaire.", required=True)
    direction = Choice(Direction, DIRECTION, required=True)
    suppressed = fields.Boolean(required=True, metadata=about(FEW_PATIENTS))
    patient_count = Count("Number of patients with a total before and one after.")
    mean_before = fields.Float(metadata=about("Mean total before treatment, in points."))
    mean_after = fields.Float(metadata=about("Mean last total of the first six weeks, in points."))
    mean_change = fields.Float(metadata=about("Mean of after minus before, in points."))
    sd_change = fields.Float(metadata=about("Standard deviation of the changes, in points."))


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

    instrument = InstrumentCode("The questionnaire.", required=True)
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
    statement = Translated(required=True, metadata=about("How to read the figures, in sentences."))
    rates = fields.List(
        fields.Nested(RateSchema),
        required=True,
        metadata=about("Response and remission, where published, and worsening by questionnaire."),
    )
    changes = fields.List(
        fields.Nested(MeanChangeSchema), required=True, metadata=about("Mean change by questionnaire.")
    )
    loss_of_response = fields.List(
        fields.Nested(LossSchema), required=True, metadata=about("How long responses held.")
    )
    benefit_lasted = fields.Nested(
        BenefitLastedSchema,
        metadata=about(
            "Days until half of a cycle's gain was lost; of each patient the first cycle judged. "
            f"{WITHOUT_FILTERS}"
        ),
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
        OutlooksTurnedOutSchema,
        metadata=about(f"Decisions on outlooks, and their accuracy. {WITHOUT_FILTERS}"),
    )
