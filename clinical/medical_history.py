"""A patient's allergies, medications and previous treatments, as dated lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MedicalList(StrEnum):
    """List of a patient's medical history (FHIR: AllergyIntolerance, MedicationStatement, Procedure)."""

    ALLERGIES = "allergies"
    MEDICATIONS = "medications"
    PREVIOUS_TREATMENTS = "previous-treatments"


@dataclass(frozen=True, slots=True)
class MedicalHistoryEntry:
    """One entry: what it is, from which day until which, None where not known or not ended.

    `dosage` is text, as "sertraline 50 mg in the morning" has it, None for an allergy.
    """

    name: str
    began_on: date | None = None
    ended_on: date | None = None
    dosage: str | None = None
    note: str | None = None


def holds_on(entry: MedicalHistoryEntry, day: date) -> bool:
    """Return whether an entry holds on a day; without a beginning it always did."""
    begun = entry.began_on is None or entry.began_on <= day
    return begun and (entry.ended_on is None or day <= entry.ended_on)
