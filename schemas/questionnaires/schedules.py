"""When a patient is asked for a questionnaire, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates
from marshmallow.validate import Length

from clinical.instruments.schedule import Schedule, Trigger
from schemas.base import Choice, Flag, Strict, TextDate, WholeNumber, about

MAX_WINDOW_DAYS = 28
"""Longest time for which a form stays due, days. Source: a proposal."""
MAX_DAYS_AFTER = 10
"""Most days after an infusion on which a form is due. Source: a proposal."""
LATEST_DAY_AFTER = 84
"""Latest day after an infusion on which a form is due. Source: the longest published interval, twelve
weeks: Smith-Apeldoorn 2022."""
WINDOW = (
    "How many days before a booked infusion it is asked, and for how many days it goes on being asked after "
    "it fell due. No default: the clinic says it."
)


class NewQuestionnaireScheduleSchema(Strict):
    """When to ask; with nothing but a window, never.

    Source: the clinic's. Changed by: a clinician, `PUT /v1/patients/{id}/questionnaire-schedules/{code}`.
    """

    weekly = Flag(load_default=False)
    before_infusion = Flag(
        load_default=False, metadata={"description": "Before each infusion that is booked."}
    )
    days_after_infusion = fields.List(
        WholeNumber(1, LATEST_DAY_AFTER),
        load_default=list,
        validate=Length(max=MAX_DAYS_AFTER, error=f"too_many: At most {MAX_DAYS_AFTER} days."),
        metadata={"description": "So many days after each infusion that was given.", "uniqueItems": True},
    )
    window_days = WholeNumber(0, MAX_WINDOW_DAYS, required=True, metadata={"description": WINDOW})
    on_mood_drop = Flag(
        load_default=False,
        metadata={
            "description": "PHQ-9 only: when daily mood has dropped since the last infusion. A proposal."
        },
    )

    @validates("days_after_infusion")
    def each_once(self, value: list[int], **_kwargs: Any) -> None:
        """Refuse a day that is named twice."""
        if len(set(value)) != len(value):
            raise ValidationError("named_twice: Name each day once.")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Schedule:
        """Make the value, its days in order."""
        return Schedule(**{**data, "days_after_infusion": tuple(sorted(data["days_after_infusion"]))})


class QuestionnaireScheduleSchema(Schema):
    """When a patient is asked for one questionnaire."""

    instrument = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "0: nobody arranged anything."})
    weekly = fields.Boolean(required=True)
    before_infusion = fields.Boolean(required=True)
    days_after_infusion = fields.List(fields.Integer(), required=True)
    window_days = fields.Integer(required=True, metadata={"description": "0 before anything is arranged."})
    on_mood_drop = fields.Boolean(required=True)

    @pre_dump
    def flat(self, arranged: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the arrangement's members beside its version."""
        told = {
            name: getattr(arranged.schedule, name) for name in self.fields if hasattr(arranged.schedule, name)
        }
        return {"instrument": arranged.instrument, "version": arranged.version} | told


class DueQuestionnaireSchema(Schema):
    """A questionnaire that is due today."""

    instrument = fields.String(required=True)
    instrument_version = fields.String(required=True)
    trigger = Choice(Trigger, "Which rule of the schedule makes it due.", required=True)
    due_on = TextDate(required=True, metadata=about("Day from which it is due, in the patient's time zone."))
