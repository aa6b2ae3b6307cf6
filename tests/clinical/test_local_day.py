from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.check_in import EntryMode
from clinical.local_day import (
    counted_from,
    days_late,
    entry_mode,
    has_begun_somewhere,
    is_ahead,
    today,
    turn_of_day,
)

ZONES = sorted(name for name in available_timezones() if "/" in name)
MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2040, 1, 1)).map(  # noqa: DTZ001  made aware below
    lambda moment: moment.replace(tzinfo=UTC)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "zone", "starts_at", "expected"),
    [
        ("2026-11-22T08:59:59Z", "America/New_York", 4, "2026-11-21"),
        ("2026-11-22T09:00:00Z", "America/New_York", 4, "2026-11-22"),
        ("2026-11-22T05:00:00Z", "America/New_York", 0, "2026-11-22"),
        ("2026-11-22T10:00:00Z", "Pacific/Kiritimati", 0, "2026-11-23"),
        ("2026-11-22T11:59:59Z", "Etc/GMT+12", 0, "2026-11-21"),
        # The day the clocks go forward, four o'clock comes after three hours; going back, after five.
        ("2026-03-08T07:59:59Z", "America/New_York", 4, "2026-03-07"),
        ("2026-03-08T08:00:00Z", "America/New_York", 4, "2026-03-08"),
        ("2026-11-01T08:59:59Z", "America/New_York", 4, "2026-10-31"),
        ("2026-11-01T09:00:00Z", "America/New_York", 4, "2026-11-01"),
    ],
)
def test_a_day_begins_at_the_patients_hour(moment, zone, starts_at, expected):
    assert today(at(moment), zone, starts_at) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-21T20:00:00Z", "America/New_York", "2026-11-22T09:00:00Z"),
        ("2026-11-22T09:00:00Z", "America/New_York", "2026-11-23T09:00:00Z"),
        ("2026-03-08T01:00:00Z", "America/New_York", "2026-03-08T08:00:00Z"),
        ("2026-11-01T01:00:00Z", "America/New_York", "2026-11-01T09:00:00Z"),
        ("2026-03-28T12:00:00Z", "Europe/Lisbon", "2026-03-29T03:00:00Z"),
        # The thirtieth never was: after the twenty-ninth comes the thirty-first.
        ("2011-12-30T09:00:00Z", "Pacific/Apia", "2011-12-30T14:00:00Z"),
    ],
)
def test_the_next_day_begins_at_an_instant(moment, zone, expected):
    assert turn_of_day(at(moment), zone, 4) == at(expected)


@settings(deadline=None)
@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 12))
def test_the_next_day_begins_within_two_days(moment, zone, starts_at):
    turn = turn_of_day(moment, zone, starts_at)
    assert moment < turn <= moment + timedelta(hours=50)
    assert today(turn + timedelta(hours=2), zone, starts_at) > today(moment, zone, starts_at)


def transitions(zone: str) -> list[datetime]:
    """The hours of 2020 to 2030 in which a zone's clocks change."""
    place, found = ZoneInfo(zone), []
    for day in range(4018):
        before = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=day)
        if before.astimezone(place).utcoffset() != (before + timedelta(days=1)).astimezone(place).utcoffset():
            hours = [before + timedelta(hours=hour) for hour in range(25)]
            offsets = [hour.astimezone(place).utcoffset() for hour in hours]
            found += [
                hour
                for hour, one, next_one in zip(hours, offsets, offsets[1:], strict=False)
                if one != next_one
            ]
    return found


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York", "America/St_Johns", "America/Santiago", "America/Havana", "Europe/Lisbon",
        "Europe/Madrid", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Tehran",
        "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Easter", "Pacific/Apia",
    ],
)  # fmt: skip
@pytest.mark.parametrize("starts_at", [0, 2, 4])
def test_every_hour_around_a_change_of_the_clocks_is_of_one_day_and_days_follow_one_another(zone, starts_at):
    changes = transitions(zone)
    assert len(changes) > 1
    for change in changes:
        moments = [change + timedelta(minutes=30 * step) for step in range(-72, 73)]
        days = [today(moment, zone, starts_at) for moment in moments]
        steps = {later - earlier for earlier, later in pairwise(days)}
        # Never back, also where an hour comes twice, and never two days on.
        assert steps <= {timedelta(0), timedelta(days=1)}, change
        for moment, day in zip(moments, days, strict=True):
            turn = turn_of_day(moment, zone, starts_at)
            assert moment < turn <= moment + timedelta(hours=26)
            assert today(turn, zone, starts_at) == day + timedelta(days=1), moment
            assert today(turn - timedelta(seconds=1), zone, starts_at) == day, moment


@settings(deadline=None)
@given(MOMENTS, st.sampled_from(ZONES))
def test_the_current_day_of_any_zone_has_begun_somewhere(moment, zone):
    assert has_begun_somewhere(moment.astimezone(ZoneInfo(zone)).date(), moment)


def test_a_day_begins_first_fourteen_hours_ahead_of_utc():
    assert not has_begun_somewhere(date(2026, 11, 23), at("2026-11-22T09:59:59Z"))
    assert has_begun_somewhere(date(2026, 11, 23), at("2026-11-22T10:00:00Z"))


@settings(deadline=None)
@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 12))
def test_an_answer_to_the_patients_own_day_is_live(moment, zone, starts_at):
    day = today(moment, zone, starts_at)
    assert entry_mode(day, moment, zone, starts_at) is EntryMode.LIVE
    assert entry_mode(day - timedelta(days=1), moment, zone, starts_at) is EntryMode.BACKFILL


def test_before_the_day_start_hour_two_days_are_live():
    late = at("2026-11-22T03:59:59-05:00")
    assert entry_mode(date(2026, 11, 21), late, "America/New_York", 4) is EntryMode.LIVE
    assert entry_mode(date(2026, 11, 22), late, "America/New_York", 4) is EntryMode.LIVE
    assert entry_mode(date(2026, 11, 20), late, "America/New_York", 4) is EntryMode.BACKFILL


def test_lateness_is_counted_from_recorded_at_and_not_from_receipt():
    received = at("2026-11-22T12:00:00Z")
    assert days_late(date(2026, 11, 1), at("2026-11-01T21:00:00-05:00"), received, "America/New_York") == 0
    assert days_late(date(2026, 11, 1), at("2026-11-04T21:00:00-05:00"), received, "America/New_York") == 3
    assert days_late(date(2026, 11, 1), at("2026-11-01T01:00:00+00:00"), received, "America/New_York") == 0


def test_a_clock_ahead_makes_nothing_later_than_its_arrival():
    received = at("2026-11-22T12:00:00Z")
    assert days_late(date(2026, 11, 20), at("2031-01-01T00:00:00Z"), received, "UTC") == 2


def test_a_clock_ten_minutes_ahead_is_not_suspect():
    received = at("2026-11-22T12:00:00Z")
    assert not is_ahead(at("2026-11-22T12:10:00Z"), received)
    assert is_ahead(at("2026-11-22T12:10:01Z"), received)
    assert not is_ahead(at("2020-01-01T00:00:00Z"), received)


def test_an_answer_counts_as_given_within_a_month_before_its_receipt_and_else_when_it_came():
    received = at("2026-11-22T12:00:00+00:00")
    month_ago, earlier = at("2026-10-23T12:00:00+00:00"), at("2026-10-23T11:59:59+00:00")
    for recorded in (received, month_ago):
        assert counted_from(recorded, received) == recorded
    for recorded in (earlier, at("2000-01-01T00:00:00+00:00"), at("2026-11-22T12:00:01+00:00")):
        assert counted_from(recorded, received) == received
