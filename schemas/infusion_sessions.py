"""Sessions and how they end, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Length, OneOf

from clinical.check_in import Severity
from clinical.infusion_session import (
    MAX_DISSOCIATION,
    DischargeChecks,
    Dissociation,
    DissociationScale,
    Intervention,
    LeftWith,
    PreChecks,
    RateChange,
    SessionEffect,
)
from clinical.side_effects import CODES
from clinical.suitability import Answer
from clinical.vitals import PLAUSIBLE, Vital
from schemas.base import Amount, Instant, OmitNone, Strict, Text, WholeNumber
from schemas.infusion_session_settings import CrossingSchema

MAX_ENTRIES = 50
FEW = Length(max=MAX_ENTRIES, error=f"too_many: At most {MAX_ENTRIES}.")
NO_LIMIT = "Plausibility only, not a limit."


def _answer(about: str) -> fields.String:
    words = [str(word) for word in Answer]
    return fields.String(
        validate=OneOf(words, error="unknown_answer: yes, no or unknown."), metadata={"description": about}
    )


def _answers(data: dict[str, Any]) -> dict[str, Any]:
    return {name: Answer(value) if isinstance(value, str) else value for name, value in data.items()}


class NewPreChecksSchema(Strict):
    """What is asked and measured before the start; left out is unknown."""

    systolic = WholeNumber(*PLAUSIBLE[Vital.SYSTOLIC], metadata={"description": f"mmHg. {NO_LIMIT}"})
    diastolic = WholeNumber(*PLAUSIBLE[Vital.DIASTOLIC], metadata={"description": f"mmHg. {NO_LIMIT}"})
    fasting = _answer("Fasted as the clinic asks.")
    escort = _answer("Somebody will take them home.")
    urinary_symptoms = _answer("Any since the last infusion.")
    medication_changed = _answer("Any since the last infusion.")
    safety_asked = _answer("Whether today's safety question was asked; its answer has a path of its own.")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> PreChecks:
        """Make the value."""
        return PreChecks(**_answers(data))


class NewRateChangeSchema(Strict):
    """From when on it ran at another rate."""

    at = Instant(required=True)
    mg_per_hour = Amount(0, 2000, required=True, metadata={"description": "mg an hour; 0 is a pause."})

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> RateChange:
        """Make the value."""
        return RateChange(**data)


class NewSessionEffectSchema(Strict):
    """A side effect that somebody saw or told of during the session."""

    onset_at = Instant(required=True)
    ended_at = Instant()
    code = fields.String(
        required=True, validate=OneOf(sorted(CODES), error="unknown_code: Not in the catalogue.")
    )
    severity = fields.String(
        required=True,
        validate=OneOf([str(word) for word in Severity], error="unknown_severity: Not a severity."),
    )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> SessionEffect:
        """Make the value."""
        return SessionEffect(**{**data, "severity": Severity(data["severity"])})


class NewInterventionSchema(Strict):
    """Something that was done besides the infusion."""

    at = Instant(required=True)
    what = Text(500, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Intervention:
        """Make the value."""
        return Intervention(**data)


class NewDissociationSchema(Strict):
    """The total of a dissociation scale; its items are not kept here."""

    scale = fields.String(
        required=True,
        validate=OneOf([str(word) for word in DissociationScale], error="unknown_scale: Not a scale."),
    )
    total = WholeNumber(
        0,
        max(MAX_DISSOCIATION.values()),
        required=True,
        metadata={"description": "cadss to 92, cadss-6 to 24."},
    )
    rated_at = Instant(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Dissociation:
        """Make the value."""
        return Dissociation(DissociationScale(data["scale"]), data["total"], data["rated_at"])


class NewSessionSchema(Strict):
    """A session whole; the infusion itself says when it started and ended."""

    arrived_at = Instant(required=True)
    pre_checks = fields.Nested(NewPreChecksSchema)
    rate_changes = fields.List(fields.Nested(NewRateChangeSchema), validate=FEW)
    side_effects = fields.List(fields.Nested(NewSessionEffectSchema), validate=FEW)
    interventions = fields.List(fields.Nested(NewInterventionSchema), validate=FEW)
    dissociation = fields.Nested(NewDissociationSchema)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give lists as tuples; the edge makes the draft."""
        return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class PreChecksSchema(OmitNone):
    """What was asked and measured before the start."""

    systolic = fields.Integer()
    diastolic = fields.Integer()
    fasting = fields.String(required=True, metadata={"description": "yes, no or unknown, as all of these"})
    escort = fields.String(required=True)
    urinary_symptoms = fields.String(required=True)
    medication_changed = fields.String(required=True)
    safety_asked = fields.String(required=True)


class RateChangeSchema(Schema):
    """From when on it ran at another rate."""

    at = Instant(required=True)
    mg_per_hour = fields.Float(required=True)


class SessionEffectSchema(OmitNone):
    """A side effect during the session; without an end it lasted, or nobody saw it end."""

    onset_at = Instant(required=True)
    ended_at = Instant()
    code = fields.String(required=True)
    severity = fields.String(required=True)


class InterventionSchema(Schema):
    """Something that was done besides the infusion."""

    at = Instant(required=True)
    what = fields.String(required=True)


class DissociationSchema(Schema):
    """The total of a dissociation scale."""

    scale = fields.String(required=True)
    total = fields.Integer(required=True)
    rated_at = Instant(required=True)


class SessionSchema(OmitNone):
    """A session as stored, with start and end as the infusion has them."""

    infusion_id = fields.UUID(required=True, attribute="row.infusion_id")
    version = fields.Integer(required=True, attribute="row.version", metadata={"minimum": 1})
    arrived_at = Instant(required=True, attribute="draft.arrived_at")
    pre_checks = fields.Nested(PreChecksSchema, required=True, attribute="draft.pre_checks")
    above_hold = fields.List(
        fields.Nested(CrossingSchema),
        required=True,
        attribute="row.above_hold",
        metadata={"description": "Which of the clinic's two numbers the blood pressure before was above."},
    )
    started_at = Instant(required=True, attribute="infusion.started_at")
    ended_at = Instant(attribute="infusion.ended_at")
    rate_changes = fields.List(fields.Nested(RateChangeSchema), required=True, attribute="draft.rate_changes")
    side_effects = fields.List(
        fields.Nested(SessionEffectSchema), required=True, attribute="draft.side_effects"
    )
    interventions = fields.List(
        fields.Nested(InterventionSchema), required=True, attribute="draft.interventions"
    )
    dissociation = fields.Nested(DissociationSchema, attribute="draft.dissociation")


class SessionRevisionSchema(SessionSchema):
    """One revision of a session, and when it was held for true."""

    known_from = Instant(required=True, attribute="row.known_from")
    known_until = Instant(
        attribute="row.known_until", metadata={"description": "Absent on the revision in force."}
    )
    recorded_by = fields.UUID(attribute="row.recorded_by")


class SessionRevisionsSchema(Schema):
    """Every revision of a session, in order."""

    items = fields.List(fields.Nested(SessionRevisionSchema), required=True)


class NewDischargeChecksSchema(Strict):
    """What is looked at before somebody leaves; left out is unknown."""

    oriented = _answer("Knows who and where they are, and what day it is.")
    walks_steadily = _answer("Walks without swaying.")
    blood_pressure_near_start = _answer("Near what it was before the infusion, as the clinic judges.")
    nausea_controlled = _answer("None, or bearable.")
    safety_asked = _answer("Whether the safety question was asked before leaving.")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> DischargeChecks:
        """Make the value."""
        return DischargeChecks(**_answers(data))


class NewDischargeCheckSchema(Strict):
    """When and with whom somebody left."""

    left_at = Instant(required=True)
    left_with = fields.String(
        required=True,
        validate=OneOf([str(word) for word in LeftWith], error="unknown_left_with: Not one of these."),
        metadata={"description": "Never a name."},
    )
    checks = fields.Nested(NewDischargeChecksSchema)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give the code its value; the edge makes the draft."""
        return {**data, "left_with": LeftWith(data["left_with"])}


class DischargeChecksSchema(Schema):
    """What was looked at before somebody left."""

    oriented = fields.String(required=True, metadata={"description": "yes, no or unknown, as all of these"})
    walks_steadily = fields.String(required=True)
    blood_pressure_near_start = fields.String(required=True)
    nausea_controlled = fields.String(required=True)
    safety_asked = fields.String(required=True)


class DischargeCheckSchema(OmitNone):
    """How somebody left, and whether they had stayed as long as the clinic asks."""

    infusion_id = fields.UUID(required=True, attribute="row.infusion_id")
    version = fields.Integer(required=True, attribute="row.version", metadata={"minimum": 1})
    left_at = Instant(required=True, attribute="row.left_at")
    left_with = fields.String(required=True, attribute="row.left_with")
    checks = fields.Nested(DischargeChecksSchema, required=True, attribute="draft.checks")
    stay_minutes = fields.Integer(
        metadata={"description": "From the infusion's end; absent where no end is known."},
    )
    minimum_stay_minutes = fields.Integer(
        required=True,
        attribute="row.minimum_stay_minutes",
        metadata={"description": "As the clinic had set it then."},
    )
    stayed_long_enough = fields.Boolean(metadata={"description": "Absent where no end is known."})
