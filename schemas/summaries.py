"""Where a patient stands, in one answer: one schema an audience."""

from __future__ import annotations

from marshmallow import fields

from schemas.base import Count, OmitNone, TextDate
from schemas.exposure import HoldReasonSchema
from schemas.outlooks import OutlookSchema, PhaseSchema
from schemas.questionnaires.schedules import DueQuestionnaireSchema


class AverageSchema(OmitNone):
    """The mean of the `answered` days of `of`; absent when none was answered."""

    first = TextDate(required=True)
    last = TextDate(required=True)
    mean = fields.Float()
    answered = fields.Integer(required=True)
    of = fields.Integer(required=True)


class ComparisonSchema(OmitNone):
    """One measure now, the week before, and before the first infusion."""

    last_7_days = fields.Nested(AverageSchema, required=True)
    previous_7_days = fields.Nested(AverageSchema, required=True)
    baseline = fields.Nested(AverageSchema)


class PatientSummarySchema(OmitNone):
    """What a patient sees of their own standing: never an outlook."""

    patient_id = fields.String(required=True, metadata={"format": "uuid"})
    today = TextDate(required=True)
    phase = fields.Nested(PhaseSchema, required=True)
    last_infusion = TextDate()
    days_since_infusion = fields.Integer()
    infusions_given = fields.Integer(required=True)
    next_booked_infusion = TextDate()
    last_check_in = TextDate()
    answered_last_7_days_count = Count("Number of days answered of the last 7, with today.", required=True)
    answered_last_14_days_count = Count("Number of days answered of the last 14, with today.", required=True)
    benefit_left_asked = fields.Boolean(
        required=True,
        metadata={"description": "Whether today's check-in asks for benefit_left too, answered or not."},
    )
    questionnaires_due = fields.List(
        fields.Nested(DueQuestionnaireSchema),
        required=True,
        metadata={"description": "The questionnaires that are asked today and not answered yet."},
    )
    mood = fields.Nested(ComparisonSchema, required=True)
    enjoyment = fields.Nested(ComparisonSchema, required=True)
    anxiety = fields.Nested(ComparisonSchema, required=True)
    side_effect_burden = fields.Nested(
        ComparisonSchema,
        required=True,
        metadata={"description": "Mild 1, moderate 2, severe 3, added up by day."},
    )


class SummarySchema(PatientSummarySchema):
    """What the clinic and its integrations see."""

    open_alerts = fields.Integer(
        metadata={"description": "Safety alerts of this patient that nobody has closed."}
    )
    reasons_to_hold = fields.List(
        fields.Nested(HoldReasonSchema),
        metadata={
            "description": "What to think about before the next infusion; beside the outlook, not in it."
        },
    )
    outlook = fields.Nested(OutlookSchema)
