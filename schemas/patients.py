"""A clinic's patients."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length

from clinical.sentences import Sentence
from schemas.base import (
    MAX_RECORD_NUMBER_LENGTH,
    Choice,
    EmailAddress,
    Flag,
    Instant,
    Line,
    LocalDate,
    Matches,
    OmitNone,
    RecordNumber,
    Strict,
    Telephone,
    TimeZone,
    Version,
    WholeNumber,
    about,
    one_of,
)
from schemas.consents import RELATIONS

RECORD_NUMBER = "The clinic's own number of the patient."
DISPLAY_NAME = "Name to show to the clinic."
TIME_ZONE = "IANA time zone in which the patient's days are counted."
DAY_START_HOUR = "Hour of the day, 0 to 12 hours after midnight, at which the patient's local_date changes."
DISCHARGED = "Whether treatment here has ended: the patient is no longer on the worklist."
TELEPHONE = "Telephone number of the patient (E.164)."
EMERGENCY_CONTACT = "Whom the clinic calls if the patient cannot be reached in an emergency."
EMERGENCY_NAME = "Name of the emergency contact."
EMERGENCY_RELATION = "Relation of the emergency contact to the patient."
EMERGENCY_TELEPHONE = "Telephone number of the emergency contact (E.164)."
BORN_ON = "Birth date of the patient; the clinic enters it."
LANGUAGE = "Language that the patient reads, as a BCP 47 tag: a language, and where it matters a region."
LANGUAGE_TAG = "^[a-z]{2,3}(-[A-Z]{2})?$"
REMOVABLE = ("telephone", "emergency_contact", "born_on", "language")
REMOVE = "Details that are no longer stored."


class EnrolmentSchema(Strict):
    """A new patient.

    Source: the patient's habits. Changed by: a clinician, `PATCH /v1/patients/{id}`.
    """

    record_number = RecordNumber(MAX_RECORD_NUMBER_LENGTH, required=True, metadata=about(RECORD_NUMBER))
    display_name = Line(200, required=True, metadata=about(DISPLAY_NAME))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    day_start_hour = WholeNumber(0, 12, load_default=4, metadata=about(DAY_START_HOUR))
    email = EmailAddress(
        load_default=None, allow_none=False, metadata=about("E-mail address to invite the patient by.")
    )


class EmergencyContactSchema(OmitNone):
    """Whom to call if the patient cannot be reached in an emergency."""

    name = fields.String(required=True, metadata=about(EMERGENCY_NAME))
    relation = Choice(RELATIONS, EMERGENCY_RELATION, required=True)
    telephone = Telephone(required=True, metadata=about(EMERGENCY_TELEPHONE))


class NewEmergencyContactSchema(Strict):
    """An emergency contact to store; it replaces the former one."""

    name = Line(200, required=True, metadata=about(EMERGENCY_NAME))
    relation = Choice(RELATIONS, EMERGENCY_RELATION, error="unknown_relation", required=True)
    telephone = Telephone(required=True, metadata=about(EMERGENCY_TELEPHONE))


class PatientSchema(OmitNone):
    """A patient's details."""

    id = fields.UUID(required=True, metadata=about("Id of the patient."))
    record_number = fields.String(required=True, metadata=about(RECORD_NUMBER))
    display_name = fields.String(required=True, metadata=about(DISPLAY_NAME))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    day_start_hour = fields.Integer(required=True, metadata=about(DAY_START_HOUR))
    version = Version()
    enrolled_at = Instant(required=True, metadata=about("When the patient was enrolled."))
    discharged = fields.Function(
        lambda row: row.discharged_at is not None,
        required=True,
        metadata={"type": "boolean", "description": DISCHARGED},
    )
    telephone = Telephone(metadata=about(TELEPHONE))
    emergency_contact = fields.Nested(EmergencyContactSchema, metadata=about(EMERGENCY_CONTACT))
    born_on = LocalDate(metadata=about(BORN_ON))
    language = fields.String(metadata={"pattern": LANGUAGE_TAG, "description": LANGUAGE, "example": "pt-BR"})


class PatientChangeSchema(Strict):
    """Details of a patient to change; what is left out stays.

    Source: the patient's habits. Changed by: a clinician, `PATCH /v1/patients/{id}`.
    """

    display_name = Line(200, metadata=about(DISPLAY_NAME))
    time_zone = TimeZone(metadata=about(TIME_ZONE))
    day_start_hour = WholeNumber(0, 12, metadata=about(DAY_START_HOUR))
    discharged = Flag(metadata=about(DISCHARGED))
    telephone = Telephone(metadata=about(TELEPHONE))
    emergency_contact = fields.Nested(NewEmergencyContactSchema, metadata=about(EMERGENCY_CONTACT))
    born_on = LocalDate(metadata=about(BORN_ON))
    language = fields.String(
        validate=Matches(LANGUAGE_TAG, Sentence("not_a_language: Send a BCP 47 tag, as en or pt-BR.")),
        metadata={"pattern": LANGUAGE_TAG, "description": LANGUAGE, "example": "pt-BR"},
    )
    remove = fields.List(
        fields.String(metadata={"enum": list(REMOVABLE)}, validate=one_of(REMOVABLE, "not_removable")),
        load_default=(),
        validate=Length(
            max=len(REMOVABLE),
            error=Sentence("too_many: Send at most {number} names.", number=len(REMOVABLE)),
        ),
        metadata=about(REMOVE),
    )

    @validates_schema
    def something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject an empty change, and one that sets what it removes."""
        if set(data) == {"remove"} and not data["remove"]:
            raise ValidationError(Sentence("nothing_to_change: Send at least one member."))
        if set(data) & set(data.get("remove", ())):
            raise ValidationError({"remove": [Sentence("named_twice: Send a detail, or remove it.")]})

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return what changes."""
        return {**data, "remove": frozenset(data["remove"])}
