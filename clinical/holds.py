"""Reasons to hold: what a clinician may want to consider before the next infusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clinical.sentences import Sentence


class HoldCode(StrEnum):
    """Stable code of a reason to hold."""

    NO_CONSULTATION = "no_consultation"
    NOT_SUITABLE = "not_suitable"
    TREATMENT_DEFERRED = "treatment_deferred"
    CONSULTATION_OF_EARLIER_COURSE = "consultation_of_earlier_course"
    NO_DECISION = "no_decision"
    NO_CONSENT = "no_consent"
    INFUSIONS_IN_30_DAYS = "infusions_in_30_days"
    INFUSIONS_IN_90_DAYS = "infusions_in_90_days"
    INFUSIONS_IN_365_DAYS = "infusions_in_365_days"
    SHORT_INTERVAL = "short_interval"
    INTERVAL_SHRINKING = "interval_shrinking"
    URINARY_SYMPTOMS = "urinary_symptoms"
    BLOOD_PRESSURE_ABOVE_HOLD = "blood_pressure_above_hold"


@dataclass(frozen=True, slots=True)
class HoldReason:
    """A fact that a clinician may want to consider before the next infusion; it moves no date of an outlook.

    `short_text` says the same without the day of the last infusion, for a place that names it already; None
    where `text` does not name it. `against_treatment` is set where a consultation decided against treatment,
    for now or at all: then it needs attention without a booking too, since `since_on`.
    """

    code: HoldCode
    text: Sentence
    numbers: Mapping[str, int]
    against_treatment: bool = False
    since_on: date | None = None
    short_text: Sentence | None = None
