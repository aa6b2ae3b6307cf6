"""Recalibrations estimated from a clinic's own record, and their cross-validation."""

from __future__ import annotations

from marshmallow import fields

from clinical.outlook.learning.cross_validation import Verdict
from schemas.base import Choice, Count, OmitNone, about
from schemas.proposals import ProposalSchema

SHARE_HELD = "Share of 80 % intervals of day 14 that held the day, 0 to 1,"
MISS = "Mean difference between the probability that half was lost and how often it was, 0 to 1,"


class RecalibrationEvidenceSchema(OmitNone):
    """Cross-validation: each patient's forecasts after a recalibration estimated from others."""

    patient_count = Count("Number of patients; 0 where they were too few.", required=True)
    log_score_gain = fields.Float(
        metadata=about(
            "Log likelihood per patient gained on cycles not seen; natural logarithm, above 0 is better."
        )
    )
    log_score_gain_se = fields.Float(metadata=about("Standard error of log_score_gain, per patient."))
    verdict = Choice(Verdict, "Whether log_score_gain is beyond twice its standard error, and which way.")
    day_14_coverage_before = fields.Float(metadata=about(f"{SHARE_HELD} without it; 0.8 is right."))
    day_14_coverage_after = fields.Float(metadata=about(f"{SHARE_HELD} with it; 0.8 is right."))
    calibration_error_before = fields.Float(metadata=about(f"{MISS} without it; lower is better."))
    calibration_error_after = fields.Float(metadata=about(f"{MISS} with it; lower is better."))


class RecalibrationSchema(ProposalSchema):
    """One proposal. It has no effect until an admin names it as outlook_recalibration in the settings."""

    location = fields.Float(
        required=True,
        metadata=about("Above 0, half is lost later than forecast; on the probit scale."),
    )
    location_se = fields.Float(
        required=True, metadata=about("Standard error of location, on the same scale.")
    )
    scale_factor = fields.Float(
        required=True,
        metadata=about("Above 1, the intervals are too narrow; a ratio on the probit scale."),
    )
    scale_factor_se = fields.Float(required=True, metadata=about("Its standard error, a ratio."))
    prior_version = fields.String(
        required=True, metadata=about("The prior of the forecasts that it was estimated from.")
    )
    loss_count = Count("Number of these in which half of the benefit was seen lost.", required=True)
    evidence = fields.Nested(
        RecalibrationEvidenceSchema, required=True, metadata=about("Its cross-validation.")
    )
    applied = fields.Boolean(
        required=True,
        metadata=about("Whether forecasts use it: in use, of this engine and this prior."),
    )


class RecalibrationListSchema(OmitNone):
    """Every proposal, the newest first, and the recalibration in use."""

    recalibration_in_use = fields.String(
        required=True, metadata=about("Name of the recalibration in the settings: none, or recalibration-n.")
    )
    items = fields.List(
        fields.Nested(RecalibrationSchema),
        required=True,
        metadata=about("The newest proposals, the newest first.", most=100),
    )
