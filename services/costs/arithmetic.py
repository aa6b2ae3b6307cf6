"""Arithmetic on money: whole numbers of minor units from beginning to end, never a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

DAYS_A_YEAR: Final = 365
"""Days of a year. Operational."""


class Coverage(StrEnum):
    """Who pays apart from the patient.

    `partly`: somebody pays `covered` of the price, and the patient the rest. `reimbursed`: the patient pays
    the price and is given `covered` back.
    """

    NONE = "none"
    PARTLY = "partly"
    REIMBURSED = "reimbursed"


@dataclass(frozen=True, slots=True)
class Charge:
    """What one infusion costs, in minor units of `currency`."""

    currency: str
    price: int
    coverage: Coverage
    covered: int

    @property
    def patient_share(self) -> int:
        """What is left to the patient in the end."""
        return self.paid_upfront - self.reimbursed

    @property
    def paid_upfront(self) -> int:
        """What the patient pays at first: all of a price that is reimbursed."""
        return self.price if self.coverage is Coverage.REIMBURSED else self.price - self.covered

    @property
    def reimbursed(self) -> int:
        """What the patient is given back of that."""
        return self.covered if self.coverage is Coverage.REIMBURSED else 0


@dataclass(frozen=True, slots=True)
class Line:
    """One infusion of a statement: its day, whether it was given, and its charge."""

    infusion_id: UUID
    version: int
    day: date
    given: bool
    charge: Charge


@dataclass(frozen=True, slots=True)
class Total:
    """What the infusions given so far cost in one currency; currencies are never added up."""

    currency: str
    infusion_count: int
    price: int
    covered: int
    paid_upfront: int
    reimbursed: int
    patient_share: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a year costs if an infusion like the last is given every `interval_days` days."""

    interval: str
    interval_days: int
    price: int
    patient_share: int


def totals(lines: Iterable[Line]) -> tuple[Total, ...]:
    """Add up the infusions that were given, currency by currency, in order of its code."""
    by_currency: dict[str, list[Charge]] = {}
    for line in lines:
        if line.given:
            by_currency.setdefault(line.charge.currency, []).append(line.charge)
    return tuple(
        Total(
            currency,
            len(charges),
            sum(charge.price for charge in charges),
            sum(charge.covered for charge in charges),
            sum(charge.paid_upfront for charge in charges),
            sum(charge.reimbursed for charge in charges),
            sum(charge.patient_share for charge in charges),
        )
        for currency, charges in sorted(by_currency.items())
    )


def per_year(amount: int, interval_days: int) -> int:
    """Return what `amount` every `interval_days` days comes to in 365 days, to the nearest minor unit.

    Halves are rounded up.
    """
    return (2 * amount * DAYS_A_YEAR + interval_days) // (2 * interval_days)


def annual_estimate(charge: Charge, intervals: Iterable[tuple[str, int]]) -> tuple[Scenario, ...]:
    """Return what 365 days cost at each interval, given as its name and its days between two infusions."""
    return tuple(
        Scenario(interval, days, per_year(charge.price, days), per_year(charge.patient_share, days))
        for interval, days in intervals
    )
