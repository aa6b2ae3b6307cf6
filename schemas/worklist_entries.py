"""What a team does with a patient on the worklist: as sent, and as stored."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from clinical.attention import AttentionCode
from clinical.sentences import Sentence
from clinical.worklist_entry import EntryState
from schemas.base import Choice, Instant, LocalDate, OmitNone, Strict, Text, TextDate, Version, about
from schemas.safety import PersonSchema

REASON_LENGTH = 500
"""Longest reason, characters. Operational."""
OUTLOOK_ID_LENGTH = 80
"""Longest version of a summary, characters. Operational."""
STATE = (
    "What the team has done. open: to be looked at. snoozed: left out of the list until a day. handled: left "
    "out until its reasons for attention change. An open safety alert always shows."
)
SNOOZED_UNTIL = "Day on which a snoozed patient is on the list again, in the patient's time zone."
REASON = "Why, in the clinician's own words; a patient is not snoozed without."


class NewWorklistEntrySchema(Strict):
    """What becomes of a patient on the list, whole: what is left out is removed.

    Source: the care team. Changed by: a clinician or a nurse, `PUT /v1/patients/{id}/worklist-entry`.
    """

    assignee_id = fields.UUID(
        metadata=about(
            "Account of the clinician or nurse who has the patient from now on; absent: nobody, whoever had "
            "them before."
        )
    )
    state = Choice(EntryState, STATE, error="unknown_state", required=True)
    snoozed_until_on = LocalDate(metadata=about(f"{SNOOZED_UNTIL} For snoozed, and required there."))
    reason = Text(REASON_LENGTH, metadata=about(REASON))
    outlook_id = Text(
        OUTLOOK_ID_LENGTH,
        metadata=about(
            "Version of the summary that was looked at, as each row of the list has it; required to snooze "
            "or handle."
        ),
    )

    @validates_schema
    def whole(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Require the day and the reason of a snooze, and the version that was looked at."""
        state = data.get("state")
        found: dict[str, list[str]] = {}
        if state == EntryState.SNOOZED:
            if "snoozed_until_on" not in data:
                found["snoozed_until_on"] = [Sentence("required: Send the day on which the patient returns.")]
            if "reason" not in data:
                found["reason"] = [Sentence("required: Send why the patient is snoozed.")]
        elif "snoozed_until_on" in data:
            found["snoozed_until_on"] = [Sentence("not_allowed: Only a snoozed patient returns on a day.")]
        if state != EntryState.OPEN and "outlook_id" not in data:
            found["outlook_id"] = [
                Sentence("required: Send the outlook_id of the row or summary you looked at.")
            ]
        if found:
            raise ValidationError(found)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the state as its value; the view makes the draft."""
        return {**data, "state": EntryState(data["state"])}


class SeenReasonSchema(OmitNone):
    """One reason for attention that was visible when a patient was snoozed or handled."""

    code = Choice(AttentionCode, "Stable name of the reason.", required=True)
    since_on = TextDate(required=True, attribute="since", metadata=about("Day since which it held."))


class WorklistEntrySchema(OmitNone):
    """What a team has done with a patient on the list; what is not set is absent."""

    version = Version(0)
    state = Choice(EntryState, STATE, required=True, attribute="draft.state")
    assigned_to = fields.Nested(
        PersonSchema,
        metadata=about(
            "Who has taken the patient; absent where nobody has, or who has left the clinic's care team."
        ),
    )
    snoozed_until_on = LocalDate(attribute="draft.snoozed_until_on", metadata=about(SNOOZED_UNTIL))
    reason = fields.String(
        attribute="draft.reason", metadata={"minLength": 1, "pattern": r"\S", "description": REASON}
    )
    seen_reasons = fields.List(
        fields.Nested(SeenReasonSchema),
        attribute="seen.reasons",
        metadata=about("Reasons for attention when the patient was snoozed or handled, the leading first."),
    )
    updated_by = fields.Nested(PersonSchema, metadata=about("Who stored this version."))
    updated_at = Instant(metadata=about("When this version was stored."))
