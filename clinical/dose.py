"""The dose of one infusion by weight, and the clinic's limits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from clinical.sentences import Sentence

DECIMALS: Final = 3
"""Decimals of a dose by weight, mg/kg, as it is returned and compared with a limit. Source: a definition."""


class DoseLimitName(StrEnum):
    """Name of a limit: of the dose of one session in mg per kg of body weight, and in mg."""

    MAX_DOSE_MG_PER_KG = "max_dose_mg_per_kg"
    MAX_DOSE_MG = "max_dose_mg"


@dataclass(frozen=True, slots=True)
class DoseLimits:
    """Limits that a clinic set for the dose of one session; None where it set none, since none is assumed.

    No default is shipped: clinics give 0.5 to 3.0 mg/kg (survey of 98, 2022), and no source states a safe
    maximum.
    """

    max_dose_mg_per_kg: float | None = None
    max_dose_mg: float | None = None


class DoseWarningCode(StrEnum):
    """Stable code of a warning about a dose."""

    WEIGHT_MISSING = "weight_missing"


@dataclass(frozen=True, slots=True)
class DoseWarning:
    """Something about a dose that a clinician should know, and its numbers by name."""

    code: DoseWarningCode
    text: Sentence
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExceededDoseLimit:
    """A dose above one of the clinic's limits, both in the unit of the limit, as the limit was set then."""

    limit: DoseLimitName
    dose: float
    set_at: float


def mg_per_kg(dose_mg: float | None, weight_kg: float | None) -> float | None:
    """Return the dose in mg per kg of body weight, to three decimals; None without dose or weight."""
    if dose_mg is None or not weight_kg:
        return None
    return round(dose_mg / weight_kg, DECIMALS)


def exceeded_dose_limits(
    dose_mg: float | None, weight_kg: float | None, limits: DoseLimits
) -> tuple[ExceededDoseLimit, ...]:
    """Return the limits that a dose exceeds; one equal to its limit does not.

    Without a weight the limit by weight is not compared: `dose_warnings` says so.
    """
    found = []
    for limit, dose in (
        (DoseLimitName.MAX_DOSE_MG_PER_KG, mg_per_kg(dose_mg, weight_kg)),
        (DoseLimitName.MAX_DOSE_MG, dose_mg),
    ):
        set_at: float | None = getattr(limits, limit)
        if dose is not None and set_at is not None and dose > set_at:
            found.append(ExceededDoseLimit(limit, dose, set_at))
    return tuple(found)


def dose_warnings(
    dose_mg: float | None, weight_kg: float | None, limits: DoseLimits
) -> tuple[DoseWarning, ...]:
    """Return a warning for a dose that cannot be compared with the limit by weight."""
    limit = limits.max_dose_mg_per_kg
    if dose_mg is None or weight_kg or limit is None:
        return ()
    text = Sentence(
        "The dose was not compared with the clinic's limit of {limit:g} mg/kg, since the weight is missing: "
        "send weight_kg.",
        limit=limit,
    )
    return (DoseWarning(DoseWarningCode.WEIGHT_MISSING, text),)
