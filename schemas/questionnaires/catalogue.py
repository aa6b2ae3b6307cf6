"""Catalogue of questionnaires, for clients that show them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_dump

from clinical.direction import Direction
from clinical.instruments.catalogue import CATALOGUE, CODES
from clinical.instruments.instrument import Instrument, Operator
from clinical.loinc import LOINC
from schemas.base import DIRECTION, Choice, Count, OmitNone, about

BANDS = sorted({band.label for each in CATALOGUE for band in each.bands})
CONDITIONS = sorted({each.condition for each in CATALOGUE})
LANGUAGES_OFFERED = sorted({each.language for each in CATALOGUE})
CODE = "Questionnaire, by its code."
ITEM_CODE = {"pattern": "^[0-9a-z_]+$", "description": "Item, by its code in the questionnaire."}
LOINC_CODE = "^(LA)?[0-9]+-[0-9]$"


class QuestionnaireOptionSchema(Schema):
    """One answer of an item, as published."""

    value = fields.Integer(required=True, metadata=about("Points of the answer, to send as its value."))
    text = fields.String(required=True, metadata=about("Text of the answer."))
    loinc = fields.String(
        metadata={"pattern": LOINC_CODE, "description": "LOINC answer code; absent where there is none."}
    )


class QuestionnaireItemSchema(OmitNone):
    """One item, as published."""

    code = fields.String(required=True, metadata=ITEM_CODE)
    text = fields.String(required=True, metadata=about("Text of the item."))
    scored = fields.Boolean(required=True, metadata=about("Whether it enters the total."))
    unless_zero = fields.String(
        metadata=ITEM_CODE
        | about("Earlier item, by its code: this one need not be asked once that was answered with 0.")
    )
    loinc = fields.String(
        metadata={"pattern": LOINC_CODE, "description": "LOINC code of the item; absent where there is none."}
    )
    options = fields.List(
        fields.Nested(QuestionnaireOptionSchema), required=True, metadata=about("Possible answers, in order.")
    )


class QuestionnaireBandSchema(Schema):
    """A published severity band."""

    low = fields.Integer(required=True, metadata=about("Lowest total of the band, in points."))
    high = fields.Integer(required=True, metadata=about("Highest total of the band, in points."))
    label = Choice(BANDS, "Name of the band.", required=True)


class QuestionnaireClusterSchema(Schema):
    """A subscale: some of the items, with a total of their own."""

    code = fields.String(
        required=True, metadata={"pattern": "^[a-z]+$", "description": "Subscale, by its code."}
    )
    label = fields.String(required=True, metadata=about("Name of the subscale."))
    items = fields.List(
        fields.String(metadata=ITEM_CODE), required=True, metadata=about("Items of the subscale, by code.")
    )


class QuestionnaireCutoffSchema(Schema):
    """A published cut-off: shown with the scale, never applied to a patient."""

    total = fields.Integer(required=True, metadata=about("Total at the cut-off, in points."))
    operator = Choice(
        Operator, "How a total is compared with it: at least (>=) or at most (<=).", required=True
    )
    meaning = fields.String(required=True, metadata=about("What the source calls such a total."))
    citation = fields.String(required=True, attribute="source", metadata=about("Source of the cut-off."))


class QuestionnaireEntrySchema(OmitNone):
    """One questionnaire of the catalogue, in its current version."""

    code = Choice(CODES, CODE, required=True)
    instrument_version = fields.String(
        required=True, attribute="version", metadata=about("Version, to send with an answered questionnaire.")
    )
    title = fields.String(required=True, metadata=about("Published title."))
    condition = Choice(CONDITIONS, "Condition that it measures.", required=True)
    recall_period = fields.String(required=True, metadata=about("Period that its items ask about."))
    scored_item_count = Count("Number of items that enter the total.", required=True)
    lowest = fields.Integer(required=True, metadata=about("Lowest possible total, in points."))
    highest = fields.Integer(required=True, metadata=about("Highest possible total, in points."))
    direction = Choice(Direction, DIRECTION, required=True)
    language = Choice(
        LANGUAGES_OFFERED, "Language of its texts, as a BCP 47 tag; not by Accept-Language.", required=True
    )
    licence = fields.String(required=True, metadata=about("Terms under which it is reproduced."))

    @pre_dump
    def with_range(self, instrument: Instrument, **_kwargs: Any) -> dict[str, Any]:
        """Return the instrument's members and its range."""
        return _members(instrument)


class QuestionnaireListSchema(Schema):
    """The catalogue."""

    items = fields.List(
        fields.Nested(QuestionnaireEntrySchema),
        required=True,
        metadata=about("Questionnaires that are asked now, in the order of the catalogue."),
    )


class QuestionnaireSchema(QuestionnaireEntrySchema):
    """One version of a questionnaire, complete; it never changes."""

    retired = fields.Boolean(
        required=True,
        metadata=about("Whether it was retired when this copy was made. The list states what is asked now."),
    )
    instruction = fields.String(required=True, metadata=about("Text to show above the items."))
    items = fields.List(
        fields.Nested(QuestionnaireItemSchema), required=True, metadata=about("Items, in order.")
    )
    factor = fields.Integer(
        required=True, metadata=about("Points of the total per point of the sum of the items.")
    )
    bands = fields.List(
        fields.Nested(QuestionnaireBandSchema),
        required=True,
        metadata=about("Published severity bands, from the lowest; empty where there are none."),
    )
    bands_citation = fields.String(
        attribute="bands_source", metadata=about("Source of the bands; absent where there are none.")
    )
    clusters = fields.List(
        fields.Nested(QuestionnaireClusterSchema), required=True, metadata=about("Subscales; empty: none.")
    )
    cutoffs = fields.List(
        fields.Nested(QuestionnaireCutoffSchema), required=True, metadata=about("Published cut-offs.")
    )
    citation = fields.String(
        required=True, attribute="source", metadata=about("Source of the questionnaire.")
    )
    loinc_panel = fields.String(
        metadata={
            "pattern": LOINC_CODE,
            "description": "LOINC code of the panel; absent where there is none.",
        }
    )
    loinc_total = fields.String(
        metadata={
            "pattern": LOINC_CODE,
            "description": "LOINC code of the total; absent where there is none.",
        }
    )

    @pre_dump
    def with_range(self, instrument: Instrument, **_kwargs: Any) -> dict[str, Any]:
        """Return the instrument's members, its range and its LOINC codes."""
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
        return _members(instrument) | {"items": items} | codes


def _members(instrument: Instrument) -> dict[str, Any]:
    return {
        "code": instrument.code,
        "version": instrument.version,
        "retired": instrument.retired,
        "title": instrument.title,
        "condition": instrument.condition,
        "language": instrument.language,
        "recall_period": instrument.recall_period,
        "instruction": instrument.instruction,
        "scored_item_count": sum(item.scored for item in instrument.items),
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
