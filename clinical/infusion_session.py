"""What happens around one infusion, from arrival to leaving."""

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
    """With whom somebody left: never by name."""

    COMPANION = "companion"
    TRANSPORT_SERVICE = "transport_service"
    ALONE = "alone"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PreChecks:
    """What is asked and measured before an infusion starts.

    Blood pressure in mmHg. `safety_asked` says whether today's safety question was asked, not what was
    answered: that has a path of its own.
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
    """From when on the infusion ran at another rate, in mg an hour; 0 is a pause."""

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
    """Something that was done besides the infusion, in the clinic's own words."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Dissociation:
    """The total of a dissociation scale, and when it was rated."""

    scale: DissociationScale
    total: int
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class DischargeChecks:
    """What is looked at before somebody leaves; the list is a proposal, the decision a clinician's."""

    oriented: Answer = Answer.UNKNOWN
    steady_gait: Answer = Answer.UNKNOWN
    blood_pressure_near_start: Answer = Answer.UNKNOWN
    nausea_controlled: Answer = Answer.UNKNOWN
    safety_asked: Answer = Answer.UNKNOWN


def monitoring_minutes(ended_at: datetime | None, left_at: datetime) -> int | None:
    """Whole minutes between the infusion's end and leaving; None where no end is known."""
    return None if ended_at is None else int((left_at - ended_at).total_seconds() // 60)
