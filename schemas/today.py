"""What a patient is asked today."""

from __future__ import annotations

from marshmallow import Schema, fields

from clinical.direction import Direction
from clinical.half_benefit_recall import MAX_RECALLED_DAYS, RecallAnswer
from clinical.instruments.catalogue import CODES
from clinical.questions import EVERY_QUESTION, HALF_BENEFIT_RECALL, POST_INFUSION_MOOD
from clinical.safety import MAX_ANSWER, NOT_AT_ALL
from clinical.translations import LANGUAGES
from schemas.base import DIRECTION, Choice, Instant, OmitNone, TextDate, TimeZone, Translated, Version, about
from schemas.half_benefit_recalls import ABOUT_ON, ANSWER, INFUSION_ID
from schemas.infusions import STARTED_AT
from schemas.infusions import TIME_ZONE as INFUSION_TIME_ZONE
from schemas.patients import DAY_START_HOUR, TIME_ZONE
from schemas.questionnaires.schedules import INSTRUMENT, DueQuestionnaireSchema
from schemas.safety import ANSWERS, SafetyQuestionSchema
from schemas.summaries import TODAY

CODE = "Member of a check-in that takes the answer; an optional rating's code is a member of its ratings."
LANGUAGE = "Language of the texts, as a BCP 47 tag, by Accept-Language."
EDITION = "^[a-z0-9.-]+$"


class DailyQuestionSchema(OmitNone):
    """One question of today's check-in, with its words and its scale."""

    code = Choice([question.code for question in EVERY_QUESTION], CODE, required=True)
    question = Translated(required=True, metadata=about("The question, word by word."))
    lowest = fields.Integer(required=True, metadata=about("Lowest answer on the scale."))
    highest = fields.Integer(required=True, metadata=about("Highest answer on the scale."))
    low_anchor = Translated(required=True, metadata=about("Meaning of the lowest answer, to show there."))
    high_anchor = Translated(required=True, metadata=about("Meaning of the highest answer, to show there."))
    direction = Choice(Direction, DIRECTION, required=True)
    required = fields.Boolean(
        required=True, metadata=about("Whether a check-in is refused without an answer to it.")
    )
    answer = fields.Integer(metadata=about("Today's answer on the scale; absent where there is none."))


class AskedSafetyQuestionSchema(OmitNone, SafetyQuestionSchema):
    """The daily safety question, today's answer, and what a phone shows for one above "not at all"."""

    answer = fields.Integer(
        metadata={
            "minimum": NOT_AT_ALL,
            "maximum": MAX_ANSWER,
            "description": f"Today's answer on the scale from 0 to 3: {ANSWERS}",
        }
    )


class FormOfDaySchema(Schema):
    """A questionnaire that was filled in today, whole or in part."""

    response_id = fields.UUID(required=True, attribute="id", metadata=about("Id of the stored answers."))
    instrument = Choice(CODES, INSTRUMENT, required=True)
    version = Version()
    complete = fields.Function(
        lambda row: row.total is not None,
        required=True,
        metadata={"type": "boolean", "description": "Whether every item that the total needs is answered."},
    )


class NextInfusionSchema(Schema):
    """The next infusion that is booked and has not begun."""

    infusion_id = fields.UUID(required=True, attribute="id", metadata=about("Id of the infusion."))
    local_date = TextDate(required=True, metadata=about("Day of the infusion, in its own time zone."))
    started_at = Instant(required=True, metadata=about(STARTED_AT))
    time_zone = TimeZone(required=True, metadata=about(INFUSION_TIME_ZONE))


class AskedPostInfusionMoodSchema(OmitNone):
    """The mood some hours after the last infusion: an optional second answer, outside the check-in."""

    infusion_id = fields.UUID(required=True, metadata=about("Infusion after which it is asked."))
    question = Translated(
        required=True,
        dump_default=POST_INFUSION_MOOD.question,
        metadata=about("The question, word by word."),
    )
    lowest = fields.Integer(
        required=True, dump_default=POST_INFUSION_MOOD.lowest, metadata=about("Lowest answer on the scale.")
    )
    highest = fields.Integer(
        required=True, dump_default=POST_INFUSION_MOOD.highest, metadata=about("Highest answer on the scale.")
    )
    low_anchor = Translated(
        required=True,
        dump_default=POST_INFUSION_MOOD.low_anchor,
        metadata=about("Meaning of the lowest answer, to show there."),
    )
    high_anchor = Translated(
        required=True,
        dump_default=POST_INFUSION_MOOD.high_anchor,
        metadata=about("Meaning of the highest answer, to show there."),
    )
    closes_at = Instant(required=True, metadata=about("Until when it can be answered."))
    version = fields.Integer(
        required=True,
        metadata={
            "minimum": 0,
            "description": "Version of the answer, for If-Match of a change; 0: nothing is stored.",
        },
    )
    answer = fields.Integer(metadata=about("The answer on the scale; absent where there is none."))


class RecallChoiceSchema(Schema):
    """One answer to the recall question, and its words."""

    code = Choice(RecallAnswer, ANSWER, required=True)
    label = Translated(required=True, metadata=about("The answer, word by word."))


class AskedHalfBenefitRecallSchema(OmitNone):
    """The recall question around an infusion: optional, and outside the check-in."""

    infusion_id = fields.UUID(required=True, metadata=about(INFUSION_ID))
    about_infusion_on = TextDate(required=True, attribute="about_on", metadata=about(ABOUT_ON))
    question = Translated(
        required=True,
        dump_default=HALF_BENEFIT_RECALL.question,
        metadata=about("The question, word by word."),
    )
    choices = fields.List(
        fields.Nested(RecallChoiceSchema),
        required=True,
        dump_default=[{"code": code, "label": label} for code, label in HALF_BENEFIT_RECALL.answers],
        metadata=about("Answers in the order in which to offer them.", most=len(RecallAnswer)),
    )
    most_days = fields.Integer(
        required=True,
        metadata={
            "minimum": 1,
            "maximum": MAX_RECALLED_DAYS,
            "description": "Most days that can be answered, from 1 on: those since about_infusion_on, or "
            "until the infusion at which it is asked.",
        },
    )
    closes_on = TextDate(required=True, metadata=about("Last day on which it is asked."))
    version = fields.Integer(
        required=True,
        metadata={
            "minimum": 0,
            "description": "Version of the answer, for If-Match of a change; 0: nothing is stored.",
        },
    )
    recall_answer = Choice(RecallAnswer, "The answer; absent where there is none.", attribute="answer")
    recalled_days = fields.Integer(
        metadata={
            "minimum": 1,
            "maximum": MAX_RECALLED_DAYS,
            "description": "The number of days that was answered; absent with any other answer.",
        },
        attribute="days",
    )


class CatalogueEditionsSchema(Schema):
    """Editions of the public catalogues: a phone that has this one need not read it again."""

    side_effects_edition = fields.String(
        required=True,
        metadata={"pattern": EDITION, "description": "Entity tag of /v1/catalog/side-effects."},
    )
    questionnaires_edition = fields.String(
        required=True,
        metadata={"pattern": EDITION, "description": "Entity tag of /v1/questionnaires."},
    )


class TodaySchema(OmitNone):
    """A patient's current day: what is asked, what is answered, and when the day ends."""

    patient_id = fields.UUID(
        required=True, attribute="patient.id", metadata=about("Patient whose day it is.")
    )
    today = TextDate(required=True, metadata=about(TODAY))
    day_ends_at = Instant(required=True, metadata=about("When the patient's next day begins."))
    time_zone = TimeZone(required=True, attribute="patient.time_zone", metadata=about(TIME_ZONE))
    day_start_hour = fields.Integer(
        required=True, attribute="patient.day_start_hour", metadata=about(DAY_START_HOUR)
    )
    language = Choice(LANGUAGES, LANGUAGE, required=True)
    check_in_version = fields.Integer(
        required=True,
        metadata={
            "minimum": 0,
            "description": "Version of today's check-in, for If-Match of a change; 0: nothing is stored.",
        },
    )
    side_effects_answered = fields.Boolean(
        required=True, metadata=about("Whether today's check-in says which side effects there were, or none.")
    )
    questions = fields.List(
        fields.Nested(DailyQuestionSchema),
        required=True,
        metadata=about("Questions of today's check-in in order, besides side effects and the note."),
    )
    daily_safety = fields.Nested(
        AskedSafetyQuestionSchema,
        required=True,
        metadata=about("The daily safety question, and its answer of today."),
    )
    questionnaires_due = fields.List(
        fields.Nested(DueQuestionnaireSchema),
        required=True,
        attribute="forms_due",
        metadata=about("Questionnaires that are due today and not answered yet."),
    )
    questionnaires_answered = fields.List(
        fields.Nested(FormOfDaySchema),
        required=True,
        attribute="forms_answered",
        metadata=about("Questionnaires of today that are stored, whole or in part."),
    )
    next_infusion = fields.Nested(
        NextInfusionSchema, metadata=about("The next infusion booked; absent without one.")
    )
    post_infusion_mood = fields.Nested(
        AskedPostInfusionMoodSchema,
        metadata=about("Mood some hours after an infusion; absent except within 24 hours after its start."),
    )
    half_benefit_recall = fields.Nested(
        AskedHalfBenefitRecallSchema,
        metadata=about(
            "Days until half of the last infusion's benefit was gone; absent except from the day before a "
            "booked infusion until a week after one that was given, and during an induction."
        ),
    )
    catalogues = fields.Nested(
        CatalogueEditionsSchema, required=True, metadata=about("Editions of the public catalogues.")
    )
