"""Population priors estimated from a clinic's own patients, and their cross-validation."""

from __future__ import annotations

from marshmallow import fields

from clinical.outlook.learning.cross_validation import Verdict
from clinical.outlook.learning.prior_bias import PriorBias
from schemas.base import Choice, Count, OmitNone, about
from schemas.proposals import ProposalSchema


class LandmarkComparisonSchema(OmitNone):
    """Forecasts of one day after the infusion, by the published prior and by the estimated one."""

    landmark_day = fields.Integer(
        required=True, metadata=about("Days after the infusion on which the forecasts were made.")
    )
    cycle_count = Count("Number of cycles in which half of the benefit was seen lost.", required=True)
    censored_count = Count("Number of cycles that ended before half was seen lost.", required=True)
    error_before_days = fields.Float(
        metadata=about("Mean absolute error in days by the published prior; lower is better.")
    )
    error_after_days = fields.Float(
        metadata=about("Mean absolute error in days by the estimated prior; lower is better.")
    )
    coverage_before = fields.Float(
        metadata=about("Share of 80 % intervals that held the day, 0 to 1, by the published prior.")
    )
    coverage_after = fields.Float(
        metadata=about("Share of 80 % intervals that held the day, 0 to 1, by the estimated prior.")
    )
    interval_reaches_end_before = fields.Float(
        metadata=about(
            "Share of censored cycles whose 80 % interval reaches their end, 0 to 1, by the published prior."
        )
    )
    interval_reaches_end_after = fields.Float(
        metadata=about(
            "Share of censored cycles whose 80 % interval reaches their end, 0 to 1, by the estimated prior."
        )
    )


class EvidenceSchema(OmitNone):
    """Cross-validation: forecasts for each patient by a prior estimated from other patients only."""

    compared_with = fields.String(required=True, metadata=about("The prior it was compared with."))
    bias = Choice(
        PriorBias,
        "Whether its median lies in or near the 95 % interval of what was observed (Kaplan-Meier). One that "
        "is biased, or could not be checked, is not accepted. Absent on proposals of before it was checked.",
    )
    observed_loss_count = Count("Number of first cycles in which half of the benefit was seen lost.")
    observed_median_days = fields.Float(
        metadata=about("Day by which half of the patients had lost half of the benefit of their first cycle.")
    )
    observed_lo95_days = fields.Float(metadata=about("Lower limit of its 95 % interval, days."))
    observed_hi95_days = fields.Float(metadata=about("Upper limit of its 95 % interval, days."))
    patient_count = Count("Number of patients; 0 where they were too few.", required=True)
    log_score_gain = fields.Float(
        metadata=about(
            "Log likelihood per patient gained on cycles not seen; natural logarithm, above 0 is better."
        )
    )
    log_score_gain_se = fields.Float(metadata=about("Standard error of log_score_gain, per patient."))
    landmarks = fields.List(
        fields.Nested(LandmarkComparisonSchema),
        required=True,
        metadata=about("Forecasts on single days, for information."),
    )
    verdict = Choice(Verdict, "Whether log_score_gain is beyond twice its standard error, and which way.")


class PriorSchema(ProposalSchema):
    """One proposal. It has no effect until an admin names it as outlook_prior in the clinic's settings."""

    median_days = fields.Float(
        required=True, metadata=about("Median over patients of the days until half of the benefit is lost.")
    )
    spread = fields.Float(
        required=True, metadata=about("Standard deviation between patients of the logarithm of these days.")
    )
    evidence = fields.Nested(EvidenceSchema, required=True, metadata=about("Its cross-validation."))


class PriorListSchema(OmitNone):
    """Every proposal, the newest first, and the prior in use."""

    prior_in_use = fields.String(
        required=True, metadata=about("Name of the prior in use: published-1, or clinic-n.")
    )
    items = fields.List(
        fields.Nested(PriorSchema),
        required=True,
        metadata=about("The newest proposals, the newest first.", most=100),
    )
