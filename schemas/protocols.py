"""A patient's treatment protocol: overrides, and what results with the clinic's settings."""

from __future__ import annotations

from marshmallow import Schema, fields

from clinical.protocol import (
    MAX_INDUCTION_DAYS,
    MAX_INDUCTION_INFUSIONS,
    MAX_INTERVAL_DAYS,
    MIN_INTERVAL_DAYS,
)
from schemas.base import LocalDate, OmitNone, Strict, Version, WholeNumber, about

INDUCTION_INFUSIONS = "Number of infusions of the induction."
INDUCTION_DAYS = "Days within which the induction lies, from its first infusion."
MIN_INTERVAL = "Shortest maintenance interval, days from one infusion to the next."
MAX_INTERVAL = "Longest maintenance interval, days from one infusion to the next."
PAUSED_ON = "First day of a pause; absent: none."
RESUMES_ON = "First day after the pause; absent: no end is set."
ENDED_ON = "Day on which treatment ended; absent: it has not."


class NewProtocolSchema(Strict):
    """What differs from the clinic's settings; an absent member means the clinic's.

    Source: the patient's plan, within the bounds of clinical/protocol.py. Changed by: a clinician, `PUT
    /v1/patients/{id}/protocol`; an admin, `PATCH /v1/clinics/{id}/settings`.
    """

    induction_infusion_count = WholeNumber(1, MAX_INDUCTION_INFUSIONS, metadata=about(INDUCTION_INFUSIONS))
    induction_days = WholeNumber(1, MAX_INDUCTION_DAYS, metadata=about(INDUCTION_DAYS))
    min_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS, metadata=about(MIN_INTERVAL))
    max_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS, metadata=about(MAX_INTERVAL))
    paused_on = LocalDate(metadata=about(PAUSED_ON))
    resumes_on = LocalDate(metadata=about(RESUMES_ON))
    ended_on = LocalDate(metadata=about(ENDED_ON))


class PlanSchema(OmitNone):
    """Settings of a protocol; what is not set is absent."""

    induction_infusion_count = fields.Integer(metadata=about(INDUCTION_INFUSIONS))
    induction_days = fields.Integer(metadata=about(INDUCTION_DAYS))
    min_interval_days = fields.Integer(metadata=about(MIN_INTERVAL))
    max_interval_days = fields.Integer(metadata=about(MAX_INTERVAL))
    paused_on = LocalDate(metadata=about(PAUSED_ON))
    resumes_on = LocalDate(metadata=about(RESUMES_ON))
    ended_on = LocalDate(metadata=about(ENDED_ON))


class ProtocolSchema(Schema):
    """A patient's current protocol."""

    version = Version(0)
    overrides = fields.Nested(
        PlanSchema, required=True, metadata=about("What is set for this patient; empty at version 0.")
    )
    in_effect = fields.Nested(
        PlanSchema,
        required=True,
        metadata=about("The protocol that applies: overrides, and the clinic's settings for the rest."),
    )
