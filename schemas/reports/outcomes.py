"""What became of a clinic's patients."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import OneOf

from clinical.instruments.change import THRESHOLDS
from schemas.base import OmitNone, about
from schemas.chart_query import ChartQuery

SHARE = "From 0 to 1."
WITH_RESPONSE = tuple(name for name, known in THRESHOLDS.items() if known.response_share is not None)


class OutcomesQuery(ChartQuery):
    """What a picture is to show; everything else is always given whole."""

    instrument = fields.String(
        load_default="phq-9",
        validate=OneOf(WITH_RESPONSE, error="unknown_instrument: No response is published for it."),
        metadata=about("Of a picture: by which questionnaire."),
    )


class PublishedSchema(OmitNone):
    """What a study found, to read beside the clinic's own figure."""

    study = fields.String(required=True)
    says = fields.String(required=True, metadata=about("Of whom, and how it differs."))
    share = fields.Float(metadata=about(SHARE))
    days = fields.Float(metadata=about("A median; beside a share, after how many days it was so."))


class FigureSchema(OmitNone):
    """So many of so many; no numbers where it is suppressed."""

    suppressed = fields.Boolean(
        required=True,
        metadata=about("Fewer than five, counted or left over, or it would give such a group away."),
    )
    people = fields.Integer()
    of = fields.Integer()
    share = fields.Float(metadata=about(SHARE))


class PatientsFigureSchema(FigureSchema):
    """So many of so many patients, with the range of chance."""

    lo95 = fields.Float(metadata=about("The range of 95 % (Wilson) around the share."))
    hi95 = fields.Float()


class IndicationFigureSchema(PatientsFigureSchema):
    """The figure of one indication, or of all."""

    indication = fields.String(
        required=True, metadata=about("As in a consultation; all; or not_recorded. An open list.")
    )


class RateSchema(OmitNone):
    """How many responded, were in remission or had got worse, by one questionnaire."""

    instrument = fields.String(required=True)
    outcome = fields.String(required=True, metadata=about("response, remission or worse; an open list."))
    threshold = fields.Float(
        required=True,
        metadata=about("Of a response: the share of the first total. Else points of the questionnaire."),
    )
    source = fields.String(required=True, metadata=about("Where the threshold is from."))
    rows = fields.List(fields.Nested(IndicationFigureSchema), required=True)
    published = fields.List(fields.Nested(PublishedSchema), required=True)


class CurvePointSchema(OmitNone):
    """The share of responses, or of benefits, that held up to a day, with its band of 95 %."""

    day = fields.Integer(
        required=True, metadata=about("Days from the first total that was a response, or from the infusion.")
    )
    surviving = fields.Float(required=True, metadata=about(SHARE))
    lo95 = fields.Float(required=True)
    hi95 = fields.Float(required=True)


class LossSchema(OmitNone):
    """How long responses held, by one questionnaire (Kaplan-Meier, maintenance going on)."""

    instrument = fields.String(required=True)
    suppressed = fields.Boolean(required=True, metadata=about("Fewer than five responded."))
    people = fields.Integer(metadata=about("Who responded and were asked again."))
    median_days = fields.Float(metadata=about("By the week; absent while more than half still respond."))
    points = fields.List(
        fields.Nested(CurvePointSchema), metadata=about("Week by week, as long as five are followed.")
    )
    published = fields.List(fields.Nested(PublishedSchema), required=True)


class LastedSchema(OmitNone):
    """A curve of how long something lasted, by Kaplan and Meier."""

    people = fields.Integer()
    median_days = fields.Float(metadata=about("By the week; absent while more than half is left."))
    points = fields.List(
        fields.Nested(CurvePointSchema), metadata=about("Week by week, as long as five are followed.")
    )


class BenefitLastedSchema(LastedSchema):
    """How long the measured benefit of an infusion lasted, by the clinic's last report on its forecasts."""

    suppressed = fields.Boolean(required=True, metadata=about("Fewer than five, or no report yet."))
    published = fields.List(fields.Nested(PublishedSchema), required=True)


class ReliefSchema(PatientsFigureSchema):
    """Of those who endorsed thoughts of suicide before the first infusion: who did not by day 3."""

    published = fields.List(fields.Nested(PublishedSchema), required=True)


class EffectFigureSchema(PatientsFigureSchema):
    """Who named one side effect on the day of an infusion."""

    code = fields.String(required=True, metadata=about("As in the catalogue of side effects; or any."))


class EffectRatesSchema(OmitNone):
    """What was named on the day of an infusion, by patients asked on one at least."""

    rows = fields.List(fields.Nested(EffectFigureSchema), required=True)
    published = fields.List(fields.Nested(PublishedSchema), required=True)


class DaysAnsweredSchema(OmitNone):
    """On what share of their days patients answered, from the first answer to today or the discharge."""

    suppressed = fields.Boolean(required=True, metadata=about("Fewer than five answered."))
    people = fields.Integer()
    lower_quartile = fields.Float(metadata=about(SHARE))
    median = fields.Float(metadata=about(SHARE))
    upper_quartile = fields.Float(metadata=about(SHARE))
    published = fields.List(fields.Nested(PublishedSchema), required=True)


class OutlooksTurnedOutSchema(OmitNone):
    """How outlooks were decided; and how they turned out, by the last report on forecasts if there is one."""

    agreed = fields.Nested(FigureSchema, required=True, metadata=about("Of the decisions, not of patients."))
    generated_at = fields.String(metadata={"format": "date-time"})
    cycles_at_14 = fields.Integer()
    error_at_14 = fields.Float(metadata=about("Mean error in days, two weeks after the infusion."))
    coverage_at_14 = fields.Float(metadata=about("The share of 80 % ranges that held the day."))
    false_alarms_a_year = fields.Float()


class OutcomesSchema(OmitNone):
    """What became of a clinic's patients, beside what was published."""

    treated = fields.Integer(metadata=about("Patients with an infusion; absent where fewer than five."))
    statement = fields.String(required=True)
    rates = fields.List(fields.Nested(RateSchema), required=True)
    loss_of_response = fields.List(fields.Nested(LossSchema), required=True)
    benefit_lasted = fields.Nested(
        BenefitLastedSchema,
        required=True,
        metadata=about("Days until half of a cycle's gain was gone; of each patient the first cycle judged."),
    )
    relief_at_day_3 = fields.Nested(ReliefSchema, required=True)
    side_effects = fields.Nested(EffectRatesSchema, required=True)
    days_answered = fields.Nested(DaysAnsweredSchema, required=True)
    outlooks = fields.Nested(OutlooksTurnedOutSchema, required=True)
