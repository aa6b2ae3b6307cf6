"""Schedules of questionnaires, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates
from marshmallow.validate import Length

from clinical.instruments.catalogue import CODES
from clinical.instruments.schedule import Schedule, Trigger
from clinical.sentences import Sentence
from schemas.base import Choice, Flag, Strict, TextDate, Version, WholeNumber, about

MAX_WINDOW_DAYS = 28
"""Longest time for which a form stays due, days. Source: a proposal."""
MAX_DAYS_AFTER = 10
"""Most days after an infusion on which a form is due. Source: a proposal."""
LATEST_DAY_AFTER = 84
"""Latest day after an infusion on which a form is due. Source: the longest published interval, twelve
weeks: Smith-Apeldoorn 2022."""
INSTRUMENT = "Questionnaire, by its code in the catalogue."
WEEKLY = "Whether to ask every week."
BEFORE_INFUSION = "Whether to ask before each booked infusion."
DAYS_AFTER = "Days after each infusion given on which to ask, in any order, each once."
WINDOW = (
    "For how many days before a booked infusion it is due, and for how many days it stays due after it fell "
    "due. No default: the clinic states it."
)
ON_MOOD_DROP = "PHQ-9 only: whether to ask when daily mood has dropped since the last infusion; a proposal."


class NewQuestionnaireScheduleSchema(Strict):
    """When to ask; with nothing but a window, never.

    Source: the clinic's. Changed by: a clinician, `PUT /v1/patients/{id}/questionnaire-schedules/{code}`.
    """

    weekly = Flag(load_default=False, metadata=about(WEEKLY))
    before_infusion = Flag(load_default=False, metadata=about(BEFORE_INFUSION))
    days_after_infusion = fields.List(
        WholeNumber(1, LATEST_DAY_AFTER),
        load_default=list,
        validate=Length(
            max=MAX_DAYS_AFTER,
            error=Sentence("too_many: Send at most {number} days.", number=MAX_DAYS_AFTER),
        ),
        metadata={"description": DAYS_AFTER, "uniqueItems": True},
    )
    window_days = WholeNumber(0, MAX_WINDOW_DAYS, required=True, metadata=about(WINDOW))
    on_mood_drop = Flag(load_default=False, metadata=about(ON_MOOD_DROP))

    @validates("days_after_infusion")
    def each_once(self, value: list[int], **_kwargs: Any) -> None:
        """Reject a day named twice."""
        if len(set(value)) != len(value):
            raise ValidationError(Sentence("named_twice: Name each day once."))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Schedule:
        """Return the value, its days in order."""
        return Schedule(**{**data, "days_after_infusion": tuple(sorted(data["days_after_infusion"]))})


class QuestionnaireScheduleSchema(Schema):
    """When a patient is asked for one questionnaire."""

    instrument = Choice(CODES, INSTRUMENT, required=True)
    version = Version(0)
    weekly = fields.Boolean(required=True, metadata=about(WEEKLY))
    before_infusion = fields.Boolean(required=True, metadata=about(BEFORE_INFUSION))
    days_after_infusion = fields.List(fields.Integer(), required=True, metadata=about(DAYS_AFTER))
    window_days = fields.Integer(required=True, metadata=about(f"{WINDOW} 0 at version 0."))
    on_mood_drop = fields.Boolean(required=True, metadata=about(ON_MOOD_DROP))

    @pre_dump
    def flatten(self, arranged: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the schedule and its version in one object."""
        schedule = arranged.schedule
        members = {name: getattr(schedule, name) for name in self.fields if hasattr(schedule, name)}
        return {"instrument": arranged.instrument, "version": arranged.version} | members


class DueQuestionnaireSchema(Schema):
    """A questionnaire that is due today."""

    instrument = Choice(CODES, INSTRUMENT, required=True)
    instrument_version = fields.String(required=True, metadata=about("Current version, to show and to send."))
    trigger = Choice(Trigger, "Which rule of the schedule makes it due.", required=True)
    due_on = TextDate(required=True, metadata=about("Day from which it is due, in the patient's time zone."))
