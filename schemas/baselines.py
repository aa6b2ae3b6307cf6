"""A judged baseline, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, pre_dump

from clinical.baseline import AssessedBaseline
from clinical.check_in import SCALE_MAX, SCALE_MIN
from schemas.base import LocalDate, Rating, Strict

SCALE = {"minimum": SCALE_MIN, "maximum": SCALE_MAX}


class NewBaselineSchema(Strict):
    """The usual day of the weeks before the first infusion, as a clinician judges it.

    Source: a definition.
    """

    assessed_on = LocalDate(
        required=True,
        metadata={"description": "When it was judged: by the day of the first infusion given."},
    )
    mood = Rating(required=True, metadata={"description": "0 worst to 10 best, as in check-ins."})
    anxiety = Rating(metadata={"description": "0 none to 10 worst, as in check-ins."})

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> AssessedBaseline:
        """Make the value."""
        return AssessedBaseline(**data)


class BaselineSchema(Schema):
    """A judged baseline as stored; what was not judged is absent."""

    version = fields.Integer(required=True, metadata={"minimum": 1})
    assessed_on = LocalDate(required=True)
    mood = fields.Integer(required=True, metadata=SCALE)
    anxiety = fields.Integer(metadata=SCALE)

    @pre_dump
    def only_what_was_judged(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what was not judged."""
        return {name: value for name in self.fields if (value := getattr(row, name)) is not None}
