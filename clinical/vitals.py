"""Heart rate, blood pressure and saturation around an infusion, and the clinic's limits that they cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Vital(StrEnum):
    """What is measured: beats a minute, mmHg, mmHg, percent."""

    HEART_RATE = "heart_rate"
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    SPO2 = "spo2"


PLAUSIBLE: Final[Mapping[Vital, tuple[int, int]]] = {
    Vital.HEART_RATE: (20, 300),
    Vital.SYSTOLIC: (40, 300),
    Vital.DIASTOLIC: (20, 200),
    Vital.SPO2: (30, 100),
}
"""The lowest and highest number taken for a measurement. Plausibility only, not a limit, and a proposal: it
keeps a slipped digit out of the record, and says nothing about anybody's health."""

MAX_READINGS: Final = 200
"""Readings of one infusion: every minute for more than three hours."""


@dataclass(frozen=True, slots=True)
class VitalReading:
    """What was measured at one instant; what was not measured is None."""

    measured_at: datetime
    heart_rate: int | None = None
    systolic: int | None = None
    diastolic: int | None = None
    spo2: int | None = None


@dataclass(frozen=True, slots=True)
class VitalLimits:
    """The limits a clinic set for itself; None where it set none, for none is assumed.

    No number is shipped: published stopping rules differ, and none is sourced well enough to be a default.
    A value beyond a limit crosses it, a value at it does not.
    """

    heart_rate_low: int | None = None
    heart_rate_high: int | None = None
    systolic_high: int | None = None
    diastolic_high: int | None = None
    spo2_low: int | None = None


@dataclass(frozen=True, slots=True)
class Crossing:
    """One measurement beyond one of the clinic's limits."""

    limit: str
    value: int
    set_at: int


def crossings(reading: VitalReading, limits: VitalLimits) -> tuple[Crossing, ...]:
    """Name the limits that a reading crosses. A fact with its numbers: what it means is the clinician's."""
    found = []
    for limit, value, below in (
        ("heart_rate_low", reading.heart_rate, True),
        ("heart_rate_high", reading.heart_rate, False),
        ("systolic_high", reading.systolic, False),
        ("diastolic_high", reading.diastolic, False),
        ("spo2_low", reading.spo2, True),
    ):
        set_at = getattr(limits, limit)
        if value is not None and set_at is not None and (value < set_at if below else value > set_at):
            found.append(Crossing(limit, value, set_at))
    return tuple(found)


def over_hold(
    systolic: int | None, diastolic: int | None, hold: tuple[int | None, int | None]
) -> tuple[Crossing, ...]:
    """Name which of the clinic's two numbers before an infusion the blood pressure is above.

    The label of esketamine says to consider delaying above 140/90. The numbers are the clinic's all the
    same; where it set none, nothing is above.
    """
    systolic_hold, diastolic_hold = hold
    found = []
    if systolic is not None and systolic_hold is not None and systolic > systolic_hold:
        found.append(Crossing("systolic_hold", systolic, systolic_hold))
    if diastolic is not None and diastolic_hold is not None and diastolic > diastolic_hold:
        found.append(Crossing("diastolic_hold", diastolic, diastolic_hold))
    return tuple(found)
