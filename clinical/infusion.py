"""Infusions of a treatment course, and why each was given when it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class InfusionReason(StrEnum):
    """Why an infusion was given on its day rather than another."""

    SCHEDULED = "scheduled"
    SYMPTOMS_RETURNED = "symptoms_returned"
    CONVENIENCE = "convenience"
    OTHER = "other"


class InfusionStatus(StrEnum):
    """Status of an infusion; `stopped` means begun and broken off."""

    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    STOPPED = "stopped"
    NOT_DONE = "not_done"


GIVEN = frozenset({InfusionStatus.COMPLETED, InfusionStatus.STOPPED})
"""The statuses that mean ketamine reached the patient, and so count in the course."""


@dataclass(frozen=True, slots=True, order=True)
class GivenInfusion:
    """An infusion that was given, by the local date on which it started."""

    day: date
    reason: InfusionReason = InfusionReason.SCHEDULED
