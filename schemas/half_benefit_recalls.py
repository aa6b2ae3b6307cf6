"""Answers to the recall question of an infusion, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from clinical.half_benefit_recall import MAX_RECALLED_DAYS, RecallAnswer
from clinical.sentences import Sentence
from schemas.base import Choice, Instant, OmitNone, Strict, TextDate, Version, WholeNumber, about

ANSWER = (
    "After how many days half of the benefit of the last infusion was gone. days: after so many. not_gone: "
    "it had not gone by then. cannot_say: the patient cannot say."
)
DAYS = (
    "Days from the infusion that it is about until half of its benefit was gone; with the answer days, and "
    "with no other. At most as many as there are until the infusion at which it is asked, or until the "
    "answer where that came before."
)
ANSWERED_AT = (
    "When it was answered: after the day of the infusion that it is about, by a patient at most 30 days ago."
)
ABOUT_ON = "Day of the infusion that it is about: the last one before that opened a cycle."
RECALL_ANSWERED = (
    "Whether the recall question, after how many days half of the last infusion's benefit was gone, was "
    "answered; absent where it is not asked."
)
INFUSION_ID = "Infusion at which it is asked."


class NewHalfBenefitRecallSchema(Strict):
    """An answer at an infusion about the one before it.

    Source: operational.
    """

    recall_answer = Choice(RecallAnswer, ANSWER, error="unknown_answer", required=True, attribute="answer")
    recalled_days = WholeNumber(1, MAX_RECALLED_DAYS, attribute="days", metadata=about(DAYS))
    answered_at = Instant(required=True, metadata=about(ANSWERED_AT))

    @validates_schema
    def days_of_answer(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Require the number for `days`, and reject it for every other answer."""
        given, counts = "days" in data, data.get("answer") == RecallAnswer.DAYS
        if counts and not given:
            raise ValidationError(Sentence("required: Send after how many days."), "recalled_days")
        if given and "answer" in data and not counts:
            raise ValidationError(
                Sentence("not_allowed: Only the answer days has a number."), "recalled_days"
            )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the answer as its value; the view makes the draft."""
        return {"days": None, **data, "answer": RecallAnswer(data["answer"])}


class HalfBenefitRecallSchema(OmitNone):
    """A stored answer to the recall question."""

    infusion_id = fields.UUID(required=True, attribute="row.infusion_id", metadata=about(INFUSION_ID))
    version = Version(attribute="row.version")
    recall_answer = Choice(RecallAnswer, ANSWER, required=True, attribute="row.answer")
    recalled_days = fields.Integer(
        attribute="row.days", metadata={"minimum": 1, "maximum": MAX_RECALLED_DAYS, "description": DAYS}
    )
    answered_at = Instant(required=True, attribute="row.answered_at", metadata=about(ANSWERED_AT))
    about_infusion_on = TextDate(
        attribute="about_on",
        metadata=about(f"{ABOUT_ON} Absent where a correction left none."),
    )
