"""Daily check-ins, as sent and as returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates
from marshmallow.validate import Length

from clinical.check_in import (
    MAX_BENEFIT_LEFT,
    SCALE_MAX,
    SCALE_MIN,
    CheckInDraft,
    EntryMode,
    Reporter,
    Severity,
    SideEffect,
)
from clinical.daily_ratings import CATALOGUE, OF_CODE, DailyRating
from clinical.safety import DAILY_QUESTION, MAX_ANSWER, NOT_AT_ALL
from clinical.sentences import Sentence
from clinical.side_effects import CODES
from schemas.base import (
    Choice,
    Instant,
    LocalDate,
    Rating,
    RemovableRevision,
    Strict,
    Text,
    TimeZone,
    Version,
    WholeNumber,
    about,
)
from schemas.safety import ANSWERS, CrisisMessageSchema

MAX_SIDE_EFFECTS = 25
"""Most side effects of one day. Operational."""
NOTE_LENGTH = 2000
"""Longest note, characters. Operational."""
SCALE = {"minimum": SCALE_MIN, "maximum": SCALE_MAX}
CODE = "Side effect, by its code in the catalogue of side effects."
SEVERITY = "How severe it was, as the patient judges."
MOOD = "Mood of the day: 0 worst to 10 best."
ENJOYMENT = "Enjoyment of the day: 0 none to 10 most."
ANXIETY = "Anxiety of the day: 0 none to 10 worst."
SIDE_EFFECTS = "Side effects of the day. Absent: not asked. Empty: asked, and there were none."
NOTE = "Free text of the patient."
BENEFIT_LEFT = (
    'Answer to "How much of what the last infusion gave you is still there?" in percent: 0 nothing, 100 all '
    "of it. Asked on days on which the summary states benefit_left_asked; accepted on any other."
)
RATINGS = "Optional daily ratings that were answered, by code, 0 to 10; see daily ratings for each direction."
TIME_ZONE = "IANA time zone of the patient at that moment."
RECORDED_AT = (
    "When the patient answered, by the phone's clock. It decides entry_mode, and how many days late a day is "
    "filled in: a patient may do so until the clinic's backfill_days later, and an offline phone may send it "
    "later still. An instant ahead of the server's clock, or more than 30 days ago, counts as the time of "
    "receipt."
)
ENTRY_MODE = (
    "live: answered on the day itself, which ends at day_start_hour of the next. backfill: filled in later."
)
RECEIVED_AT = "When the server received it."
CLOCK_SUSPECT = "Whether recorded_at was more than 10 minutes ahead of the server's clock on receipt."
REPORTED_BY = "Whose entry it is: the patient's, the staff's, or that of an imported diary."
RECORDED_BY_NAME = "Name of the member of staff who entered or imported it; for the clinic only."
PATIENT_VERSION = (
    "Version of the patient's own answers that a clinician's entry was made over; its revision holds them."
)
CLINIC_ANSWERS = (
    "Members that the clinician's entry changed or added; all others are as the patient answered. Absent "
    "where the clinician's entry is over no answers of the patient."
)
SAFETY = "Message to show before anything else; present only where a safety answer calls for it."


class SideEffectSchema(Strict):
    """One side effect of the day."""

    code = Choice(sorted(CODES), CODE, error="unknown_code", required=True)
    severity = Choice(Severity, SEVERITY, error="unknown_severity", required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> SideEffect:
        """Return the value."""
        return SideEffect(data["code"], Severity(data["severity"]))


def _rating(rating: DailyRating) -> str:
    return f"{rating.question} Scale: 0 {rating.lowest} to 10 {rating.highest}."


DailyRatingAnswersSchema = Strict.from_dict(
    {rating.code: Rating(metadata=about(_rating(rating))) for rating in CATALOGUE},
    name="DailyRatingAnswersSchema",
)
DailyRatingAnswersSchema.__doc__ = "Optional daily ratings that were answered; the others are absent."


class DailyRatingAnswers(fields.Field[dict[str, int] | None]):
    """Ratings by code; a code outside the catalogue is rejected, and not repeated in the error."""

    def __init__(self, **kwargs: Any) -> None:
        about = {"documented_as": DailyRatingAnswersSchema, **kwargs.pop("metadata", {})}
        super().__init__(metadata=about, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, int] | None:
        if not isinstance(value, dict):
            raise ValidationError(Sentence("wrong_type: Send an object with a rating for each code."))
        if not OF_CODE.keys() >= value.keys():
            raise ValidationError(
                Sentence("unknown_code: Send codes of the catalogue of daily ratings only.")
            )
        answered: dict[str, int] = DailyRatingAnswersSchema().load(value)
        return answered or None


class NewCheckInSchema(Strict):
    """A day's answers, as a phone sends them.

    Source: a definition.
    """

    mood = Rating(required=True, metadata=about(MOOD))
    enjoyment = Rating(metadata=about(ENJOYMENT))
    anxiety = Rating(required=True, metadata=about(ANXIETY))
    side_effects = fields.List(
        fields.Nested(SideEffectSchema),
        validate=Length(
            max=MAX_SIDE_EFFECTS,
            error=Sentence("too_many: Send at most {number}.", number=MAX_SIDE_EFFECTS),
        ),
        metadata=about(SIDE_EFFECTS) | {"uniqueItems": True},
    )
    note = Text(NOTE_LENGTH, blank=True, metadata=about(NOTE))
    benefit_left = WholeNumber(
        0,
        MAX_BENEFIT_LEFT,
        metadata=about(f"{BENEFIT_LEFT} (The outlook's benefit_left_estimate is a fraction, 0 to 1.)"),
    )
    safety_answer = WholeNumber(
        NOT_AT_ALL,
        MAX_ANSWER,
        metadata=about(
            f"{DAILY_QUESTION} {ANSWERS} Ordinal, higher is worse. Accepted only where the clinic asks it. "
            "Stored apart from the check-in, and never part of an average or a trend; see safety-question."
        ),
    )
    """Source: as item 9 of the PHQ-9, Kroenke 2001."""
    ratings = DailyRatingAnswers(metadata=about(RATINGS))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE) | {"example": "America/New_York"})
    recorded_at = Instant(required=True, metadata=about(RECORDED_AT))

    @validates("side_effects")
    def each_once(self, value: list[Any], **_kwargs: Any) -> None:
        """Reject a side effect named twice."""
        # An invalid item has an error of its own; here it may still be a dict.
        codes = [effect.code for effect in value if isinstance(effect, SideEffect)]
        if len(set(codes)) != len(codes):
            raise ValidationError(Sentence("named_twice: Name each side effect once."))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> CheckInDraft:
        """Return the validated draft."""
        # Stored by api/http/safety_intake/daily_answer.py before the rest was validated.
        data.pop("safety_answer", None)
        effects = data.pop("side_effects", None)
        return CheckInDraft(**data, side_effects=None if effects is None else tuple(effects))


class StoredSideEffectSchema(Schema):
    """One side effect as stored."""

    code = Choice(sorted(CODES), CODE, required=True)
    severity = Choice(Severity, SEVERITY, required=True)


StoredDailyRatingAnswersSchema = Schema.from_dict(
    {rating.code: fields.Integer(metadata=SCALE | about(_rating(rating))) for rating in CATALOGUE},
    name="StoredDailyRatingAnswersSchema",
)
StoredDailyRatingAnswersSchema.__doc__ = "Optional daily ratings as stored; those not answered are absent."


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """A row of a check-in, and the name of the member of staff who recorded it, if one did."""

    row: Any
    name: str | None


ANSWER_NAMES = ("mood", "enjoyment", "anxiety", "side_effects", "note", "benefit_left", "ratings")


class CheckInSchema(Schema):
    """A day's answers as stored; what was not answered is absent."""

    local_date = LocalDate(required=True, metadata=about("Day that the answers are about."))
    version = Version()
    mood = fields.Integer(required=True, metadata=SCALE | about(MOOD))
    enjoyment = fields.Integer(metadata=SCALE | about(ENJOYMENT))
    anxiety = fields.Integer(metadata=SCALE | about(f"{ANXIETY} Absent only where it was imported without."))
    side_effects = fields.List(fields.Nested(StoredSideEffectSchema), metadata=about(SIDE_EFFECTS))
    note = fields.String(metadata=about(NOTE))
    benefit_left = fields.Integer(
        metadata={"minimum": 0, "maximum": MAX_BENEFIT_LEFT, "description": BENEFIT_LEFT}
    )
    ratings = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata=about(RATINGS) | {"documented_as": StoredDailyRatingAnswersSchema},
    )
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    recorded_at = Instant(required=True, metadata=about(RECORDED_AT))
    entry_mode = Choice(EntryMode, ENTRY_MODE, required=True)
    received_at = Instant(required=True, metadata=about(RECEIVED_AT))
    clock_suspect = fields.Boolean(required=True, metadata=about(CLOCK_SUSPECT))
    reported_by = Choice(Reporter, REPORTED_BY, required=True)
    recorded_by_name = fields.String(metadata=about(RECORDED_BY_NAME))
    patient_version = fields.Integer(metadata={"minimum": 1, "description": PATIENT_VERSION})
    clinic_answers = fields.List(
        Choice(ANSWER_NAMES, "Name of a member."), metadata=about(CLINIC_ANSWERS) | {"uniqueItems": True}
    )
    safety = fields.Nested(CrisisMessageSchema, metadata=about(SAFETY))

    @pre_dump
    def omit_unanswered(self, shown: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return what was answered, with recorded_at in the patient's time zone."""
        row, recorded_by_name = (shown.row, shown.name) if isinstance(shown, NamedEntry) else (shown, None)
        members = {name: getattr(row, name, None) for name in self.fields}
        members["recorded_by_name"] = recorded_by_name
        members["recorded_at"] = row.recorded_at.astimezone(ZoneInfo(row.time_zone))
        return {name: value for name, value in members.items() if value is not None}


class CheckInRevisionSchema(RemovableRevision, CheckInSchema):
    """One revision of a day's answers."""

    class Meta:
        """Leave out the message, which is shown once."""

        exclude = ("safety",)
