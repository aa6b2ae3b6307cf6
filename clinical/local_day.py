"""Calendar day of an instant, by the patient's time zone and start of day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from clinical.check_in import EntryMode

EARLIEST_DATE: Final = date(2000, 1, 1)
"""Ketamine's effect on mood was first published that year; what is older is a phone without a clock."""

FURTHEST_EAST: Final = timezone(timedelta(hours=14))
"""The first zone in which a day begins (Line Islands, UTC+14)."""

CLOCK_TOLERANCE: Final = timedelta(minutes=10)
"""How far ahead of the server a phone's clock may run without a remark. Source: a proposal."""

LONGEST_OFFLINE: Final = timedelta(days=30)
"""How long before its receipt an answer can have been given: a phone is offline for weeks, not for months.
Source: a proposal: as long as the results of a push are stored."""


def today(now: datetime, time_zone: str, day_start_hour: int) -> date:
    """Return the patient's current day, which begins at `day_start_hour` and not at midnight."""
    return (now.astimezone(ZoneInfo(time_zone)) - timedelta(hours=day_start_hour)).date()


def turn_of_day(now: datetime, time_zone: str, day_start_hour: int) -> datetime:
    """Return the instant, in UTC, at which the patient's current day ends; always after `now`."""
    day = today(now, time_zone, day_start_hour)
    turn = now
    while turn <= now:
        turn = end_of(day, time_zone, day_start_hour)
        day += timedelta(days=1)
    return turn


def end_of(day: date, time_zone: str, day_start_hour: int) -> datetime:
    """Return the instant, in UTC, at which the patient's `day` ends and the next one begins."""
    next_day = day + timedelta(days=1)
    return datetime.combine(next_day, time(day_start_hour), ZoneInfo(time_zone)).astimezone(UTC)


def has_begun_somewhere(local_date: date, now: datetime) -> bool:
    """Return whether it is already that date anywhere on Earth."""
    return local_date <= now.astimezone(FURTHEST_EAST).date()


def has_begun(local_date: date, instant: datetime, time_zones: Iterable[str]) -> bool:
    """Return whether it is already that date at an instant in one of these time zones, from midnight on."""
    return any(local_date <= instant.astimezone(ZoneInfo(zone)).date() for zone in time_zones)


def is_ahead(recorded_at: datetime, received_at: datetime) -> bool:
    """Return whether `recorded_at` is clearly after the receipt: the phone's clock is wrong."""
    return recorded_at > received_at + CLOCK_TOLERANCE


def is_too_long_ago(recorded_at: datetime, received_at: datetime) -> bool:
    """Return whether `recorded_at` is longer before the receipt than a phone is offline."""
    return recorded_at < received_at - LONGEST_OFFLINE


def counted_from(recorded_at: datetime, received_at: datetime) -> datetime:
    """Return when an answer counts as given: as its client states, within LONGEST_OFFLINE before its receipt.

    Any other statement is of a wrong clock, or made up: then the answer counts as given when it came.
    """
    wrong = recorded_at > received_at or is_too_long_ago(recorded_at, received_at)
    return received_at if wrong else recorded_at


def days_late(local_date: date, recorded_at: datetime, received_at: datetime, time_zone: str) -> int:
    """Return how many days after the day itself it was answered, by the patient's calendar; at least 0.

    Recording counts, not receipt: a phone may have been offline for weeks (`counted_from`).
    """
    recorded = counted_from(recorded_at, received_at).astimezone(ZoneInfo(time_zone)).date()
    return max((recorded - local_date).days, 0)


def entry_mode(local_date: date, recorded_at: datetime, time_zone: str, day_start_hour: int) -> EntryMode:
    """Return whether a day was answered on the day itself, up to `day_start_hour` of the next."""
    recorded = recorded_at.astimezone(ZoneInfo(time_zone))
    latest_live = (recorded - timedelta(hours=day_start_hour)).date()
    return EntryMode.LIVE if local_date >= latest_live else EntryMode.BACKFILL
