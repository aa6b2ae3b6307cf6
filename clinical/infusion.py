"""Infusions of a treatment course, and why each was given when it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class InfusionReason(StrEnum):
    """Why an infusion was given on its day rather than another.

    `symptoms_not_returned` is one given on schedule, or before, while the patient was still well; `scheduled`
    says nothing of that.
    """

    SCHEDULED = "scheduled"
    SYMPTOMS_RETURNED = "symptoms_returned"
    SYMPTOMS_NOT_RETURNED = "symptoms_not_returned"
    CONVENIENCE = "convenience"
    OTHER = "other"


class InfusionStatus(StrEnum):
    """Status of an infusion; `stopped` means begun and broken off."""

    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    STOPPED = "stopped"
    NOT_DONE = "not_done"


class NotDoneReason(StrEnum):
    """Why a booked infusion was not given (FHIR: MedicationAdministration.statusReason)."""

    PATIENT_CANCELLED = "patient_cancelled"
    DID_NOT_ATTEND = "did_not_attend"
    CLINIC_CANCELLED = "clinic_cancelled"
    BLOOD_PRESSURE = "blood_pressure"
    NOT_FASTING = "not_fasting"
    NO_ESCORT = "no_escort"
    UNWELL = "unwell"
    SAFETY_CONCERN = "safety_concern"
    CONSENT_MISSING = "consent_missing"
    NO_LONGER_NEEDED = "no_longer_needed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class InfusionRecord:
    """What else the clinic records of an infusion; None where it was not recorded.

    `lot_number` is that of the medication, `wasted_mg` what was drawn up and discarded before the witness.
    The performer gave the infusion. Each person is an account of the clinic's staff, or else a name.
    `dose_confirmation_rationale` says why a dose above the clinic's limits is meant, and `override_reason`
    why the infusion is given although the consultation does not clear it.
    """

    not_done_reason: NotDoneReason | None = None
    lot_number: str | None = None
    wasted_mg: float | None = None
    performer_account_id: UUID | None = None
    performer_name: str | None = None
    witness_account_id: UUID | None = None
    witness_name: str | None = None
    dose_confirmation_rationale: str | None = None
    override_reason: str | None = None


GIVEN = frozenset({InfusionStatus.COMPLETED, InfusionStatus.STOPPED})
"""The statuses that mean ketamine reached the patient, and so count in the course."""


@dataclass(frozen=True, slots=True, order=True)
class GivenInfusion:
    """An infusion that was given, by the local date on which it started.

    `requested_on` is the day on which the patient asked for it. What is not known is None.
    """

    day: date
    reason: InfusionReason = InfusionReason.SCHEDULED
    started_at: datetime | None = field(default=None, compare=False)
    dose_mg: float | None = field(default=None, compare=False)
    requested_on: date | None = field(default=None, compare=False)
