"""Days, spans and counts as a clinician would write them, as parts of sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from clinical.sentences import Sentence, listed

MONTHS: Final = (
    Sentence("January"), Sentence("February"), Sentence("March"), Sentence("April"),
    Sentence("May"), Sentence("June"), Sentence("July"), Sentence("August"),
    Sentence("September"), Sentence("October"), Sentence("November"), Sentence("December"),
)  # fmt: skip
HUNDRED: Final = 100
"""The number that probabilities are written of. Operational."""

TEMPLATES: Final[Mapping[str, tuple[str, str]]] = {
    "day": ("{number} day", "{number} days"),
    "answered day": ("{number} answered day", "{number} answered days"),
    "check-in": ("{number} check-in", "{number} check-ins"),
    "usable check-in": ("{number} usable check-in", "{number} usable check-ins"),
    "cycle": ("{number} cycle", "{number} cycles"),
    "finished cycle": ("{number} finished cycle", "{number} finished cycles"),
    "infusion": ("{number} infusion", "{number} infusions"),
    "psychotherapy session": ("{number} psychotherapy session", "{number} psychotherapy sessions"),
    "medication change": ("{number} medication change", "{number} medication changes"),
    "life event": ("{number} life event", "{number} life events"),
    "note": ("{number} note", "{number} notes"),
    "patient": ("{number} patient", "{number} patients"),
    "safety alert": ("{number} safety alert", "{number} safety alerts"),
}
"""Templates of a number with each noun that is counted: of one, and of any other number. Operational."""


def on(day: date, today: date | None = None) -> Sentence:
    """Return a day as in "12 May", with its year where that is not the year of `today`."""
    if today is None or day.year == today.year:
        return Sentence("{day} {month}", day=day.day, month=MONTHS[day.month - 1])
    return with_year(day)


def with_year(day: date) -> Sentence:
    """Return a day with its year, as in "12 May 2026"."""
    return Sentence("{day} {month} {year}", day=day.day, month=MONTHS[day.month - 1], year=day.year)


def count(number: int, noun: str) -> Sentence:
    """Return a number with its noun, as in "1 day" and "3 days"."""
    one, many = TEMPLATES[noun]
    return Sentence(one if number == 1 else many, number=number)


def span(values: Sequence[int]) -> Sentence:
    """Return the range of whole numbers as in "21 to 26", or the one number that all are."""
    low, high = min(values), max(values)
    return (
        Sentence("{number}", number=low) if low == high else Sentence("{low} to {high}", low=low, high=high)
    )


def runs(days: Sequence[date], today: date | None = None) -> Sentence:
    """Return days, in order, as runs, as in "3 May, 12 to 14 May", with years as `on` has them."""
    found: list[list[date]] = []
    for day in days:
        if found and (day - found[-1][-1]).days == 1:
            found[-1].append(day)
        else:
            found.append([day])
    return listed([_run(run[0], run[-1], today) for run in found])


def in_a_hundred(chance: float) -> Sentence:
    """Return a probability as a whole number of a hundred; never 0 or 100, which would claim certainty."""
    number = round(HUNDRED * chance)
    if number == 0:
        return Sentence("less than {number} in {of}", number=1, of=HUNDRED)
    if number == HUNDRED:
        return Sentence("more than {number} in {of}", number=HUNDRED - 1, of=HUNDRED)
    return Sentence("{number} in {of}", number=number, of=HUNDRED)


def _run(first: date, last: date, today: date | None) -> Sentence:
    if first == last:
        return on(first, today)
    low = str(first.day) if (first.year, first.month) == (last.year, last.month) else on(first, today)
    return Sentence("{low} to {high}", low=low, high=on(last, today))
