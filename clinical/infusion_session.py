"""An infusion session, from arrival to discharge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from clinical.check_in import Severity
from clinical.suitability import Answer

MINIMUM_MONITORING_MINUTES: Final = 120
"""Shortest monitoring after an infusion unless the clinic sets another, minutes.
Source: esketamine label: at least two hours, then a clinician's judgement; that they count from the end is a
proposal. Changed by: an admin, `PUT /v1/clinics/{id}/session-settings`."""

NEAREST: Final = timedelta(hours=24)
"""Largest distance of a session's entry from the start of its infusion. Source: plausibility only."""


class DissociationScale(StrEnum):
    """The scales on which dissociation is totalled; their items are not shipped."""

    CADSS = "cadss"
    CADSS_6 = "cadss-6"


MAX_DISSOCIATION: Final = {DissociationScale.CADSS: 92, DissociationScale.CADSS_6: 24}
"""Highest total of a dissociation scale, of 23 and 6 items of 0 to 4. Source: Bremner 1998; Rodrigues
2021, who state that the six are not validated. Changed by: nobody."""


class AccompaniedBy(StrEnum):
    """In whose company the patient left; never a name."""

    COMPANION = "companion"
    TRANSPORT_SERVICE = "transport_service"
    ALONE = "alone"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PreChecks:
    """Checks before an infusion starts.

    Blood pressure in mmHg. `safety_asked` states whether today's safety question was asked; its answer is
    stored elsewhere.
    """

    systolic: int | None = None
    diastolic: int | None = None
    fasting: Answer = Answer.UNKNOWN
    escort: Answer = Answer.UNKNOWN
    urinary_symptoms: Answer = Answer.UNKNOWN
    medication_changed: Answer = Answer.UNKNOWN
    safety_asked: Answer = Answer.UNKNOWN


@dataclass(frozen=True, slots=True, order=True)
class RateChange:
    """A change of the infusion rate, in mg per hour; 0 is a pause."""

    at: datetime
    mg_per_hour: float


@dataclass(frozen=True, slots=True, order=True)
class SessionEffect:
    """A side effect seen during a session; `ended_at` is None while it lasts, or where nobody saw it end."""

    onset_at: datetime
    code: str
    severity: Severity
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, order=True)
class Intervention:
    """Something done in addition to the infusion, in the clinic's words."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Dissociation:
    """Total of a dissociation scale, and when it was rated."""

    scale: DissociationScale
    total: int
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class DischargeChecks:
    """Checks before discharge; the list is a proposal, the decision a clinician's."""

    oriented: Answer = Answer.UNKNOWN
    steady_gait: Answer = Answer.UNKNOWN
    blood_pressure_near_start: Answer = Answer.UNKNOWN
    nausea_controlled: Answer = Answer.UNKNOWN
    safety_asked: Answer = Answer.UNKNOWN


def monitoring_minutes(ended_at: datetime | None, left_at: datetime) -> int | None:
    """Return the whole minutes from the infusion's end to leaving; None where no end is recorded."""
    return None if ended_at is None else int((left_at - ended_at).total_seconds() // 60)
