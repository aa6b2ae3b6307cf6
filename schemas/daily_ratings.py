"""The extra daily ratings: which are asked, and how each stands."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_dump, validates
from marshmallow.validate import Length, OneOf

from clinical.daily_ratings import CODES
from clinical.direction import Direction
from schemas.base import DIRECTION, Choice, LocalDate, Strict
from schemas.summaries import ComparisonSchema


class NewDailyRatingsSchema(Strict):
    """Which ratings of the catalogue the patient is asked each day; an empty list asks none."""

    codes = fields.List(
        fields.String(validate=OneOf(sorted(CODES), error="unknown_code: Not in the catalogue.")),
        required=True,
        validate=Length(max=len(CODES), error=f"too_many: At most {len(CODES)}."),
        metadata={"uniqueItems": True},
    )

    @validates("codes")
    def each_once(self, value: list[str], **_kwargs: Any) -> None:
        """Refuse a rating named twice."""
        if len(set(value)) != len(value):
            raise ValidationError("named_twice: Name each rating once.")


class DailyRatingSchema(ComparisonSchema):
    """One rating of the catalogue, whether it is asked, and its means as the summary gives those of mood."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    question = fields.String(required=True, metadata={"description": "The question as it is put."})
    lowest = fields.String(required=True, metadata={"description": "What 0 means."})
    highest = fields.String(required=True, metadata={"description": "What 10 means."})
    direction = Choice(Direction, DIRECTION, required=True)
    asked = fields.Boolean(required=True)

    @pre_dump
    def flattened(self, standing: Any, **_kwargs: Any) -> dict[str, Any]:
        """Put the words of the catalogue and the means beside one another."""
        words = ("code", "label", "question", "lowest", "highest", "direction")
        means = ("last_7_days", "previous_7_days", "baseline")
        said = {name: str(getattr(standing.rating, name)) for name in words}
        found = {name: getattr(standing.comparison, name) for name in means}
        return {
            **said,
            "asked": standing.asked,
            **{name: mean for name, mean in found.items() if mean is not None},
        }


class DailyRatingsSchema(Schema):
    """The whole catalogue as it stands for one patient on `today`."""

    version = fields.Integer(required=True, metadata={"description": "0: nothing was ever chosen."})
    today = LocalDate(required=True)
    ratings = fields.List(fields.Nested(DailyRatingSchema), required=True)
