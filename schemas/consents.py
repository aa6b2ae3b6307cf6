"""Consents of patients to share their record, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates
from marshmallow.validate import Length

from clinical.sentences import Sentence
from schemas.base import (
    Choice,
    Instant,
    Line,
    LocalDate,
    OmitNone,
    Revision,
    Strict,
    Text,
    Version,
    about,
    one_of,
)

RELATIONS = ("family", "friend", "therapist", "physician", "other")
PARTS = ("check_ins", "notes", "questionnaires", "infusions", "events", "costs")
STATES = ("waiting", "in_force", "ended", "revoked")
NAME = "What the patient calls the delegate."
RELATION = "Relation of the delegate to the patient."
PARTS_MEAN = (
    "Parts of the record that may be read. check_ins: daily answers and trends. notes: the text written "
    "with them. questionnaires: totals, never single answers. infusions: dates, doses and vital signs. "
    "events: therapy, medication and life, and the clinic's notes that the patient sees. costs: prices and "
    "payments. No part holds an outlook, an alert or a safety answer."
)
EXPIRES_ON = "Last day, in the patient's time zone, on which it is valid; absent: until it is revoked."
STATE = (
    "waiting: the invitation is not accepted yet; in_force; ended: expires_on is over; revoked by the "
    "patient or the clinic."
)


class NewConsentSchema(Strict):
    """A consent: who may read what, and until when."""

    name = Line(200, required=True, metadata=about(NAME))
    relation = Choice(RELATIONS, RELATION, error="unknown_relation", required=True)
    parts = fields.List(
        fields.String(validate=one_of(PARTS, "unknown_part")),
        required=True,
        validate=Length(1, len(PARTS), error=Sentence("wrong_length: Name at least one part, each once.")),
        metadata={"description": PARTS_MEAN, "uniqueItems": True},
    )
    expires_on = LocalDate(attribute="until", metadata=about(EXPIRES_ON))

    @validates("parts")
    def each_once(self, value: list[str], **_kwargs: Any) -> None:
        """Reject a part named twice."""
        if len(set(value)) != len(value):
            raise ValidationError(Sentence("named_twice: Name each part once."))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return a value for every member; the view makes the draft."""
        return {"until": None, **data, "parts": frozenset(data["parts"])}


class SharedSchema(OmitNone):
    """The members of a consent that everybody concerned sees."""

    id = fields.UUID(required=True, metadata=about("Id of the consent, made by the client that created it."))
    name = fields.String(required=True, metadata=about(NAME))
    relation = Choice(RELATIONS, RELATION, required=True)
    parts = fields.List(Choice(PARTS, "A part of the record."), required=True, metadata=about(PARTS_MEAN))
    expires_on = LocalDate(attribute="until", metadata=about(EXPIRES_ON))


class ConsentSchema(SharedSchema):
    """A consent in its current state (FHIR: Consent)."""

    version = Version()
    state = Choice(STATES, STATE, required=True)
    state_changed_at = Instant(
        required=True, metadata=about("When the current revision was stored: agreed, changed or revoked.")
    )

    @pre_dump
    def flatten(self, current: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the consent and its state in one object."""
        row = current.consent
        state = {"state": str(current.state), "state_changed_at": row.known_from}
        return _shared(row) | {"version": row.version} | state


class ConsentRevisionSchema(Revision, SharedSchema):
    """One revision of a consent."""

    version = Version()
    revoked = fields.Boolean(required=True, metadata=about("Whether this revision revoked it."))

    @pre_dump
    def flatten(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the members of the revision."""
        names = ("version", "revoked", "known_from", "known_until", "recorded_by")
        return _shared(row) | {name: getattr(row, name) for name in names}


class OpenedSchema(SharedSchema):
    """A record that a patient opened to a delegate (proxy access)."""

    patient_id = fields.UUID(required=True, metadata=about("Patient whose record it is."))
    patient_name = fields.String(required=True, metadata=about("Name of the patient."))

    @pre_dump
    def flatten(self, opened: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the consent and its patient in one object."""
        patient = opened.patient
        return _shared(opened.consent) | {"patient_id": patient.id, "patient_name": patient.display_name}


class OpenedListSchema(Schema):
    """Every record that a delegate may read today."""

    items = fields.List(
        fields.Nested(OpenedSchema),
        required=True,
        metadata=about("Consents in force, by name of the patient.", most=200),
    )


class CodeSchema(Strict):
    """The invitation code that a patient handed over."""

    code = Text(64, required=True, metadata=about("One-use code of the invitation."))


def _shared(row: Any) -> dict[str, Any]:
    names = ("id", "name", "relation", "until")
    return {**{name: getattr(row, name) for name in names}, "parts": row.parts.split()}
