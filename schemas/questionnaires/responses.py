"""Answered questionnaires, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates

from clinical.instruments.catalogue import CODES, find
from clinical.instruments.instrument import Scored, score
from clinical.instruments.phq9 import ITEM_9, PHQ_9
from clinical.instruments.response import FormDraft
from clinical.safety import ENDORSED, NOT_ENDORSED
from clinical.sentences import Sentence
from schemas.base import (
    Choice,
    DaysQuery,
    Instant,
    LocalDate,
    OmitNone,
    RemovableRevision,
    Strict,
    Text,
    TimeZone,
    Version,
    WholeNumber,
    about,
)
from schemas.questionnaires.catalogue import BANDS
from schemas.safety import CrisisMessageSchema

MAX_ANSWERS = 40
"""Most answers of one form. Operational."""
MAX_ANSWER = 5
"""Highest answer of any item. Source: WHO-5: Topp 2015. Changed by: nobody."""
NOT_ANSWERED = "not answered"
UNKNOWN = "unknown_questionnaire"
INSTRUMENT = "Questionnaire, by its code in the catalogue."
INSTRUMENT_VERSION = "Version of the questionnaire that was answered, as in the catalogue."
LOCAL_DATE = "Day on which it was answered, in the patient's time zone."
TIME_ZONE = "IANA time zone of the patient at that moment."
RECORDED_AT = (
    "When it was answered, by the phone's clock. It decides how many days late it is, as in check-ins."
)
ITEM_9_MEANS = (
    "Answer to item 9 of the PHQ-9, thoughts of death or self-harm. Not endorsed is never no risk: most "
    "people who died by suicide had answered 0."
)


class NewQuestionnaireResponseSchema(Strict):
    """An answered questionnaire, complete or in part: unanswered items are left out."""

    instrument = Choice(CODES, INSTRUMENT, error=UNKNOWN, required=True)
    instrument_version = Text(16, required=True, metadata=about(INSTRUMENT_VERSION))
    local_date = LocalDate(required=True, metadata=about(LOCAL_DATE))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    recorded_at = Instant(required=True, metadata=about(RECORDED_AT))
    answers = fields.Dict(
        keys=fields.String(),
        values=WholeNumber(0, MAX_ANSWER),
        required=True,
        metadata={
            "description": "Value of each answered item, by the item's code.",
            "minProperties": 1,
            "maxProperties": MAX_ANSWERS,
        },
    )

    @validates("answers")
    def neither_none_nor_too_many(self, value: dict[str, int], **_kwargs: Any) -> None:
        """Reject no answers, and more answers than any questionnaire has items."""
        if not 1 <= len(value) <= MAX_ANSWERS:
            raise ValidationError(Sentence("too_many: Send from 1 to {number} answers.", number=MAX_ANSWERS))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> FormDraft:
        """Return the value."""
        return FormDraft(**data)


class ClusterTotalSchema(Schema):
    """Total of a subscale."""

    code = fields.String(
        required=True, metadata={"pattern": "^[a-z]+$", "description": "Subscale, by its code."}
    )
    label = fields.String(required=True, metadata=about("Name of the subscale."))
    total = fields.Integer(required=True, metadata=about("Total of its items, in points."))


class QuestionnaireResponseSchema(OmitNone):
    """A stored questionnaire response; scored only once it is complete (FHIR: QuestionnaireResponse)."""

    id = fields.UUID(required=True, metadata=about("Id of the response, made by the client that created it."))
    version = Version()
    instrument = Choice(CODES, INSTRUMENT, required=True)
    instrument_version = fields.String(required=True, metadata=about(INSTRUMENT_VERSION))
    local_date = LocalDate(required=True, metadata=about(LOCAL_DATE))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    recorded_at = Instant(required=True, metadata=about(RECORDED_AT))
    reported_by = Choice(("patient", "staff"), "Who sent the answers.", required=True)
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata=about("Value of each answered item, by the item's code; absent for a delegate."),
    )
    complete = fields.Boolean(required=True, metadata=about("Whether every scored item is answered."))
    total = fields.Integer(metadata=about("Total in points; absent until it is complete."))
    band = Choice(BANDS, "Published severity band of the total; absent where there is none.")
    clusters = fields.List(
        fields.Nested(ClusterTotalSchema), metadata=about("Totals of the subscales; absent without any.")
    )
    item_9 = Choice((ENDORSED, NOT_ENDORSED, NOT_ANSWERED), f"{ITEM_9_MEANS} PHQ-9 only.")

    @pre_dump
    def scored(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the row with its band and subscales, by the version that was answered."""
        names = {name for name in self.fields if hasattr(row, name)}
        return {name: getattr(row, name) for name in names} | _scores(row)


class StoredQuestionnaireResponseSchema(QuestionnaireResponseSchema):
    """A stored questionnaire response, and the message to show at once."""

    safety = fields.Nested(
        CrisisMessageSchema,
        metadata=about("Message to show before anything else; present only where item 9 calls for it."),
    )

    @pre_dump
    def scored(self, result: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the row, its scores and the message."""
        row = result.response
        names = {name for name in self.fields if hasattr(row, name)}
        return {name: getattr(row, name) for name in names} | _scores(row) | {"safety": result.safety}


class QuestionnaireResponseRevisionSchema(RemovableRevision, QuestionnaireResponseSchema):
    """One revision of a questionnaire response."""


class ResponsesQuery(DaysQuery):
    """Filter of a list of questionnaire responses."""

    instrument = Choice(CODES, INSTRUMENT, error=UNKNOWN, load_default=None)


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
