"""Vital signs and sedation around an infusion, and the clinic's limits for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Vital(StrEnum):
    """A vital sign: beats per minute, mmHg, mmHg, percent, breaths per minute, points.

    Sedation is scored by the Modified Observer's Assessment of Alertness/Sedation scale (MOAA/S), as in the
    trials of esketamine: 5 responds readily, 0 does not respond to a painful stimulus. Its wording is not
    shipped.
    """

    HEART_RATE = "heart_rate"
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    SPO2 = "spo2"
    RESPIRATORY_RATE = "respiratory_rate"
    SEDATION = "sedation_score"


class LimitName(StrEnum):
    """Name of a limit; `hold` limits apply to the blood pressure before an infusion."""

    HEART_RATE_LOW = "heart_rate_low"
    HEART_RATE_HIGH = "heart_rate_high"
    SYSTOLIC_LOW = "systolic_low"
    SYSTOLIC_HIGH = "systolic_high"
    DIASTOLIC_LOW = "diastolic_low"
    DIASTOLIC_HIGH = "diastolic_high"
    SPO2_LOW = "spo2_low"
    RESPIRATORY_RATE_LOW = "respiratory_rate_low"
    RESPIRATORY_RATE_HIGH = "respiratory_rate_high"
    SEDATION_LOW = "sedation_score_low"
    SYSTOLIC_HOLD = "systolic_hold"
    DIASTOLIC_HOLD = "diastolic_hold"


PLAUSIBLE: Final[Mapping[Vital, tuple[int, int]]] = {
    Vital.HEART_RATE: (20, 300),
    Vital.SYSTOLIC: (40, 300),
    Vital.DIASTOLIC: (20, 200),
    Vital.SPO2: (30, 100),
    Vital.RESPIRATORY_RATE: (3, 80),
    Vital.SEDATION: (0, 5),
}
"""Lowest and highest value accepted as a measurement. It detects a mistyped digit and states nothing about
anybody's health. Source: plausibility only, not a clinical limit; a proposal. Sedation: the range of MOAA/S,
Chernik 1990."""

MAX_READINGS: Final = 200
"""Most readings of one infusion. Source: a proposal: one a minute for three hours."""


@dataclass(frozen=True, slots=True)
class VitalReading:
    """Measurements at one instant; what was not measured is None."""

    measured_at: datetime
    heart_rate: int | None = None
    systolic: int | None = None
    diastolic: int | None = None
    spo2: int | None = None
    respiratory_rate: int | None = None
    sedation_score: int | None = None


@dataclass(frozen=True, slots=True)
class VitalLimits:
    """Limits that a clinic set; None where it set none, since none is assumed.

    No default is shipped: published stopping rules differ, and none is sourced well enough. A value beyond a
    limit exceeds it, a value equal to it does not.
    """

    heart_rate_low: int | None = None
    heart_rate_high: int | None = None
    systolic_high: int | None = None
    diastolic_high: int | None = None
    spo2_low: int | None = None
    systolic_low: int | None = None
    diastolic_low: int | None = None
    respiratory_rate_low: int | None = None
    respiratory_rate_high: int | None = None
    sedation_score_low: int | None = None


@dataclass(frozen=True, slots=True)
class ExceededLimit:
    """One measurement beyond one of the clinic's limits; `set_at` is the value at which the limit was set."""

    limit: LimitName
    value: int
    set_at: int


def exceeded_limits(reading: VitalReading, limits: VitalLimits) -> tuple[ExceededLimit, ...]:
    """Return the limits that a reading exceeds: facts with their numbers, for a clinician to interpret."""
    found = []
    for limit, value, below in (
        (LimitName.HEART_RATE_LOW, reading.heart_rate, True),
        (LimitName.HEART_RATE_HIGH, reading.heart_rate, False),
        (LimitName.SYSTOLIC_LOW, reading.systolic, True),
        (LimitName.SYSTOLIC_HIGH, reading.systolic, False),
        (LimitName.DIASTOLIC_LOW, reading.diastolic, True),
        (LimitName.DIASTOLIC_HIGH, reading.diastolic, False),
        (LimitName.SPO2_LOW, reading.spo2, True),
        (LimitName.RESPIRATORY_RATE_LOW, reading.respiratory_rate, True),
        (LimitName.RESPIRATORY_RATE_HIGH, reading.respiratory_rate, False),
        (LimitName.SEDATION_LOW, reading.sedation_score, True),
    ):
        set_at = getattr(limits, limit)
        if value is not None and set_at is not None and (value < set_at if below else value > set_at):
            found.append(ExceededLimit(limit, value, set_at))
    return tuple(found)


def exceeded_hold_limits(
    systolic: int | None, diastolic: int | None, hold: tuple[int | None, int | None]
) -> tuple[ExceededLimit, ...]:
    """Return the clinic's hold limits (systolic, diastolic) that the blood pressure before exceeds.

    The label of esketamine advises to consider a delay above 140/90. The limits are the clinic's all the
    same; where it set none, none is exceeded.
    """
    systolic_hold, diastolic_hold = hold
    found = []
    if systolic is not None and systolic_hold is not None and systolic > systolic_hold:
        found.append(ExceededLimit(LimitName.SYSTOLIC_HOLD, systolic, systolic_hold))
    if diastolic is not None and diastolic_hold is not None and diastolic > diastolic_hold:
        found.append(ExceededLimit(LimitName.DIASTOLIC_HOLD, diastolic, diastolic_hold))
    return tuple(found)
