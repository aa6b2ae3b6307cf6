"""Which days can be recorded about: from the earliest one on, once they have begun anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from clinical import local_day
from clinical.local_day import EARLIEST_DATE
from services.errors import FieldError, Invalid

TOO_EARLY = f"Days are stored from {EARLIEST_DATE:%Y} on."


def date_errors(
    day: date, now: datetime, pointer: str, *, ahead: str = "not_begun", place: str = "body"
) -> Iterator[FieldError]:
    """Yield what is wrong with a day; `ahead` is the code of one that has not begun anywhere."""
    if not local_day.has_begun_somewhere(day, now):
        yield FieldError(pointer, ahead, "This day has not begun anywhere yet.", place)
    elif day < EARLIEST_DATE:
        yield FieldError(pointer, "too_long_past", TOO_EARLY, place)


def validate_local_date(local_date: date, now: datetime) -> None:
    """Raise Invalid for the day of a path that has not begun anywhere, or is before the earliest one."""
    if found := list(date_errors(local_date, now, "local_date", place="parameter")):
        raise Invalid(*found)
