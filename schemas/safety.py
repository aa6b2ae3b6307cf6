"""Safety: settings, alerts, daily safety answers and the crisis message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length

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
    Priority,
    Source,
)
from clinical.sentences import Sentence
from schemas.base import (
    Choice,
    Count,
    DaysQuery,
    EmailAddress,
    Flag,
    Instant,
    Line,
    LocalDate,
    OmitNone,
    Strict,
    Telephone,
    Text,
    Translated,
    Version,
    WholeNumber,
    about,
)
from schemas.patients import EMERGENCY_CONTACT, EmergencyContactSchema

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
STATES = ("open", "acknowledged", "closed")
CHANNELS = ("email", "webhook")
DELIVERY_STATES = ("waiting", "delivered", "given_up", "withdrawn")
SHOW_FIRST = "Show this before anything else. Present only where a safety answer calls for it."
SHIPPED = "Country of the clinic, ISO 3166-1 alpha-2. Contacts are shipped for US and CA."
OWN_CONTACTS = "The clinic's own contacts, shown instead of those shipped for its country."
ESCALATION = "Minutes without acknowledgement after which the on-call is notified; no default."
KIND = "How the contact is reached: by call, by text, or as a web page."
ADDRESS = "A number to call or text, or an https URL."
EMAIL = "On-call e-mail address; needs a mail server."
WEBHOOK = "On-call webhook: an https URL of a public host, port 443."
SEEN = "Number of answers that the clinician was shown; refused where the alert has more by now."
ACTION = "What was done about the alert; an open list."


class Country(fields.String):
    """A country by its two letters, ISO 3166-1 alpha-2."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": "^[A-Z]{2}$", **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not (isinstance(value, str) and COUNTRY.fullmatch(value)):
            raise ValidationError(Sentence("not_a_country: Send a country of two letters, as US."))
        return value


class CrisisContactSchema(Strict):
    """A contact for patients in crisis."""

    label = Line(100, required=True, metadata=about("Name as patients read it."))
    kind = Choice(ContactKind, KIND, error="unknown_kind", required=True)
    address = Text(200, required=True, metadata=about(ADDRESS))

    @validates_schema(skip_on_field_errors=False)
    def of_its_kind(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a number that cannot be called, and a page that is none."""
        form = WEB_PAGE if data.get("kind") == "web" else NUMBER
        if "address" in data and "kind" in data and not form.fullmatch(data["address"]):
            raise ValidationError(
                {"address": [Sentence("not_of_its_kind: Send a number, or for web an https page.")]}
            )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> CrisisContact:
        """Make the value."""
        return CrisisContact(data["label"], ContactKind(data["kind"]), data["address"])


class ShownContactSchema(Schema):
    """A contact for patients in crisis, as shown."""

    label = fields.String(required=True, metadata=about("Name as patients read it."))
    kind = Choice(ContactKind, KIND, required=True)
    address = fields.String(required=True, metadata=about(ADDRESS))


class CrisisMessageSchema(Schema):
    """Show this before anything else: that nobody watches in real time, and whom to contact now."""

    message = Translated(required=True, metadata=about("Text to show, word by word."))
    contacts = fields.List(
        fields.Nested(ShownContactSchema),
        required=True,
        metadata=about("Whom to contact now; empty where the clinic has none."),
    )


class SafetyQuestionSchema(Schema):
    """The daily safety question, and what a phone shows at once for any answer above "not at all".

    A phone stores it, to show the message for an answer given offline before the answer is sent.
    """

    asked = fields.Boolean(required=True, metadata=about("Whether the clinic asks it now."))
    question = Translated(required=True, metadata=about("The question, word by word."))
    options = fields.List(Translated(), required=True, metadata=about("The answers 0, 1, 2 and 3, in words."))
    crisis_message = fields.Nested(
        CrisisMessageSchema, required=True, metadata=about("Show this for any answer above 0, offline too.")
    )


class NewSafetyAnswerSchema(Strict):
    """A day's safety answer.

    Source: as item 9 of the PHQ-9, Kroenke 2001.
    """

    answer = WholeNumber(NOT_AT_ALL, MAX_ANSWER, required=True, metadata=about(f"{DAILY_QUESTION} {ANSWERS}"))


class SafetyAnswerSchema(Schema):
    """A day's current safety answer."""

    local_date = LocalDate(required=True, metadata=about("The patient's day that the answer is about."))
    answer = fields.Integer(
        required=True,
        metadata={
            "minimum": NOT_AT_ALL,
            "maximum": MAX_ANSWER,
            "description": f"On a scale from 0 to 3: {ANSWERS}",
        },
    )
    interpretation = fields.Function(
        lambda row: ENDORSED if row.answer else NOT_ENDORSED,
        required=True,
        metadata={
            "type": "string",
            "enum": [ENDORSED, NOT_ENDORSED],
            "description": "Not endorsed is the answer 0, and does not mean: no risk.",
        },
    )
    received_at = Instant(
        required=True, attribute="known_from", metadata=about("When the server received the answer.")
    )
    version = Version()


class StoredSafetyAnswerSchema(SafetyAnswerSchema):
    """A day's safety answer as stored, and what to show first."""

    safety = fields.Nested(CrisisMessageSchema, metadata=about(SHOW_FIRST))


class NewSafetySettingsSchema(Strict):
    """All safety settings of a clinic; what is left out is not set.

    Source: the clinic's: required, and not set for it. Changed by: an admin, `PUT
    /v1/clinics/{id}/safety-settings`.
    """

    country = Country(metadata={"description": SHIPPED, "example": "US"})
    crisis_contacts = fields.List(
        fields.Nested(CrisisContactSchema),
        validate=Length(
            max=MAX_CONTACTS,
            error=Sentence("too_many: Send at most {number} contacts.", number=MAX_CONTACTS),
        ),
        metadata=about(OWN_CONTACTS),
    )
    safety_question = Flag(
        load_default=False,
        metadata=about("Whether the daily safety question is asked; needs all other settings."),
    )
    escalate_after_minutes = WholeNumber(1, MAX_WAIT_MINUTES, metadata=about(ESCALATION))
    on_call_email = EmailAddress(metadata=about(EMAIL))
    on_call_webhook = Text(500, metadata={"format": "uri", "description": WEBHOOK})

    @post_load
    def values(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the contacts as a tuple, which compares as a whole."""
        return {**data, "crisis_contacts": tuple(data.get("crisis_contacts", ()))}


class SafetySettingsSchema(OmitNone):
    """The safety settings of a clinic; `version` is 0 where nothing is set."""

    version = Version(0)
    country = fields.String(metadata=about(SHIPPED))
    crisis_contacts = fields.List(
        fields.Nested(ShownContactSchema), required=True, metadata=about(OWN_CONTACTS)
    )
    shown_contacts = fields.List(
        fields.Nested(ShownContactSchema),
        required=True,
        metadata=about("Contacts that patients are shown: the clinic's own, else those of its country."),
    )
    safety_question = fields.Boolean(
        required=True, metadata=about("Whether the daily safety question is asked.")
    )
    escalate_after_minutes = fields.Integer(metadata=about(ESCALATION))
    on_call_email = fields.String(metadata={"format": "email", "description": EMAIL})
    on_call_webhook = fields.String(metadata={"format": "uri", "description": WEBHOOK})
    webhook_secret = fields.String(
        metadata=about("Secret that verifies webhooks (Standard Webhooks); only in the response to a change.")
    )


class PersonSchema(Schema):
    """A clinician, by id and name."""

    id = fields.UUID(required=True, metadata=about("Account of the clinician."))
    display_name = fields.String(required=True, metadata=about("Name as shown to colleagues."))


class DeliverySchema(OmitNone):
    """One message to the on-call; given_up means that somebody must be notified in another way."""

    channel = Choice(CHANNELS, "How the message is sent.", required=True)
    state = Choice(DELIVERY_STATES, "Whether the message was sent.", required=True)
    attempt_count = Count("Number of attempts to send it.", required=True)
    last_tried_at = Instant(metadata=about("When the last attempt began."))
    last_failure = fields.String(
        metadata={
            "pattern": "^[a-z_]+(_[0-9]{3})?$",
            "description": "Code of the last failure, as timeout, no_connection, status_503 or mail_451.",
        }
    )
    delivered_at = Instant(metadata=about("When the receiver accepted it."))


class ChannelTestSchema(DeliverySchema):
    """One test message to the on-call; given_up means that the channel does not work."""

    queued_at = Instant(required=True, attribute="created_at", metadata=about("When it was queued."))


class OwnAlertSchema(OmitNone):
    """An alert as its patient reads it: that their answer waits to be seen, was seen, or was handled."""

    id = fields.UUID(required=True, metadata=about("Identifier of the alert."))
    local_date = LocalDate(
        required=True,
        metadata=about("The patient's day that the most severe answer is about; of equal ones, the latest."),
    )
    source = Choice(Source, "Where the answer was given.", required=True)
    opened_at = Instant(required=True, metadata=about("When the alert was opened, by its first answer."))
    state = Choice(
        STATES, "open: waits to be seen; acknowledged: was seen; closed: was handled.", required=True
    )
    message = Translated(required=True, metadata=about("The state in words, for the patient."))


class SafetyAlertSchema(OwnAlertSchema):
    """An alert as a clinician reads it; it stays until a named clinician records an action."""

    patient_id = fields.UUID(metadata=about("The patient who gave the answer."))
    record_number = fields.String(metadata=about("The patient's number in the clinic's records."))
    display_name = fields.String(metadata=about("The patient's name."))
    telephone = Telephone(metadata=about("The patient's number to call (E.164)."))
    emergency_contact = fields.Nested(EmergencyContactSchema, metadata=about(EMERGENCY_CONTACT))
    answer = fields.Integer(
        metadata={
            "minimum": NOT_AT_ALL + 1,
            "maximum": MAX_ANSWER,
            "description": "The most severe answer on its scale from 0 to 3; higher is more often.",
        }
    )
    priority = Choice(Priority, "How soon it must be seen: top ranks before endorsed.")
    answer_count = Count("Number of its answers; answers of the same kind join it until it is acknowledged.")
    latest_answer_at = Instant(metadata=about("When the last of its answers was received."))
    escalated_at = Instant(metadata=about("When a message to the on-call was last queued."))
    escalations = fields.List(
        fields.Nested(DeliverySchema),
        metadata=about(
            "Messages to the on-call in order, one for each channel, and again where answers came afterwards."
        ),
    )
    acknowledged_at = Instant(metadata=about("When a clinician acknowledged it."))
    acknowledged_by = fields.Nested(PersonSchema, metadata=about("Who acknowledged it."))
    acknowledge_note = fields.String(metadata=about("What they wrote when they acknowledged it."))
    closed_at = Instant(metadata=about("When a clinician closed it."))
    closed_by = fields.Nested(PersonSchema, metadata=about("Who closed it."))
    action = Choice(Action, ACTION)
    close_note = fields.String(metadata=about("What they wrote when they closed it."))


class AlertAnswerSchema(Schema):
    """One of an alert's answers."""

    record_id = fields.String(
        required=True,
        metadata={
            "pattern": "^[0-9a-f-]+$",
            "description": "local_date of the daily answer, or id of the questionnaire response.",
        },
    )
    local_date = LocalDate(required=True, metadata=about("The patient's day that the answer is about."))
    answer = fields.Integer(
        required=True,
        metadata={
            "minimum": NOT_AT_ALL + 1,
            "maximum": MAX_ANSWER,
            "description": "The answer on its scale from 0 to 3; higher is more often.",
        },
    )
    received_at = Instant(required=True, metadata=about("When the server received the answer."))


class AlertsQuery(DaysQuery):
    """Which alerts of a clinic, by state and by the local date of their answers."""

    state = Choice(
        (*STATES, "unsettled"),
        "State of the alerts; unsettled: all that nobody has closed.",
        error="unknown_state",
        load_default="unsettled",
    )


class AcknowledgementSchema(Strict):
    """The acknowledgement of an alert by a clinician."""

    note = Text(MAX_NOTE_LENGTH, metadata=about("Note for colleagues."))
    answer_count = WholeNumber(1, metadata=about(SEEN))


class ClosingSchema(Strict):
    """What was done about an alert."""

    action = Choice(Action, ACTION, error="unknown_action", required=True)
    note = Text(MAX_NOTE_LENGTH, metadata=about("Note for colleagues; required where the action is other."))
    answer_count = WholeNumber(1, metadata=about(SEEN))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def explained(self, data: dict[str, Any], sent: Any, **_kwargs: Any) -> None:
        """Require a note where no listed action describes what was done."""
        if data.get("action") == Action.OTHER and "note" not in sent:
            raise ValidationError({"note": [Sentence("required: Describe what was done.")]})
