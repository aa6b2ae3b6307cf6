"""Dated events between infusions: therapy, medication, life, and notes of clinicians."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """Kind of an event; an annotation is a clinician's note on a day."""

    PSYCHOTHERAPY = "psychotherapy"
    MEDICATION_CHANGE = "medication_change"
    LIFE_EVENT = "life_event"
    ANNOTATION = "annotation"


class Visibility(StrEnum):
    """Who may see an event: the clinic's clinicians alone, or the patient as well."""

    STAFF = "staff"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True, order=True)
class DatedEvent:
    """An event as the trend marks it: its local day and kind, without its note.

    It is shown with the ratings for a reader to judge. A change of medication makes the outlook rest less on
    the cycles before it; nothing else is computed from an event.
    """

    day: date
    kind: EventKind
