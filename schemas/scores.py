"""Totals of questionnaires, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, pre_dump

from clinical.score import KINDS, MAX, Instrument, Rater, ScoreSource
from schemas.base import (
    Choice,
    DaysQuery,
    InstrumentCode,
    LocalDate,
    RemovableRevision,
    Strict,
    Version,
    WholeNumber,
    about,
)

TOTAL = (
    "Total in points of the questionnaire's scale. PHQ-9: 0 to 27, higher is worse. A total hides item 9, "
    "thoughts of death or self-harm: entering one does not replace looking at that item."
)
RANGE = "Required where the catalogue knows no range of this questionnaire, and left out where it does."
RATER = "Who rated; absent where nobody knows."

RECORD_ID = (
    "Unique among the patient's totals: the id of the questionnaire response, or, where it was entered or "
    "imported, instrument and day as in its address."
)
SOURCE = (
    "questionnaire: answered here, see questionnaire responses. entered: by a clinician. imported: from a "
    "file. Of several of one instrument and day, the questionnaire recorded last counts elsewhere."
)


class NewScoreSchema(Strict):
    """A total that a clinician enters after looking at item 9.

    Source: plausibility only; the scale's own range where it is known.
    """

    total = WholeNumber(0, MAX, required=True, metadata=about(TOTAL))
    lowest = WholeNumber(0, MAX, metadata=about(f"Lowest possible total, in points. {RANGE}"))
    highest = WholeNumber(1, MAX, metadata=about(f"Highest possible total, in points. {RANGE}"))
    rater = Choice(Rater, RATER, error="unknown_rater")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the rater as its value; the view makes the entry."""
        return {**data, "rater": Rater(data["rater"])} if "rater" in data else data


class ScoreSchema(Schema):
    """A stored total."""

    record_id = fields.String(required=True, metadata={"pattern": "^[0-9a-z/-]+$", "description": RECORD_ID})
    source = Choice(ScoreSource, SOURCE, required=True)
    instrument = InstrumentCode("Instrument, by its code.", required=True)
    local_date = LocalDate(required=True, metadata=about("Day on which the questionnaire was answered."))
    total = fields.Integer(required=True, metadata={"minimum": 0, "description": TOTAL})
    version = Version()
    lowest = fields.Integer(
        required=True, metadata={"minimum": 0, "description": "Lowest possible total, in points."}
    )
    highest = fields.Integer(
        required=True, metadata={"minimum": 1, "description": "Highest possible total, in points."}
    )
    rater = Choice(Rater, RATER)

    @pre_dump
    def only_what_is_known(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the range that the catalogue or the clinician knew, without what is not known."""
        members = {name: getattr(row, name, None) for name in self.fields}
        members["record_id"] = members["record_id"] or f"{row.instrument}/{row.local_date}"
        if members["highest"] is None:
            members |= {"lowest": 0, "highest": KINDS[Instrument(row.instrument)].highest}
        return {name: value for name, value in members.items() if value is not None}


class ScoreRevisionSchema(RemovableRevision, ScoreSchema):
    """One revision of a total."""


class ScoresQuery(DaysQuery):
    """Filter of a list of totals."""

    instrument = InstrumentCode(
        "Only totals of this instrument.", error="unknown_instrument", load_default=None
    )
