"""Arithmetic on money: whole numbers of minor units from beginning to end, never a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

DAYS_A_YEAR: Final = 365


class Coverage(StrEnum):
    """Who pays beside the patient.

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
    def own(self) -> int:
        """What is left to the patient in the end."""
        return self.paid - self.given_back

    @property
    def paid(self) -> int:
        """What the patient pays at first: all of a price that is reimbursed."""
        return self.price if self.coverage is Coverage.REIMBURSED else self.price - self.covered

    @property
    def given_back(self) -> int:
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
    infusions: int
    price: int
    covered: int
    paid: int
    given_back: int
    own: int


@dataclass(frozen=True, slots=True)
class Year:
    """What a year costs if an infusion like the last is given every `interval_days` days."""

    pace: str
    interval_days: int
    price: int
    own: int


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
            sum(charge.paid for charge in charges),
            sum(charge.given_back for charge in charges),
            sum(charge.own for charge in charges),
        )
        for currency, charges in sorted(by_currency.items())
    )


def a_year(amount: int, interval_days: int) -> int:
    """Give what `amount` every `interval_days` days comes to in 365 days, to the nearest minor unit.

    Halves are rounded up.
    """
    return (2 * amount * DAYS_A_YEAR + interval_days) // (2 * interval_days)


def years(charge: Charge, paces: Iterable[tuple[str, int]]) -> tuple[Year, ...]:
    """Give a year's cost at each pace, a pace being its name and the days between two infusions."""
    return tuple(
        Year(pace, days, a_year(charge.price, days), a_year(charge.own, days)) for pace, days in paces
    )
