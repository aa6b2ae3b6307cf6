"""The catalogue of questionnaires, for clients that show them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_dump

from clinical.direction import Direction
from clinical.instruments.instrument import Instrument, Operator
from clinical.loinc import LOINC
from schemas.base import DIRECTION, Choice, OmitNone


class QuestionnaireOptionSchema(Schema):
    """One answer, in its published words."""

    value = fields.Integer(required=True)
    text = fields.String(required=True)
    loinc = fields.String(metadata={"description": "The LOINC answer code, where there is one."})


class QuestionnaireItemSchema(OmitNone):
    """One question, in its published words."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    scored = fields.Boolean(required=True, metadata={"description": "Whether it enters the total."})
    unless_zero = fields.String(
        metadata={"description": "Need not be asked once this earlier item was answered with 0."}
    )
    loinc = fields.String()
    options = fields.List(fields.Nested(QuestionnaireOptionSchema), required=True)


class QuestionnaireBandSchema(Schema):
    """A published name for the totals from low to high, both included."""

    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    label = fields.String(required=True)


class QuestionnaireClusterSchema(Schema):
    """Some of the items, added up by themselves."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    items = fields.List(fields.String(), required=True)


class QuestionnaireCutoffSchema(Schema):
    """A published cut-off: shown with the scale, never applied to a patient."""

    total = fields.Integer(required=True)
    operator = Choice(
        Operator, "How a total is compared with it: at least (>=) or at most (<=).", required=True
    )
    meaning = fields.String(required=True)
    source = fields.String(required=True)


class QuestionnaireEntrySchema(OmitNone):
    """One questionnaire of the catalogue, in the version in use."""

    code = fields.String(required=True)
    version = fields.String(required=True)
    title = fields.String(required=True)
    condition = fields.String(required=True, metadata={"description": "What it is about, in a word."})
    recall_period = fields.String(required=True)
    scored_items = fields.Integer(required=True)
    lowest = fields.Integer(required=True)
    highest = fields.Integer(required=True)
    direction = Choice(Direction, DIRECTION, required=True)
    licence = fields.String(required=True)

    @pre_dump
    def counted(self, instrument: Instrument, **_kwargs: Any) -> dict[str, Any]:
        """Give the instrument's members with its range."""
        return _told(instrument)


class QuestionnaireListSchema(Schema):
    """The catalogue."""

    items = fields.List(fields.Nested(QuestionnaireEntrySchema), required=True)


class QuestionnaireSchema(QuestionnaireEntrySchema):
    """One version of a questionnaire, whole; it never changes."""

    retired = fields.Boolean(
        required=True,
        metadata={"description": "When this copy was given. The list says what is asked now."},
    )
    instruction = fields.String(required=True, metadata={"description": "What stands above the items."})
    items = fields.List(fields.Nested(QuestionnaireItemSchema), required=True)
    factor = fields.Integer(required=True, metadata={"description": "The sum times this is the total."})
    bands = fields.List(fields.Nested(QuestionnaireBandSchema), required=True)
    bands_source = fields.String()
    clusters = fields.List(fields.Nested(QuestionnaireClusterSchema), required=True)
    cutoffs = fields.List(fields.Nested(QuestionnaireCutoffSchema), required=True)
    source = fields.String(required=True)
    loinc_panel = fields.String()
    loinc_total = fields.String()

    @pre_dump
    def counted(self, instrument: Instrument, **_kwargs: Any) -> dict[str, Any]:
        """Give the instrument's members with its range and codes."""
        loinc = LOINC.get(instrument.code)
        items = [
            {
                "code": item.code,
                "text": item.text,
                "scored": item.scored,
                "unless_zero": item.unless_zero,
                "loinc": loinc.items.get(item.code) if loinc else None,
                "options": [
                    {"value": option.value, "text": option.text}
                    | (
                        {"loinc": loinc.answers[option.value]}
                        if loinc and item.scored and loinc.answers
                        else {}
                    )
                    for option in item.options
                ],
            }
            for item in instrument.items
        ]
        codes = {"loinc_panel": loinc.panel, "loinc_total": loinc.total} if loinc else {}
        return _told(instrument) | {"items": items} | codes


def _told(instrument: Instrument) -> dict[str, Any]:
    return {
        "code": instrument.code,
        "version": instrument.version,
        "retired": instrument.retired,
        "title": instrument.title,
        "condition": instrument.condition,
        "recall_period": instrument.recall_period,
        "instruction": instrument.instruction,
        "scored_items": sum(item.scored for item in instrument.items),
        "lowest": 0,
        "highest": instrument.highest,
        "direction": str(instrument.direction),
        "factor": instrument.factor,
        "bands": instrument.bands,
        "bands_source": instrument.bands_source,
        "clusters": instrument.clusters,
        "cutoffs": instrument.cutoffs,
        "licence": instrument.licence,
        "source": instrument.source,
    }
