"""Consultations, as sent and as returned: one schema per audience."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load, pre_dump
from marshmallow.validate import Length

from clinical.sentences import Sentence
from clinical.suitability import CHECKLIST, CODES, SNOMED, Answer, Answered, Decision, Indication, Weight
from schemas.base import (
    Choice,
    Instant,
    LocalDate,
    OmitNone,
    Revision,
    Strict,
    Text,
    Translated,
    Version,
    about,
)
from schemas.safety import PersonSchema

MAX_REASONS_LENGTH = 4000
"""Longest reasons of a decision, characters. Operational."""
MAX_ANSWERS = 100
"""Most answers of one checklist. Operational."""
CODE = "Question of the checklist, by its code."
PRESENT = "Whether it is present; yes is always the answer that calls for care."
ANSWERED_ON = "Day on which it was answered."
SEEN_ON = "Day of the consultation."
INDICATION = "Condition that the treatment is for."
DECISION = "What the clinician decided; absent: nothing yet."
DECIDED_AT = "When it was decided."
RATIONALE = (
    "Reasons of the decision, for clinicians. Required unless suitable with every question answered no."
)
CONSENT_GIVEN_ON = "Day on which the patient consented to treatment."
TO_REVIEW = "Questions answered yes or unknown, or not asked, by code; also after a decision."


class SuitabilityQuestionSchema(Schema):
    """One question of the checklist."""

    code = Choice(sorted(CODES), "Stable code.", required=True)
    text = Translated(required=True, metadata=about("The finding asked about."))
    weight = Choice(Weight, "How the source treats a yes.", required=True)
    citation = fields.String(
        required=True, attribute="source", metadata=about("Where the question comes from.")
    )


class IndicationSchema(Schema):
    """A condition that treatment may be for."""

    code = Choice(Indication, "Stable code.", required=True)
    snomed = fields.String(
        metadata={"pattern": "^[0-9]+$", "description": "SNOMED CT concept; absent where none fits."}
    )


class SuitabilityCatalogueSchema(Schema):
    """The checklist before treatment, and the codes of a consultation."""

    questions = fields.List(
        fields.Nested(SuitabilityQuestionSchema),
        required=True,
        metadata=about("The checklist, in its order."),
    )
    answer_options = fields.List(
        Choice(Answer, "An answer."), required=True, metadata=about("Possible answers to a question.")
    )
    decisions = fields.List(
        Choice(Decision, "A decision."), required=True, metadata=about("Possible decisions.")
    )
    indications = fields.List(
        fields.Nested(IndicationSchema), required=True, metadata=about("Possible indications.")
    )


class NewSuitabilityAnswerSchema(Strict):
    """The answer to one question of the checklist."""

    code = Text(64, required=True, metadata=about(CODE))
    present = Choice(Answer, PRESENT, error="unknown_answer", required=True)
    answered_on = LocalDate(required=True, metadata=about(ANSWERED_ON))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Answered:
        """Return the value."""
        return Answered(data["code"], Answer(data["present"]), data["answered_on"])


class NewConsultationSchema(Strict):
    """A complete consultation; what is left out is not known, or not decided yet."""

    seen_on = LocalDate(required=True, metadata=about(SEEN_ON))
    checklist = fields.List(
        fields.Nested(NewSuitabilityAnswerSchema),
        load_default=list,
        attribute="answers",
        validate=Length(
            max=MAX_ANSWERS, error=Sentence("too_many: Send at most {number}.", number=MAX_ANSWERS)
        ),
        metadata=about("Answers to the checklist, each question once."),
    )
    indication = Choice(Indication, INDICATION, error="unknown_indication")
    decision = Choice(Decision, DECISION, error="unknown_decision")
    rationale = Text(MAX_REASONS_LENGTH, attribute="reasons", metadata=about(RATIONALE))
    consent_given_on = LocalDate(metadata=about(CONSENT_GIVEN_ON))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the codes as their values; the view makes the draft."""
        for name, kind in (("indication", Indication), ("decision", Decision)):
            if name in data:
                data[name] = kind(data[name])
        return data


class SuitabilityAnswerSchema(Schema):
    """One answer to the checklist, and who answered it when."""

    code = Choice(sorted(CODES), CODE, required=True, attribute="question")
    present = Choice(Answer, PRESENT, required=True, attribute="answer")
    answered_on = fields.String(required=True, metadata={"format": "date", "description": ANSWERED_ON})
    answered_by = fields.Nested(PersonSchema, required=True, metadata=about("Clinician who recorded it."))


class PatientConsultationSchema(OmitNone):
    """A consultation as the patient sees it: the decision and the consent, without the checklist."""

    version = Version()
    seen_on = LocalDate(required=True, metadata=about(SEEN_ON))
    indication = Choice(Indication, INDICATION)
    decision = Choice(Decision, DECISION)
    decided_at = Instant(metadata=about(DECIDED_AT))
    consent_given_on = LocalDate(metadata=about(CONSENT_GIVEN_ON))

    @pre_dump
    def with_people(self, seen: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the revision with the names of the people in it."""
        row = seen.row
        names = {field.attribute or name for name, field in self.fields.items()}
        return {name: getattr(row, name) for name in names if hasattr(row, name)} | {
            "answers": [
                {**each, "answered_by": _person(seen.people, UUID(each["answered_by"]))}
                for each in row.answers
            ],
            "to_review": seen.to_review,
            "decided_by": _person(seen.people, row.decided_by),
            "consent_recorded_by": _person(seen.people, row.consent_recorded_by),
        }


class ConsultationSchema(PatientConsultationSchema):
    """A consultation as clinicians see it."""

    checklist = fields.List(
        fields.Nested(SuitabilityAnswerSchema),
        attribute="answers",
        metadata=about("Answers to the checklist, in its order."),
    )
    to_review = fields.List(Choice(sorted(CODES), CODE), metadata=about(TO_REVIEW))
    rationale = fields.String(attribute="reasons", metadata=about(RATIONALE))
    decided_by = fields.Nested(PersonSchema, metadata=about("Clinician who decided."))
    consent_recorded_by = fields.Nested(PersonSchema, metadata=about("Clinician who recorded the consent."))


class ConsultationRevisionSchema(Revision, ConsultationSchema):
    """One revision of a consultation."""


def catalogue() -> dict[str, Any]:
    """Return what a form for a consultation needs to know."""
    codes = ({"code": str(each)} | _snomed(each) for each in Indication)
    return {
        "questions": CHECKLIST,
        "answer_options": [str(word) for word in Answer],
        "decisions": [str(word) for word in Decision],
        "indications": list(codes),
    }


def _snomed(indication: Indication) -> dict[str, str]:
    return {"snomed": SNOMED[indication]} if indication in SNOMED else {}


def _person(people: dict[UUID, str], account_id: UUID | None) -> dict[str, Any] | None:
    if account_id is None:
        return None
    return {"id": account_id, "display_name": people.get(account_id, "")}
