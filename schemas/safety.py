"""Safety: settings, alerts, and what whoever gave an answer above "not at all" is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length, OneOf

from clinical.safety import (
    DAILY_OPTIONS,
    DAILY_QUESTION,
    ENDORSED,
    MAX_ANSWER,
    NOT_AT_ALL,
    NOT_ENDORSED,
    Action,
    ContactKind,
    CrisisContact,
)
from schemas.base import (
    EmailAddress,
    Flag,
    Instant,
    Line,
    LocalDate,
    OmitNone,
    PageQuery,
    Strict,
    Text,
    WholeNumber,
)

MAX_NOTE_LENGTH = 2000
"""Longest note, characters. Operational."""
MAX_CONTACTS = 10
"""Most crisis contacts of a clinic. Operational."""
MAX_WAIT_MINUTES = 10080
"""Longest time until the on-call clinician is notified, minutes. Source: a proposal: a week."""

NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{1,30}")
"""A number to call or text: digits, as people write them."""

ANSWERS = ", ".join(f"{answer} {words.lower()}" for answer, words in enumerate(DAILY_OPTIONS)) + "."
COUNTRY = re.compile(r"[A-Z]{2}")
WEB_PAGE = re.compile(r"https://[!-~]{3,200}")
STATES = ("open", "acknowledged", "closed", "unsettled")


class Country(fields.String):
    """A country by its two letters, as ISO 3166-1 has them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": "^[A-Z]{2}$", **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not (isinstance(value, str) and COUNTRY.fullmatch(value)):
            raise ValidationError("not_a_country: Send two letters, as US.")
        return value


class CrisisContactSchema(Strict):
    """Whom a patient can turn to now."""

    label = Line(100, required=True, metadata={"description": "As patients are to read it."})
    kind = fields.String(
        required=True,
        validate=OneOf([str(kind) for kind in ContactKind], error="unknown_kind: call, text or web."),
    )
    address = Text(
        200, required=True, metadata={"description": "A number to call or text, or an https page."}
    )

    @validates_schema
    def of_its_kind(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a number that cannot be called, and a page that is none."""
        form = WEB_PAGE if data.get("kind") == "web" else NUMBER
        if "address" in data and "kind" in data and not form.fullmatch(data["address"]):
            raise ValidationError({"address": ["not_of_its_kind: Send a number, or for web an https page."]})

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> CrisisContact:
        """Make the value."""
        return CrisisContact(data["label"], ContactKind(data["kind"]), data["address"])


class ShownContactSchema(Schema):
    """Whom to turn to now, as shown."""

    label = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "call, text or web"})
    address = fields.String(required=True)


class CrisisMessageSchema(Schema):
    """Show this before anything else: that nobody watches in real time, and whom to turn to now."""

    message = fields.String(required=True)
    contacts = fields.List(fields.Nested(ShownContactSchema), required=True)


class SafetyQuestionSchema(Schema):
    """The daily safety question, and what a phone shows at once for any answer above "not at all".

    A phone keeps it: an answer given offline is shown this before it is sent.
    """

    asked = fields.Boolean(required=True, metadata={"description": "Whether the clinic asks it now."})
    question = fields.String(required=True)
    options = fields.List(
        fields.String(), required=True, metadata={"description": "The answers 0, 1, 2 and 3, in words."}
    )
    crisis_message = fields.Nested(CrisisMessageSchema, required=True)


class NewSafetyAnswerSchema(Strict):
    """A day's safety answer."""

    answer = WholeNumber(
        NOT_AT_ALL, MAX_ANSWER, required=True, metadata={"description": f"{DAILY_QUESTION} {ANSWERS}"}
    )


class SafetyAnswerSchema(Schema):
    """A day's current safety answer."""

    local_date = LocalDate(required=True)
    answer = fields.Integer(required=True, metadata={"minimum": NOT_AT_ALL, "maximum": MAX_ANSWER})
    interpretation = fields.Function(
        lambda row: ENDORSED if row.answer else NOT_ENDORSED,
        required=True,
        metadata={"type": "string", "description": "endorsed or not endorsed, which is not: no risk."},
    )
    received_at = Instant(required=True, attribute="known_from")
    version = fields.Integer(required=True, metadata={"minimum": 1})


class StoredSafetyAnswerSchema(SafetyAnswerSchema):
    """A day's safety answer as stored, and what to show first."""

    safety = fields.Nested(
        CrisisMessageSchema,
        metadata={"description": "Show this before anything else. Only for an answer above 0."},
    )


class NewSafetySettingsSchema(Strict):
    """Everything a clinic sets for safety, whole; what is left out is not set.

    Source: the clinic's: required, and not set for it. Changed by: an admin, `PUT
    /v1/clinics/{id}/safety-settings`.
    """

    country = Country(metadata={"description": "Contacts are shipped for US and CA.", "example": "US"})
    crisis_contacts = fields.List(
        fields.Nested(CrisisContactSchema),
        validate=Length(max=MAX_CONTACTS, error=f"too_many: At most {MAX_CONTACTS}."),
        metadata={"description": "The clinic's own, shown instead of those shipped for its country."},
    )
    safety_question = Flag(
        load_default=False,
        metadata={"description": "Whether the daily safety question is asked. Needs all of the others."},
    )
    escalate_after_minutes = WholeNumber(
        1,
        MAX_WAIT_MINUTES,
        metadata={"description": "After how long without acknowledgement the on-call is told. No default."},
    )
    on_call_email = EmailAddress()
    on_call_webhook = Text(500, metadata={"format": "uri", "description": "https, a public host, port 443."})

    @post_load
    def values(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give the contacts as a tuple, which compares as a whole."""
        return {**data, "crisis_contacts": tuple(data.get("crisis_contacts", ()))}


class SafetySettingsSchema(OmitNone):
    """What a clinic set for safety; `version` 0 where it has set nothing."""

    version = fields.Integer(required=True)
    country = fields.String()
    crisis_contacts = fields.List(fields.Nested(ShownContactSchema), required=True)
    shown_contacts = fields.List(
        fields.Nested(ShownContactSchema),
        required=True,
        metadata={"description": "What patients are shown: the clinic's own, else those of its country."},
    )
    safety_question = fields.Boolean(required=True)
    escalate_after_minutes = fields.Integer()
    on_call_email = fields.String()
    on_call_webhook = fields.String()
    webhook_secret = fields.String(
        metadata={"description": "What calls are signed with. Only in the answer to a change."}
    )


class PersonSchema(Schema):
    """A clinician, by id and name."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)


class DeliverySchema(OmitNone):
    """One message to the on-call, and how it fares; given_up means that somebody must be told otherwise."""

    channel = fields.String(required=True, metadata={"description": "email or webhook"})
    state = fields.String(
        required=True, metadata={"description": "waiting, delivered, given_up or withdrawn"}
    )
    attempts = fields.Integer(required=True)
    last_tried_at = Instant()
    last_failure = fields.String()
    delivered_at = Instant()


class OwnAlertSchema(OmitNone):
    """What a patient sees of an alert: that their answer waits to be seen, was seen, or was dealt with."""

    id = fields.UUID(required=True)
    local_date = LocalDate(required=True, metadata={"description": "The day the answer was about."})
    source = fields.String(required=True, metadata={"description": "item_9 or daily_answer"})
    opened_at = Instant(required=True)
    state = fields.String(
        required=True,
        metadata={"description": "open: waits to be seen; acknowledged: was seen; closed: dealt with."},
    )
    message = fields.String(required=True, metadata={"description": "What that means, in words."})


class SafetyAlertSchema(OwnAlertSchema):
    """An alert as a clinician reads it; it stays until a named clinician records an action."""

    patient_id = fields.UUID()
    record_number = fields.String()
    display_name = fields.String()
    answer = fields.Integer(metadata={"description": "1 to 3, of 0 to 3."})
    level = fields.String(metadata={"description": "top or endorsed"})
    escalated_at = Instant(metadata={"description": "When the on-call began to be told."})
    escalations = fields.List(fields.Nested(DeliverySchema))
    acknowledged_at = Instant()
    acknowledged_by = fields.Nested(PersonSchema)
    acknowledge_note = fields.String()
    closed_at = Instant()
    closed_by = fields.Nested(PersonSchema)
    action = fields.String()
    close_note = fields.String()


class AlertsQuery(PageQuery):
    """Which alerts of a clinic."""

    state = fields.String(
        load_default="unsettled",
        validate=OneOf(STATES, error="unknown_state: open, acknowledged, closed or unsettled."),
        metadata={"description": "unsettled: all that nobody has closed."},
    )


class AcknowledgementSchema(Strict):
    """That a clinician takes an alert on."""

    note = Text(MAX_NOTE_LENGTH)


class ClosingSchema(Strict):
    """What was done about an alert."""

    action = fields.String(
        required=True,
        validate=OneOf([str(action) for action in Action], error="unknown_action: Not an action."),
    )
    note = Text(MAX_NOTE_LENGTH, metadata={"description": "Required where the action is other."})

    @validates_schema
    def explained(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Ask what was done where no word of ours says it."""
        if data.get("action") == Action.OTHER and "note" not in data:
            raise ValidationError({"note": ["required: Say what was done."]})
