"""Days, spans and counts as a clinician would write them, the same in every locale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
HUNDRED: Final = 100
"""The number that probabilities are written of. Operational."""


def on(day: date, today: date | None = None) -> str:
    """Return a day as in "12 May", with its year where that is not the year of `today`."""
    year = "" if today is None or day.year == today.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, as in "1 day" and "3 days"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def span(values: Sequence[int]) -> str:
    """Return the range of whole numbers as in "21 to 26", or the one number that all are."""
    low, high = min(values), max(values)
    return str(low) if low == high else f"{low} to {high}"


def runs(days: Sequence[date], today: date | None = None) -> str:
    """Return days, in order, as runs, as in "3 May, 12 to 14 May", with years as `on` has them."""
    found: list[list[date]] = []
    for day in days:
        if found and (day - found[-1][-1]).days == 1:
            found[-1].append(day)
        else:
            found.append([day])
    return ", ".join(_run(run[0], run[-1], today) for run in found)


def in_a_hundred(chance: float) -> str:
    """Return a probability as a whole number of a hundred; never 0 or 100, which would claim certainty."""
    number = round(HUNDRED * chance)
    if number == 0:
        return f"less than 1 in {HUNDRED}"
    return f"more than {HUNDRED - 1} in {HUNDRED}" if number == HUNDRED else f"{number} in {HUNDRED}"


def _run(first: date, last: date, today: date | None) -> str:
    if first == last:
        return on(first, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {on(last, today)}"
    return f"{on(first, today)} to {on(last, today)}"
