"""Totals of questionnaires, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, pre_dump
from marshmallow.validate import OneOf

from clinical.score import KINDS, MAX, Instrument, Rater
from schemas.base import Instant, LocalDate, Strict, WholeNumber

ITEM_9 = (
    "PHQ-9: 0 to 27, higher is worse. A total hides item 9, thoughts of death or self-harm: entering one "
    "does not replace looking at that item."
)
RANGE = "Required where the catalogue knows no range of this questionnaire, and left out where it does."


class NewScoreSchema(Strict):
    """What a clinician enters once they have looked at item 9.

    Source: plausibility only; the scale's own range where it is known.
    """

    total = WholeNumber(0, MAX, required=True, metadata={"description": ITEM_9})
    lowest = WholeNumber(0, MAX, metadata={"description": RANGE})
    highest = WholeNumber(1, MAX, metadata={"description": RANGE})
    rater = fields.String(
        validate=OneOf([str(word) for word in Rater], error="unknown_rater: Not a rater."),
        metadata={"description": "Who judged; left out where nobody knows."},
    )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give the rater its value; the edge makes the entry."""
        return {**data, "rater": Rater(data["rater"])} if "rater" in data else data


class ScoreSchema(Schema):
    """A total as stored."""

    instrument = fields.String(required=True)
    local_date = LocalDate(required=True, metadata={"description": "The day on which it was answered."})
    total = fields.Integer(required=True, metadata={"minimum": 0, "description": ITEM_9})
    version = fields.Integer(required=True, metadata={"minimum": 1})
    lowest = fields.Integer(required=True, metadata={"minimum": 0})
    highest = fields.Integer(required=True, metadata={"minimum": 1})
    rater = fields.String(metadata={"description": "self, clinician or other; absent where nobody knows."})

    @pre_dump
    def only_what_is_known(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the range that the catalogue or the writer knew, and leave out what is not known."""
        said = {name: getattr(row, name) for name in self.fields}
        if said["highest"] is None:
            said |= {"lowest": 0, "highest": KINDS[Instrument(row.instrument)].highest}
        return {name: value for name, value in said.items() if value is not None}


class ScoreRevisionSchema(ScoreSchema):
    """One revision of a total, and when it was held for true."""

    removed = fields.Boolean(required=True)
    known_from = Instant(required=True)
    known_until = Instant(metadata={"description": "Absent on the revision in force."})
    recorded_by = fields.UUID()


class ScoreRevisionsSchema(Schema):
    """Every revision of a total, in order."""

    items = fields.List(fields.Nested(ScoreRevisionSchema), required=True)
