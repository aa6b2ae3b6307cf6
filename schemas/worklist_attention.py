"""Attention that a patient needs, with its reasons."""

from __future__ import annotations

from marshmallow import fields

from clinical.attention import AttentionCode, AttentionLevel
from schemas.base import Choice, OmitNone, TextDate, Translated, about

LEVELS = tuple(level.name.lower() for level in AttentionLevel)


class AttentionReasonSchema(OmitNone):
    """One reason for attention."""

    code = Choice(AttentionCode, "Stable name of the reason.", required=True)
    since_on = TextDate(required=True, attribute="since", metadata=about("Day since which it holds."))
    text = Translated(required=True, metadata=about("The reason as a sentence."))


class AttentionSchema(OmitNone):
    """How soon somebody should look at a patient, and why; the rule is in docs/clinical/attention.md."""

    urgency = Choice(
        LEVELS,
        "Level of attention, immediate first; none without a reason. Alone it decides nothing.",
        required=True,
    )
    since_on = TextDate(metadata=about("Day since which the leading reason holds; absent without one."))
    reasons = fields.List(
        fields.Nested(AttentionReasonSchema),
        required=True,
        metadata=about("The reasons, the leading one first."),
    )
