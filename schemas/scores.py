"""Totals of questionnaires, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_dump

from clinical.score import HIGHEST_TOTAL
from schemas.base import Instant, LocalDate, Strict, WholeNumber

ITEM_9 = (
    "PHQ-9: 0 to 27, higher is worse. A total hides item 9, thoughts of death or self-harm: entering one "
    "does not replace looking at that item."
)


class NewScoreSchema(Strict):
    """What a clinician enters once they have looked at item 9."""

    total = WholeNumber(0, max(HIGHEST_TOTAL.values()), required=True, metadata={"description": ITEM_9})


class ScoreSchema(Schema):
    """A total as stored."""

    instrument = fields.String(required=True)
    local_date = LocalDate(required=True, metadata={"description": "The day on which it was answered."})
    total = fields.Integer(required=True, metadata={"minimum": 0, "description": ITEM_9})
    version = fields.Integer(required=True, metadata={"minimum": 1})


class ScoreRevisionSchema(ScoreSchema):
    """One revision of a total, and when it was held for true."""

    removed = fields.Boolean(required=True)
    known_from = Instant(required=True)
    known_until = Instant(metadata={"description": "Absent on the revision in force."})
    recorded_by = fields.UUID()

    @pre_dump
    def only_what_is_known(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what is not known."""
        return {name: value for name in self.fields if (value := getattr(row, name)) is not None}


class ScoreRevisionsSchema(Schema):
    """Every revision of a total, in order."""

    items = fields.List(fields.Nested(ScoreRevisionSchema), required=True)
