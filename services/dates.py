"""Which days can be recorded about: from the earliest one on, once they have begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from clinical import local_day
from clinical.local_day import CLOCK_TOLERANCE, EARLIEST_DATE
from clinical.protocol import days_after
from clinical.sentences import Sentence
from models.check_ins import CheckIn
from models.patients import Patient
from services.context import Context
from services.errors import FieldError, Invalid
from services.revisions import PageRequest, in_force

TOO_EARLY = Sentence("Days are stored from {earliest_date:%Y} on.", earliest_date=EARLIEST_DATE)
DECLARED_DAYS: Final = 2
"""Days that a check-in's time zone counts as the patient's, beside their own: no journey takes longer.
Operational."""


DEFAULT_DAYS: Final = 26 * 7
"""Days of a series where nobody says from when: half a year, as a chart draws. Operational."""
MOST_DAYS: Final = 5 * 366
"""Most days of one series: a longer history is read in parts. Operational."""
TOO_LONG = Sentence("Send a first day at most {number} days before the last one.", number=MOST_DAYS - 1)


class NotBegun(Invalid):
    """The day has not begun yet: the same request can be accepted once it has."""


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A day that answers are about, and when and in which time zone they were given."""

    local_date: date
    time_zone: str
    recorded_at: datetime


def instants_between(
    instant: ColumnElement[datetime] | InstrumentedAttribute[datetime],
    wanted: PageRequest,
    time_zone: str,
    now: datetime,
) -> list[ColumnElement[bool]]:
    """Return the conditions that an instant lies between the days asked for, from midnight to midnight.

    Days outside all that can be recorded restrict nothing, and are not computed with: calendars end.
    """
    conditions = []
    if wanted.first is not None and wanted.first > EARLIEST_DATE:
        before = min(wanted.first - timedelta(days=1), local_day.today(now, time_zone, 0))
        conditions.append(instant >= local_day.end_of(before, time_zone, 0))
    if wanted.last is not None and wanted.last < local_day.today(now, time_zone, 0):
        last = max(wanted.last, EARLIEST_DATE)
        conditions.append(instant < local_day.end_of(last, time_zone, 0))
    return conditions


def first_day(first: date | None, last: date | None, today: date) -> date:
    """Return the first day of a series of which one is named, or not; raises Invalid for too long a one."""
    last = min(last or today, today)
    if first is None:
        return days_after(last, 1 - DEFAULT_DAYS)
    if (last - first).days >= MOST_DAYS:
        raise Invalid(FieldError("from", "too_long", TOO_LONG, "parameter"))
    return first


def date_errors(
    day: date, now: datetime, pointer: str, *, ahead: str = "not_begun", place: str = "body"
) -> Iterator[FieldError]:
    """Yield what is wrong with a day; `ahead` is the code of one that has not begun anywhere."""
    if not local_day.has_begun_somewhere(day, now):
        yield FieldError(pointer, ahead, Sentence("This day has not begun anywhere yet."), place)
    elif day < EARLIEST_DATE:
        yield FieldError(pointer, "too_long_past", TOO_EARLY, place)


def validate_local_date(local_date: date, now: datetime) -> None:
    """Raise Invalid for the day of a path that has not begun anywhere, or is before the earliest one."""
    if found := list(date_errors(local_date, now, "local_date", place="parameter")):
        raise Invalid(*found)


def validate_recorded_day(
    ctx: Context, patient: Patient, recorded: RecordedDay, pointer: str, place: str = "body"
) -> None:
    """Raise Invalid for a day that had not begun when its answers were given, naming the right day.

    Raises NotBegun instead where it had by the phone's clock, which is ahead: the day will begin.
    """
    expected = expected_day(ctx, patient, recorded)
    if expected is None:
        return
    if local_day.has_begun(recorded.local_date, recorded.recorded_at, [recorded.time_zone]):
        sentence = Sentence(
            "By the server's clock it is {expected} there: see to the phone's clock.", expected=expected
        )
        raise NotBegun(FieldError(pointer, "not_begun", sentence, place, expected))
    sentence = Sentence(
        "At recorded_at it was {expected} in time_zone: send that day, by the patient's own calendar.",
        expected=expected,
    )
    raise Invalid(FieldError(pointer, "ahead_of_recorded_at", sentence, place, expected))


def expected_day(ctx: Context, patient: Patient, recorded: RecordedDay) -> date | None:
    """Return the day that answers belong to where theirs had not begun when they were given, else None.

    A calendar day begins at midnight, earlier than the patient's own, and may have begun in a time zone that
    the patient declared before: on a journey the phone may have changed to another in between.
    """
    # An instant ahead of our clock counts as that of receipt; a little ahead is no fault.
    instant = min(recorded.recorded_at, ctx.now + CLOCK_TOLERANCE)
    day, zone = recorded.local_date, recorded.time_zone
    if local_day.has_begun(day, instant, [zone, patient.time_zone]):
        return None
    if local_day.has_begun(day, instant, declared_time_zones(ctx, patient, day)):
        return None
    return local_day.today(instant, zone, patient.day_start_hour)


def declared_time_zones(ctx: Context, patient: Patient, day: date) -> list[str]:
    """Return the patient's time zone and those of their check-ins of a day and of the two before it."""
    query = select(CheckIn.time_zone).where(
        CheckIn.patient_id == patient.id,
        CheckIn.local_date >= day - timedelta(days=DECLARED_DAYS),
        CheckIn.local_date <= day,
        in_force(CheckIn),
    )
    return [patient.time_zone, *ctx.session.scalars(query.distinct())]
