"""Infusion sessions and discharge checks, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Length

from clinical.check_in import Severity
from clinical.infusion_session import (
    MAX_DISSOCIATION,
    AccompaniedBy,
    DischargeChecks,
    Dissociation,
    DissociationScale,
    Intervention,
    PreChecks,
    RateChange,
    SessionEffect,
)
from clinical.sentences import Sentence
from clinical.side_effects import CODES
from clinical.suitability import Answer
from clinical.vitals import PLAUSIBLE, Vital
from schemas.base import (
    KNOWN_FROM,
    KNOWN_UNTIL,
    RECORDED_BY,
    Choice,
    DecimalNumber,
    Instant,
    OmitNone,
    Strict,
    Text,
    Version,
    WholeNumber,
    about,
)
from schemas.half_benefit_recalls import RECALL_ANSWERED
from schemas.infusion_session_settings import ExceededLimitSchema

MAX_ENTRIES = 50
"""Most entries of each kind in one session. Operational."""
FEW = Length(max=MAX_ENTRIES, error=Sentence("too_many: Send at most {number}.", number=MAX_ENTRIES))
PLAUSIBILITY = "The range is plausibility only, not a limit."
INFUSION_ID = "Infusion that it belongs to."
ARRIVED_AT = "When the patient arrived."
SYSTOLIC = f"Systolic blood pressure before the infusion, mmHg. {PLAUSIBILITY}"
DIASTOLIC = f"Diastolic blood pressure before the infusion, mmHg. {PLAUSIBILITY}"
PRE_CHECKS = {
    "fasting": "Whether the patient fasted as the clinic requires.",
    "escort": "Whether somebody will take the patient home.",
    "urinary_symptoms": "Whether there were urinary symptoms since the last infusion.",
    "medication_changed": "Whether any medication changed since the last infusion.",
    "safety_asked": "Whether today's safety question was asked; its answer has an endpoint of its own.",
}
CHANGED_AT = "When the rate changed."
MG_PER_HOUR = "Rate from then on, mg per hour; 0 is a pause."
ONSET_AT = "When the side effect began."
ENDED_AT = "When it ended; absent while it lasts, or where nobody saw it end."
EFFECT_CODE = "Side effect, by its code in the catalogue of side effects."
SEVERITY = "How severe it was."
DONE_AT = "When it was done."
DESCRIPTION = "What was done, in the clinic's words."
SCALE = "Dissociation scale; its items are not stored."
TOTAL = (
    f"Total in points, higher is more dissociated: cadss 0 to {MAX_DISSOCIATION[DissociationScale.CADSS]}, "
)
TOTAL += f"cadss-6 0 to {MAX_DISSOCIATION[DissociationScale.CADSS_6]}."
RATED_AT = "When it was rated."
LEFT_AT = "When the patient left."
ACCOMPANIED_BY = "With whom the patient left; never a name."
DISCHARGE_CHECKS = {
    "oriented": "Whether the patient knows who and where they are, and what day it is.",
    "steady_gait": "Whether the patient walks without swaying.",
    "blood_pressure_near_start": "Whether the clinic judges blood pressure near that before the infusion.",
    "nausea_controlled": "Whether there is no nausea, or it is bearable.",
    "safety_asked": "Whether the safety question was asked before leaving.",
}


def _answer(description: str) -> Choice:
    return Choice(Answer, f"{description} Absent: unknown.", error="unknown_answer")


def _answered(description: str) -> Choice:
    return Choice(Answer, description, required=True)


def _answers(data: dict[str, Any]) -> dict[str, Any]:
    return {name: Answer(value) if isinstance(value, str) else value for name, value in data.items()}


class NewPreChecksSchema(Strict):
    """Checks before the start; left out is unknown.

    Source: plausibility only.
    """

    systolic = WholeNumber(*PLAUSIBLE[Vital.SYSTOLIC], metadata=about(SYSTOLIC))
    diastolic = WholeNumber(*PLAUSIBLE[Vital.DIASTOLIC], metadata=about(DIASTOLIC))
    fasting = _answer(PRE_CHECKS["fasting"])
    escort = _answer(PRE_CHECKS["escort"])
    urinary_symptoms = _answer(PRE_CHECKS["urinary_symptoms"])
    medication_changed = _answer(PRE_CHECKS["medication_changed"])
    safety_asked = _answer(PRE_CHECKS["safety_asked"])

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> PreChecks:
        """Return the value."""
        return PreChecks(**_answers(data))


class NewRateChangeSchema(Strict):
    """A change of the infusion rate.

    Source: plausibility only.
    """

    changed_at = Instant(required=True, attribute="at", metadata=about(CHANGED_AT))
    mg_per_hour = DecimalNumber(0, 2000, required=True, metadata=about(MG_PER_HOUR))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> RateChange:
        """Return the value."""
        return RateChange(**data)


class NewSessionEffectSchema(Strict):
    """A side effect observed or reported during the session."""

    onset_at = Instant(required=True, metadata=about(ONSET_AT))
    ended_at = Instant(metadata=about(ENDED_AT))
    code = Choice(sorted(CODES), EFFECT_CODE, error="unknown_code", required=True)
    severity = Choice(Severity, SEVERITY, error="unknown_severity", required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> SessionEffect:
        """Return the value."""
        return SessionEffect(**{**data, "severity": Severity(data["severity"])})


class NewInterventionSchema(Strict):
    """Something done in addition to the infusion."""

    done_at = Instant(required=True, attribute="at", metadata=about(DONE_AT))
    description = Text(500, required=True, attribute="what", metadata=about(DESCRIPTION))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Intervention:
        """Return the value."""
        return Intervention(**data)


class NewDissociationSchema(Strict):
    """Total of a dissociation scale; its items are not stored.

    Source: the CADSS of 23 items: Bremner 1998. Changed by: nobody.
    """

    scale = Choice(DissociationScale, SCALE, error="unknown_scale", required=True)
    total = WholeNumber(0, max(MAX_DISSOCIATION.values()), required=True, metadata=about(TOTAL))
    rated_at = Instant(required=True, metadata=about(RATED_AT))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Dissociation:
        """Return the value."""
        return Dissociation(DissociationScale(data["scale"]), data["total"], data["rated_at"])


class NewSessionSchema(Strict):
    """A complete session; start and end are those of the infusion."""

    arrived_at = Instant(required=True, metadata=about(ARRIVED_AT))
    pre_checks = fields.Nested(NewPreChecksSchema, metadata=about("Checks before the start."))
    rate_changes = fields.List(
        fields.Nested(NewRateChangeSchema), validate=FEW, metadata=about("Changes of the infusion rate.")
    )
    side_effects = fields.List(
        fields.Nested(NewSessionEffectSchema), validate=FEW, metadata=about("Side effects in the session.")
    )
    interventions = fields.List(
        fields.Nested(NewInterventionSchema), validate=FEW, metadata=about("What else was done.")
    )
    dissociation = fields.Nested(
        NewDissociationSchema, metadata=about("Total of a dissociation scale, where one was rated.")
    )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return lists as tuples; the view makes the draft."""
        return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class PreChecksSchema(OmitNone):
    """Stored checks before the start."""

    systolic = fields.Integer(metadata=about("Systolic blood pressure before the infusion, mmHg."))
    diastolic = fields.Integer(metadata=about("Diastolic blood pressure before the infusion, mmHg."))
    fasting = _answered(PRE_CHECKS["fasting"])
    escort = _answered(PRE_CHECKS["escort"])
    urinary_symptoms = _answered(PRE_CHECKS["urinary_symptoms"])
    medication_changed = _answered(PRE_CHECKS["medication_changed"])
    safety_asked = _answered(PRE_CHECKS["safety_asked"])


class RateChangeSchema(Schema):
    """A stored change of the infusion rate."""

    changed_at = Instant(required=True, attribute="at", metadata=about(CHANGED_AT))
    mg_per_hour = fields.Float(required=True, metadata=about(MG_PER_HOUR))


class SessionEffectSchema(OmitNone):
    """A stored side effect of the session."""

    onset_at = Instant(required=True, metadata=about(ONSET_AT))
    ended_at = Instant(metadata=about(ENDED_AT))
    code = Choice(sorted(CODES), EFFECT_CODE, required=True)
    severity = Choice(Severity, SEVERITY, required=True)


class InterventionSchema(Schema):
    """Something done in addition to the infusion."""

    done_at = Instant(required=True, attribute="at", metadata=about(DONE_AT))
    description = fields.String(required=True, attribute="what", metadata=about(DESCRIPTION))


class DissociationSchema(Schema):
    """Stored total of a dissociation scale."""

    scale = Choice(DissociationScale, SCALE, required=True)
    total = fields.Integer(required=True, metadata=about(TOTAL))
    rated_at = Instant(required=True, metadata=about(RATED_AT))


class StoredSessionSchema(OmitNone):
    """The members that a session and its revisions have, with start and end of the infusion."""

    infusion_id = fields.UUID(required=True, attribute="row.infusion_id", metadata=about(INFUSION_ID))
    version = Version(attribute="row.version")
    arrived_at = Instant(required=True, attribute="draft.arrived_at", metadata=about(ARRIVED_AT))
    pre_checks = fields.Nested(
        PreChecksSchema,
        required=True,
        attribute="draft.pre_checks",
        metadata=about("Checks before the start."),
    )
    hold_limits_exceeded = fields.List(
        fields.Nested(ExceededLimitSchema),
        required=True,
        attribute="row.above_hold",
        metadata=about("The clinic's hold limits that the blood pressure before the infusion exceeded."),
    )
    started_at = Instant(
        required=True, attribute="infusion.started_at", metadata=about("When the infusion started.")
    )
    ended_at = Instant(
        attribute="infusion.ended_at", metadata=about("When the infusion ended; absent where not recorded.")
    )
    rate_changes = fields.List(
        fields.Nested(RateChangeSchema),
        required=True,
        attribute="draft.rate_changes",
        metadata=about("Changes of the infusion rate, in order of time."),
    )
    side_effects = fields.List(
        fields.Nested(SessionEffectSchema),
        required=True,
        attribute="draft.side_effects",
        metadata=about("Side effects in the session, in order of onset."),
    )
    interventions = fields.List(
        fields.Nested(InterventionSchema),
        required=True,
        attribute="draft.interventions",
        metadata=about("What else was done, in order of time."),
    )
    dissociation = fields.Nested(
        DissociationSchema,
        attribute="draft.dissociation",
        metadata=about("Total of a dissociation scale; absent where none was rated."),
    )


class SessionSchema(StoredSessionSchema):
    """A stored session, and whether the recall question of its infusion was answered."""

    half_benefit_recall_answered = fields.Boolean(
        attribute="recall_answered", metadata=about(RECALL_ANSWERED)
    )


class SessionRevisionSchema(StoredSessionSchema):
    """One revision of a session."""

    known_from = Instant(required=True, attribute="row.known_from", metadata=about(KNOWN_FROM))
    known_until = Instant(attribute="row.known_until", metadata=about(KNOWN_UNTIL))
    recorded_by = fields.UUID(attribute="row.recorded_by", metadata=about(RECORDED_BY))


class NewDischargeChecksSchema(Strict):
    """Checks before the patient leaves; left out is unknown."""

    oriented = _answer(DISCHARGE_CHECKS["oriented"])
    steady_gait = _answer(DISCHARGE_CHECKS["steady_gait"])
    blood_pressure_near_start = _answer(DISCHARGE_CHECKS["blood_pressure_near_start"])
    nausea_controlled = _answer(DISCHARGE_CHECKS["nausea_controlled"])
    safety_asked = _answer(DISCHARGE_CHECKS["safety_asked"])

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> DischargeChecks:
        """Return the value."""
        return DischargeChecks(**_answers(data))


class NewDischargeCheckSchema(Strict):
    """When, in whose company and in what state the patient left."""

    left_at = Instant(required=True, metadata=about(LEFT_AT))
    accompanied_by = Choice(AccompaniedBy, ACCOMPANIED_BY, error="unknown_accompanied_by", required=True)
    checks = fields.Nested(NewDischargeChecksSchema, metadata=about("Checks before the patient leaves."))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the code as its value; the view makes the draft."""
        return {**data, "accompanied_by": AccompaniedBy(data["accompanied_by"])}


class DischargeChecksSchema(Schema):
    """Stored checks before the patient left."""

    oriented = _answered(DISCHARGE_CHECKS["oriented"])
    steady_gait = _answered(DISCHARGE_CHECKS["steady_gait"])
    blood_pressure_near_start = _answered(DISCHARGE_CHECKS["blood_pressure_near_start"])
    nausea_controlled = _answered(DISCHARGE_CHECKS["nausea_controlled"])
    safety_asked = _answered(DISCHARGE_CHECKS["safety_asked"])


class DischargeCheckSchema(OmitNone):
    """How the patient left, and whether the clinic's minimum of monitoring was met."""

    infusion_id = fields.UUID(required=True, attribute="row.infusion_id", metadata=about(INFUSION_ID))
    version = Version(attribute="row.version")
    left_at = Instant(required=True, attribute="row.left_at", metadata=about(LEFT_AT))
    accompanied_by = Choice(AccompaniedBy, ACCOMPANIED_BY, required=True, attribute="row.accompanied_by")
    checks = fields.Nested(
        DischargeChecksSchema,
        required=True,
        attribute="draft.checks",
        metadata=about("Checks before the patient left."),
    )
    monitoring_minutes = fields.Integer(
        metadata=about("Whole minutes from the infusion's end to leaving; absent where no end is recorded.")
    )
    minimum_monitoring_minutes = fields.Integer(
        required=True,
        attribute="row.minimum_monitoring_minutes",
        metadata=about("Minutes that the clinic required at that time."),
    )
    minimum_monitoring_met = fields.Boolean(
        metadata=about("Whether monitoring lasted that long; absent where no end is recorded.")
    )
