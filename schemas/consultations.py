"""Consultations, on the way in and on the way out: one schema an audience."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load, pre_dump
from marshmallow.validate import Length, OneOf

from clinical.suitability import CHECKLIST, SNOMED, Answer, Answered, Decision, Indication
from schemas.base import Instant, LocalDate, Strict, Text
from schemas.safety import PersonSchema

MAX_REASONS_LENGTH = 4000
"""Longest reasons of a decision, characters. Operational."""
MAX_ANSWERS = 100
"""Most answers of one checklist. Operational."""
TO_REVIEW = "Answered yes or unknown, or not asked: for a clinician to review. Nothing clears itself."


class SuitabilityQuestionSchema(Schema):
    """One question of the checklist; a yes is always the answer that calls for care."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    weight = fields.String(required=True, metadata={"description": "contraindicated or review"})
    source = fields.String(required=True)


class IndicationSchema(Schema):
    """A condition that treatment may be for, with its SNOMED CT concept where there is one."""

    code = fields.String(required=True)
    snomed = fields.String()


class SuitabilityCatalogueSchema(Schema):
    """What a consultation asks, and what treatment may be for."""

    questions = fields.List(fields.Nested(SuitabilityQuestionSchema), required=True)
    answers = fields.List(fields.String(), required=True)
    decisions = fields.List(fields.String(), required=True)
    indications = fields.List(fields.Nested(IndicationSchema), required=True)


class NewSuitabilityAnswerSchema(Strict):
    """One question and its answer."""

    question = Text(64, required=True, metadata={"description": "A code of the checklist."})
    answer = fields.String(
        required=True,
        validate=OneOf([str(word) for word in Answer], error="unknown_answer: yes, no or unknown."),
    )
    answered_on = LocalDate(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Answered:
        """Make the value."""
        return Answered(data["question"], Answer(data["answer"]), data["answered_on"])


class NewConsultationSchema(Strict):
    """A consultation whole; what is left out is not known, or not decided yet."""

    seen_on = LocalDate(required=True)
    answers = fields.List(
        fields.Nested(NewSuitabilityAnswerSchema),
        load_default=list,
        validate=Length(max=MAX_ANSWERS, error=f"too_many: At most {MAX_ANSWERS}."),
    )
    indication = fields.String(
        validate=OneOf([str(word) for word in Indication], error="unknown_indication: Not an indication."),
    )
    decision = fields.String(
        validate=OneOf([str(word) for word in Decision], error="unknown_decision: Not a decision."),
    )
    reasons = Text(
        MAX_REASONS_LENGTH,
        metadata={"description": "Required unless suitable with every question answered no."},
    )
    consent_given_on = LocalDate(metadata={"description": "The day of the consent to treatment."})

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give the codes their values; the edge makes the draft."""
        for name, kind in (("indication", Indication), ("decision", Decision)):
            if name in data:
                data[name] = kind(data[name])
        return data


class SuitabilityAnswerSchema(Schema):
    """One question as answered, by whom and when."""

    question = fields.String(required=True)
    answer = fields.String(required=True)
    answered_on = fields.String(required=True, metadata={"format": "date"})
    answered_by = fields.Nested(PersonSchema, required=True)


class PatientConsultationSchema(Schema):
    """What a patient sees of their own consultation: what was decided and consented to, not the checklist."""

    version = fields.Integer(required=True, metadata={"minimum": 1})
    seen_on = LocalDate(required=True)
    indication = fields.String()
    decision = fields.String(metadata={"description": "suitable, not_suitable or deferred"})
    decided_at = Instant()
    consent_given_on = LocalDate()

    @pre_dump
    def only_what_is_known(self, seen: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what is not known or not decided."""
        row = seen.row
        said = {
            name: getattr(row, name)
            for name in self.fields
            if name not in ("answers", "to_review", "decided_by", "consent_recorded_by")
        }
        said |= {
            "answers": [
                {**each, "answered_by": _person(seen.people, UUID(each["answered_by"]))}
                for each in row.answers
            ],
            "to_review": seen.to_review,
            "decided_by": _person(seen.people, row.decided_by),
            "consent_recorded_by": _person(seen.people, row.consent_recorded_by),
        }
        return {name: value for name, value in said.items() if value is not None}


class ConsultationSchema(PatientConsultationSchema):
    """What clinicians see."""

    answers = fields.List(fields.Nested(SuitabilityAnswerSchema))
    to_review = fields.List(fields.String(), metadata={"description": TO_REVIEW})
    reasons = fields.String()
    decided_by = fields.Nested(PersonSchema)
    consent_recorded_by = fields.Nested(PersonSchema)


class ConsultationRevisionSchema(ConsultationSchema):
    """One revision of a consultation, and when it was held for true."""

    known_from = Instant(required=True)
    known_until = Instant(metadata={"description": "Absent on the revision in force."})
    recorded_by = fields.UUID()


class ConsultationRevisionsSchema(Schema):
    """Every revision of a consultation, in order."""

    items = fields.List(fields.Nested(ConsultationRevisionSchema), required=True)


def catalogue() -> dict[str, Any]:
    """Everything that a form for a consultation needs to know."""
    codes = ({"code": str(each)} | _snomed(each) for each in Indication)
    return {
        "questions": CHECKLIST,
        "answers": [str(word) for word in Answer],
        "decisions": [str(word) for word in Decision],
        "indications": list(codes),
    }


def _snomed(indication: Indication) -> dict[str, str]:
    return {"snomed": SNOMED[indication]} if indication in SNOMED else {}


def _person(people: dict[UUID, str], account_id: UUID | None) -> dict[str, Any] | None:
    if account_id is None:
        return None
    return {"id": account_id, "display_name": people.get(account_id, "")}
