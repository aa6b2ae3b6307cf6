"""Questionnaires as filled in, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates
from marshmallow.validate import OneOf

from clinical.instruments.catalogue import CODES, find
from clinical.instruments.instrument import Scored, score
from clinical.instruments.phq9 import ITEM_9, PHQ_9
from clinical.instruments.response import FormDraft
from clinical.safety import NOT_ENDORSED
from schemas.base import DaysQuery, Instant, LocalDate, OmitNone, Strict, Text, TimeZone, WholeNumber
from schemas.safety import CrisisMessageSchema

MAX_ANSWERS = 40
"""Most answers of one form. Operational."""
MAX_ANSWER = 5
"""Highest answer of any item. Source: WHO-5: Topp 2015. Changed by: nobody."""
ENDORSED = "endorsed"
NOT_ANSWERED = "not answered"
UNKNOWN = "unknown_questionnaire: Not a questionnaire that is asked here."
ITEM_9_SAID = (
    "PHQ-9 only: endorsed, not endorsed or not answered. Not endorsed is never no risk: most people who died "
    "by suicide had answered 0."
)


class NewQuestionnaireResponseSchema(Strict):
    """A form, whole or in part: what is not answered is left out."""

    instrument = fields.String(required=True, validate=OneOf(CODES, error=UNKNOWN))
    instrument_version = Text(16, required=True, metadata={"description": "As the catalogue has it."})
    local_date = LocalDate(
        required=True, metadata={"description": "The patient's day on which it was answered."}
    )
    time_zone = TimeZone(required=True)
    recorded_at = Instant(required=True)
    answers = fields.Dict(
        keys=fields.String(),
        values=WholeNumber(0, MAX_ANSWER),
        required=True,
        metadata={
            "description": "The value of each item answered, by the item's code.",
            "minProperties": 1,
            "maxProperties": MAX_ANSWERS,
        },
    )

    @validates("answers")
    def neither_none_nor_too_many(self, value: dict[str, int], **_kwargs: Any) -> None:
        """Refuse an empty form, and more answers than any form has."""
        if not 1 <= len(value) <= MAX_ANSWERS:
            raise ValidationError(f"too_many: Send from 1 to {MAX_ANSWERS} answers.")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> FormDraft:
        """Make the value."""
        return FormDraft(**data)


class ClusterTotalSchema(Schema):
    """Some of the items, added up by themselves."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    total = fields.Integer(required=True)


class QuestionnaireResponseSchema(OmitNone):
    """A form as stored; scored only once it is whole."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True, metadata={"minimum": 1})
    instrument = fields.String(required=True)
    instrument_version = fields.String(required=True)
    local_date = LocalDate(required=True)
    time_zone = fields.String(required=True)
    recorded_at = Instant(required=True)
    answered_by = fields.String(required=True, metadata={"description": "patient or clinician"})
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "By the item's code; absent for a delegate, who gets the totals."},
    )
    complete = fields.Boolean(required=True)
    total = fields.Integer(metadata={"description": "Absent until every scored item is answered."})
    band = fields.String(metadata={"description": "The published band of the total, where there is one."})
    clusters = fields.List(fields.Nested(ClusterTotalSchema))
    item_9 = fields.String(metadata={"description": ITEM_9_SAID})

    @pre_dump
    def scored(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the row with its band and clusters, by the version that was filled in."""
        names = {name for name in self.fields if hasattr(row, name)}
        return {name: getattr(row, name) for name in names} | _scores(row)


class KeptQuestionnaireResponseSchema(QuestionnaireResponseSchema):
    """A form as stored, and what must be shown at once."""

    safety = fields.Nested(
        CrisisMessageSchema,
        metadata={"description": "Show this before anything else. Absent where nothing calls for it."},
    )

    @pre_dump
    def scored(self, kept: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the row, its scores and the reply."""
        row = kept.response
        names = {name for name in self.fields if hasattr(row, name)}
        return {name: getattr(row, name) for name in names} | _scores(row) | {"safety": kept.safety}


class QuestionnaireResponseRevisionSchema(QuestionnaireResponseSchema):
    """One revision of a form, and when it was held for true."""

    removed = fields.Boolean(required=True)
    known_from = Instant(required=True)
    known_until = Instant(metadata={"description": "Absent on the revision in force."})
    recorded_by = fields.UUID()


class QuestionnaireResponseRevisionsSchema(Schema):
    """Every revision of a form, in order."""

    items = fields.List(fields.Nested(QuestionnaireResponseRevisionSchema), required=True)


class ResponsesQuery(DaysQuery):
    """Which forms of a list."""

    instrument = fields.String(load_default=None, validate=OneOf(CODES, error=UNKNOWN))


def _scores(row: Any) -> dict[str, Any]:
    instrument = find(row.instrument, row.instrument_version)
    scored: Scored | None = score(instrument, row.answers) if instrument else None
    found: dict[str, Any] = {"complete": row.total is not None}
    if row.instrument == PHQ_9.code:
        answer = row.answers.get(ITEM_9)
        found["item_9"] = NOT_ANSWERED if answer is None else ENDORSED if answer else NOT_ENDORSED
    if scored is not None:
        found["band"] = scored.band.label if scored.band else None
        found["clusters"] = [
            {"code": cluster.code, "label": cluster.label, "total": total}
            for cluster, total in scored.clusters
        ] or None
    return found
