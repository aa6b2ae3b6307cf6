"""A day's answers, on the way in and on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates
from marshmallow.validate import Length, OneOf

from clinical.check_in import (
    MAX_BENEFIT_LEFT,
    SCALE_MAX,
    SCALE_MIN,
    CheckInDraft,
    Severity,
    SideEffect,
)
from clinical.daily_ratings import CATALOGUE, OF_CODE
from clinical.safety import DAILY_QUESTION, MAX_ANSWER, NOT_AT_ALL
from clinical.side_effects import CODES
from schemas.base import Instant, LocalDate, Rating, Strict, Text, TimeZone, WholeNumber
from schemas.safety import ANSWERS, CrisisMessageSchema

MAX_SIDE_EFFECTS = 25
"""Most side effects of one day. Operational."""
NOTE_LENGTH = 2000
"""Longest note, characters. Operational."""
SCALE = {"minimum": SCALE_MIN, "maximum": SCALE_MAX}
BENEFIT_LEFT_ASKS = "How much of what the last infusion gave you is still there?"


class SideEffectSchema(Strict):
    """One side effect of the day."""

    code = fields.String(
        required=True, validate=OneOf(sorted(CODES), error="unknown_code: Not in the catalogue.")
    )
    severity = fields.String(
        required=True,
        validate=OneOf([str(level) for level in Severity], error="unknown_severity: Not a severity."),
    )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> SideEffect:
        """Make the value."""
        return SideEffect(data["code"], Severity(data["severity"]))


DailyRatingAnswersSchema = Strict.from_dict(
    {
        rating.code: Rating(metadata={"description": f"0 {rating.lowest} to 10 {rating.highest}."})
        for rating in CATALOGUE
    },
    name="DailyRatingAnswersSchema",
)
DailyRatingAnswersSchema.__doc__ = "The extra ratings that were answered; the others are absent."


class DailyRatingAnswers(fields.Field[dict[str, int] | None]):
    """Ratings by their code; what is not in the catalogue is refused without being repeated."""

    def __init__(self, **kwargs: Any) -> None:
        about = {"documented_as": DailyRatingAnswersSchema, **kwargs.pop("metadata", {})}
        super().__init__(metadata=about, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, int] | None:
        if not isinstance(value, dict):
            raise ValidationError("wrong_type: Send an object with a rating for each code.")
        if not OF_CODE.keys() >= value.keys():
            raise ValidationError("unknown_code: Send codes of the catalogue of daily ratings only.")
        said: dict[str, int] = DailyRatingAnswersSchema().load(value)
        return said or None


class NewCheckInSchema(Strict):
    """What the phone sends.

    Source: a definition.
    """

    mood = Rating(required=True, metadata={"description": "0 worst to 10 best."})
    enjoyment = Rating(metadata={"description": "0 none to 10 most."})
    anxiety = Rating(required=True, metadata={"description": "0 none to 10 worst."})
    side_effects = fields.List(
        fields.Nested(SideEffectSchema),
        validate=Length(max=MAX_SIDE_EFFECTS, error=f"too_many: At most {MAX_SIDE_EFFECTS}."),
        metadata={
            "description": "Absent: not asked. Empty: asked, and there were none.",
            "uniqueItems": True,
        },
    )
    note = Text(NOTE_LENGTH, blank=True)
    benefit_left = WholeNumber(
        0,
        MAX_BENEFIT_LEFT,
        metadata={
            "description": f"{BENEFIT_LEFT_ASKS} In percent: 0 nothing, 100 all of it (the outlook's "
            "benefit_left is a fraction, 0 to 1). Asked on the days on which the summary says "
            "benefit_left_asked, and taken on any other."
        },
    )
    safety_answer = WholeNumber(
        NOT_AT_ALL,
        MAX_ANSWER,
        metadata={
            "description": f"{DAILY_QUESTION} {ANSWERS} Taken only where the clinic asks it; see "
            "safety-question. Kept apart from the check-in, and never part of an average or a trend."
        },
    )
    """Source: as item 9 of the PHQ-9, Kroenke 2001."""
    ratings = DailyRatingAnswers()
    time_zone = TimeZone(required=True, metadata={"example": "America/New_York"})
    recorded_at = Instant(required=True)

    @validates("side_effects")
    def each_once(self, value: list[Any], **_kwargs: Any) -> None:
        """Refuse a side effect named twice."""
        # An item that cannot be read is refused as such; here it may lie about half made.
        codes = [effect.code for effect in value if isinstance(effect, SideEffect)]
        if len(set(codes)) != len(codes):
            raise ValidationError("named_twice: Name each side effect once.")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> CheckInDraft:
        """Make the value; past here, no dicts."""
        # Screened and stored before the rest was validated: services/safety/answers.
        data.pop("safety_answer", None)
        effects = data.pop("side_effects", None)
        return CheckInDraft(**data, side_effects=None if effects is None else tuple(effects))


class NotedSideEffectSchema(Schema):
    """One side effect as stored; both are open lists."""

    code = fields.String(required=True)
    severity = fields.String(required=True)


class CheckInSchema(Schema):
    """A day's answers as stored; what was not answered is absent."""

    local_date = LocalDate(required=True)
    version = fields.Integer(required=True, metadata={"minimum": 1})
    mood = fields.Integer(required=True, metadata=SCALE)
    enjoyment = fields.Integer(metadata=SCALE)
    anxiety = fields.Integer(metadata=SCALE)
    side_effects = fields.List(fields.Nested(NotedSideEffectSchema))
    note = fields.String()
    benefit_left = fields.Integer(
        metadata={
            "minimum": 0,
            "maximum": MAX_BENEFIT_LEFT,
            "description": f"{BENEFIT_LEFT_ASKS} In percent, 0 to 100.",
        }
    )
    ratings = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(metadata=SCALE),
        metadata={"description": "The extra daily ratings that were answered, by code."},
    )
    time_zone = fields.String(required=True)
    recorded_at = Instant(required=True)
    entry_mode = fields.String(required=True, metadata={"description": "live or backfill"})
    received_at = Instant(required=True)
    clock_suspect = fields.Boolean(
        required=True, metadata={"description": "The phone's clock ran ahead of ours."}
    )
    safety = fields.Nested(
        CrisisMessageSchema,
        metadata={"description": "Show this before anything else. Only where a safety answer calls for it."},
    )

    @pre_dump
    def only_what_was_answered(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what was not answered, and give the moment in the patient's own zone."""
        said = {name: getattr(row, name, None) for name in self.fields}
        said["recorded_at"] = row.recorded_at.astimezone(ZoneInfo(row.time_zone))
        return {name: value for name, value in said.items() if value is not None}


class RevisionSchema(CheckInSchema):
    """One revision of a day's answers, and when it was held for true."""

    class Meta:
        """What is shown once is no part of what was said."""

        exclude = ("safety",)

    removed = fields.Boolean(required=True)
    known_from = Instant(required=True)
    known_until = Instant(metadata={"description": "Absent on the revision in force."})
    recorded_by = fields.UUID()


class RevisionsSchema(Schema):
    """Everything ever said about a day, in order."""

    items = fields.List(fields.Nested(RevisionSchema), required=True)
