"""What a clinic learnt from its own patients, and how it did on patients it had not seen."""

from __future__ import annotations

from marshmallow import fields

from schemas.base import Instant, OmitNone


class LandmarkComparisonSchema(OmitNone):
    """Forecasts of one day after the infusion, by the published prior and by the learnt one."""

    day = fields.Integer(required=True)
    cycles = fields.Integer(required=True, metadata={"description": "With half of the benefit seen gone."})
    cut_short = fields.Integer(required=True, metadata={"description": "Ended before half was seen gone."})
    error_before = fields.Float(metadata={"description": "Mean error in days, where half was seen gone."})
    error_after = fields.Float(metadata={"description": "The same by the learnt prior."})
    coverage_before = fields.Float(metadata={"description": "Share of 80 % ranges that held the day."})
    coverage_after = fields.Float(metadata={"description": "The same by the learnt prior."})
    reaching_before = fields.Float(
        metadata={"description": "Of the cycles cut short, the share whose range reaches to their end."}
    )
    reaching_after = fields.Float(metadata={"description": "The same by the learnt prior."})


class EvidenceSchema(OmitNone):
    """How the learnt prior did, patient by patient, learnt from the others only."""

    compared_with = fields.String(required=True)
    patients = fields.Integer(required=True)
    explained = fields.Float(
        metadata={"description": "Log likelihood a patient gained on cycles not seen; above 0 is better."}
    )
    landmarks = fields.List(fields.Nested(LandmarkComparisonSchema), required=True)
    explained_se = fields.Float(metadata={"description": "Its standard error."})
    verdict = fields.String(
        metadata={"description": "helped, harmed or no_clear_difference, by twice that error; an open list."}
    )


class PriorSchema(OmitNone):
    """One proposal. Nothing uses it until an admin names it as outlook_prior in the clinic's settings."""

    name = fields.String(required=True)
    proposed_at = Instant(required=True)
    engine_version = fields.String(required=True)
    median_days = fields.Float(required=True, metadata={"description": "Until half of the benefit is gone."})
    spread = fields.Float(required=True, metadata={"description": "Log SD between patients."})
    patients = fields.Integer(required=True)
    cycles = fields.Integer(required=True)
    evidence = fields.Nested(EvidenceSchema, required=True)
    in_use = fields.Boolean(required=True)
    accepted_at = Instant()
    accepted_by = fields.UUID()


class PriorListSchema(OmitNone):
    """Every proposal, the newest first, and the prior in use."""

    in_use = fields.String(required=True)
    items = fields.List(fields.Nested(PriorSchema), required=True)
