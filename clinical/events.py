"""What happens around the infusions, each at its day: therapy, medication, life, and notes of clinicians."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """What an event is; an annotation is a clinician's own note on a day."""

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
    """An event as the trend marks it: its local day and kind, and nothing that anybody wrote.

    It is shown beside the ratings for a reader to judge. Nothing is worked out from it.
    """

    day: date
    kind: EventKind
