"""What a patient agreed to share, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates
from marshmallow.validate import Length, OneOf

from schemas.base import Instant, Line, LocalDate, Strict, Text

RELATIONS = ("family", "friend", "therapist", "physician", "other")
PARTS = ("check_ins", "notes", "questionnaires", "infusions", "events", "costs")
PARTS_MEAN = (
    "check_ins: daily answers and their trends. notes: what was written with them. questionnaires: totals, "
    "never single answers. infusions: dates, doses and vital signs. events: therapy, medication and life, "
    "and the clinic's notes that the patient sees. costs: prices and payments. No part holds an outlook, "
    "an alert or a safety answer."
)


class NewConsentSchema(Strict):
    """Whom a patient lets read what, and until when."""

    name = Line(200, required=True, metadata={"description": "What the patient calls them."})
    relation = fields.String(
        required=True, validate=OneOf(RELATIONS, error="unknown_relation: Not a relation.")
    )
    parts = fields.List(
        fields.String(validate=OneOf(PARTS, error="unknown_part: Not a part of the record.")),
        required=True,
        validate=Length(1, len(PARTS), error="wrong_length: Name at least one part, each once."),
        metadata={"description": PARTS_MEAN, "uniqueItems": True},
    )
    until = LocalDate(
        metadata={"description": "The last day on which it holds; absent: until it is revoked."}
    )

    @validates("parts")
    def each_once(self, value: list[str], **_kwargs: Any) -> None:
        """Refuse a part named twice."""
        if len(set(value)) != len(value):
            raise ValidationError("named_twice: Name each part once.")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give every member its value; the edge makes the draft."""
        return {"until": None, **data, "parts": frozenset(data["parts"])}


class SharedSchema(Schema):
    """What every showing of a consent has."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    relation = fields.String(required=True)
    parts = fields.List(fields.String(), required=True, metadata={"description": PARTS_MEAN})
    until = LocalDate(metadata={"description": "The last day on which it holds."})


class ConsentSchema(SharedSchema):
    """A consent as it stands."""

    version = fields.Integer(required=True, metadata={"minimum": 1})
    state = fields.String(
        required=True, metadata={"description": "waiting (nobody took it up), in_force, ended or revoked"}
    )
    since = Instant(required=True, metadata={"description": "When it became as it stands."})

    @pre_dump
    def flat(self, standing: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the consent with how far it is."""
        row = standing.consent
        return _shared(row) | {"version": row.version, "state": str(standing.state), "since": row.known_from}


class ConsentRevisionSchema(SharedSchema):
    """One revision of a consent, and when it was held for true."""

    version = fields.Integer(required=True, metadata={"minimum": 1})
    revoked = fields.Boolean(required=True)
    known_from = Instant(required=True)
    known_until = Instant(metadata={"description": "Absent on the revision in force."})
    recorded_by = fields.UUID()

    @pre_dump
    def flat(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what is not said."""
        more = {name: getattr(row, name) for name in ("version", "revoked", "known_from", "known_until")}
        said = _shared(row) | more | {"recorded_by": row.recorded_by}
        return {name: value for name, value in said.items() if value is not None}


class ConsentRevisionsSchema(Schema):
    """Every revision of a consent, in order."""

    items = fields.List(fields.Nested(ConsentRevisionSchema), required=True)


class OpenedSchema(SharedSchema):
    """What one patient opened to a delegate."""

    patient_id = fields.UUID(required=True)
    patient_name = fields.String(required=True)

    @pre_dump
    def flat(self, opened: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the consent with whose it is."""
        patient = opened.patient
        return _shared(opened.consent) | {"patient_id": patient.id, "patient_name": patient.display_name}


class OpenedListSchema(Schema):
    """Everything that is open to a delegate today."""

    items = fields.List(fields.Nested(OpenedSchema), required=True)


class CodeSchema(Strict):
    """The code that a patient handed over."""

    code = Text(64, required=True)


def _shared(row: Any) -> dict[str, Any]:
    said = {"id": row.id, "name": row.name, "relation": row.relation, "parts": row.parts.split()}
    return said if row.until is None else {**said, "until": row.until}
