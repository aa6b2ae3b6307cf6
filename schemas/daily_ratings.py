"""Optional daily ratings: which are asked of a patient, and their averages."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_dump, validates
from marshmallow.validate import Length

from clinical.daily_ratings import CODES
from clinical.direction import Direction
from clinical.sentences import Sentence
from schemas.base import DIRECTION, Choice, LocalDate, Strict, Translated, Version, about, one_of
from schemas.summaries import ComparisonSchema


class NewDailyRatingsSchema(Strict):
    """Ratings of the catalogue that the patient is asked each day; an empty list asks none."""

    codes = fields.List(
        fields.String(validate=one_of(sorted(CODES), "unknown_code")),
        required=True,
        validate=Length(
            max=len(CODES), error=Sentence("too_many: Send at most {number}.", number=len(CODES))
        ),
        metadata={"uniqueItems": True, "description": "Codes of the ratings to ask, each once."},
    )

    @validates("codes")
    def each_once(self, value: list[str], **_kwargs: Any) -> None:
        """Reject a rating named twice."""
        if len(set(value)) != len(value):
            raise ValidationError(Sentence("named_twice: Name each rating once."))


class DailyRatingSchema(ComparisonSchema):
    """One rating of the catalogue, whether it is asked, and its averages."""

    code = Choice(sorted(CODES), "Stable code of the rating.", required=True)
    label = Translated(required=True, metadata=about("Name to show."))
    question = Translated(required=True, metadata=about("Question to show to the patient."))
    low_anchor = Translated(
        required=True, attribute="lowest", metadata=about("Meaning of 0, to show at that end of the scale.")
    )
    high_anchor = Translated(
        required=True, attribute="highest", metadata=about("Meaning of 10, to show at that end of the scale.")
    )
    direction = Choice(Direction, DIRECTION, required=True)
    asked = fields.Boolean(required=True, metadata=about("Whether the patient is asked for it each day."))

    @pre_dump
    def flatten(self, compared: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the catalogue's texts and the averages in one object."""
        texts = ("code", "label", "question", "lowest", "highest", "direction")
        averages = ("last_7_days", "previous_7_days", "baseline_period")
        return {
            **{name: str(getattr(compared.rating, name)) for name in texts},
            "asked": compared.asked,
            **{name: getattr(compared.comparison, name) for name in averages},
        }


class DailyRatingsSchema(Schema):
    """The catalogue of daily ratings for one patient on `today`."""

    version = Version(0)
    today = LocalDate(required=True, metadata=about("Current day in the patient's time zone."))
    items = fields.List(
        fields.Nested(DailyRatingSchema),
        required=True,
        attribute="ratings",
        metadata=about("Every rating of the catalogue, in its order."),
    )
