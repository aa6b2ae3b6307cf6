"""The mood some hours after an infusion, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from clinical.check_in import SCALE_MAX, SCALE_MIN
from schemas.base import Instant, Rating, Strict, Version, about

MOOD = "Mood at that time, on the scale of check-ins: 0 worst to 10 best."
RECORDED_AT = (
    "When it was answered, at most 24 hours after the infusion began, and by a patient at most 30 days ago."
)


class NewPostInfusionMoodSchema(Strict):
    """A second answer of the infusion's day: the mood some hours after it began.

    Source: a definition.
    """

    mood = Rating(required=True, metadata=about(MOOD))
    recorded_at = Instant(required=True, metadata=about(RECORDED_AT))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the members; the view makes the draft."""
        return data


class PostInfusionMoodSchema(Schema):
    """A stored mood after an infusion."""

    infusion_id = fields.UUID(
        required=True, attribute="row.infusion_id", metadata=about("Infusion that it belongs to.")
    )
    version = Version(attribute="row.version")
    mood = fields.Integer(
        required=True,
        attribute="row.mood",
        metadata={"minimum": SCALE_MIN, "maximum": SCALE_MAX, "description": MOOD},
    )
    recorded_at = Instant(required=True, attribute="row.recorded_at", metadata=about(RECORDED_AT))
    hours_after_start = fields.Float(
        required=True, metadata=about("Hours from the start of the infusion to the answer.")
    )
