"""Allergies, medications and previous treatments, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from clinical.medical_history import MedicalHistoryEntry
from schemas.base import Line, LocalDate, OmitNone, RemovableRevision, Strict, Text, Version, about

NAME_LENGTH = 200
"""Longest name and longest dosage of an entry, characters. Operational."""
NOTE_LENGTH = 2000
"""Longest note, characters. Operational."""
NAME = "Substance, medication or treatment, in words."
BEGAN_ON = "Day on which it began or was first observed; absent where not known."
ENDED_ON = "Day on which it ended or is to end; absent where it has not."
DOSAGE = "Dose and how often, in words; never with an allergy."
NOTE = "Free text, for the care team, as the reaction to a substance or the response to a treatment."


class NewMedicalHistoryEntrySchema(Strict):
    """An entry of a patient's medical history, whole."""

    name = Line(NAME_LENGTH, required=True, metadata=about(NAME))
    began_on = LocalDate(metadata=about(BEGAN_ON))
    ended_on = LocalDate(metadata=about(ENDED_ON))
    dosage = Line(NAME_LENGTH, metadata=about(DOSAGE))
    note = Text(NOTE_LENGTH, metadata=about(NOTE))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> MedicalHistoryEntry:
        """Return the value."""
        return MedicalHistoryEntry(**data)


class MedicalHistoryEntrySchema(OmitNone):
    """A stored entry (FHIR: AllergyIntolerance, MedicationStatement, Procedure)."""

    id = fields.UUID(required=True, metadata=about("Id of the entry, made by the client that created it."))
    version = Version()
    name = fields.String(required=True, metadata=about(NAME))
    began_on = LocalDate(metadata=about(BEGAN_ON))
    ended_on = LocalDate(metadata=about(ENDED_ON))
    dosage = fields.String(metadata=about(DOSAGE))
    note = fields.String(metadata=about(NOTE))


class MedicalHistoryEntryRevisionSchema(RemovableRevision, MedicalHistoryEntrySchema):
    """One revision of an entry; a removed one was entered in error."""
