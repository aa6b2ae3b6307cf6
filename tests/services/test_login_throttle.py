from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.accounts import LoginAttempts
from services import login_throttle
from services.errors import TooManyAttempts

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACCOUNT, ADDRESS = "a" * 64, "b" * 64


def try_once(database, limits, now=NOW):
    with database.write() as session:
        login_throttle.count_attempt(session, [(ACCOUNT, limits[0]), (ADDRESS, limits[1])], now)


def next_revision(database):
    with database.write() as session:
        login_throttle.reset(session, [(ACCOUNT, 3), (ADDRESS, 100)])


def test_a_key_is_refused_after_its_limit_with_the_seconds_to_wait(database):
    for _ in range(3):
        try_once(database, (3, 100))

    with pytest.raises(TooManyAttempts) as refusal:
        try_once(database, (3, 100), NOW + timedelta(minutes=5))

    assert refusal.value.retry_after == 10 * 60 + 1


def test_a_refused_key_is_accepted_again_after_the_window(database):
    for _ in range(3):
        try_once(database, (3, 100))

    try_once(database, (3, 100), NOW + login_throttle.WINDOW)


def test_a_success_resets_its_account(database):
    for _ in range(2):
        try_once(database, (3, 100))
    try_once(database, (3, 100))
    next_revision(database)

    for _ in range(3):
        try_once(database, (3, 100))


def test_successes_never_count_against_an_address_that_many_share(database):
    for _ in range(20):
        try_once(database, (3, 5))
        next_revision(database)


def test_failures_at_many_accounts_count_against_their_address(database):
    for number in range(5):
        with database.write() as session:
            login_throttle.count_attempt(session, [(f"{number:064}", 3), (ADDRESS, 5)], NOW)

    with pytest.raises(TooManyAttempts), database.write() as session:
        login_throttle.count_attempt(session, [("f" * 64, 3), (ADDRESS, 5)], NOW)


def test_a_key_does_not_reveal_whose_it_is():
    name = login_throttle.key_of(b"key", "account", "fern@patients.test")

    assert "fern" not in name
    assert name != login_throttle.key_of(b"other key", "account", "fern@patients.test")
    assert name != login_throttle.key_of(b"key", "address", "fern@patients.test")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_addresses_of_one_ipv6_network_count_as_one(address, network):
    assert login_throttle.network_of(address) == network


def rows(database):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(LoginAttempts))


def test_rows_whose_window_is_over_are_deleted_by_the_attempts_that_follow(database):
    for number in range(50):
        with database.write() as session:
            login_throttle.count_attempt(session, [(f"{number:064}", 3)], NOW)
    assert rows(database) == 50

    later = NOW + login_throttle.WINDOW
    for left in (31, 11, 1):
        try_once(database, (3, 100), later)
        assert rows(database) == left + 1


def test_rows_of_a_clock_that_was_far_ahead_are_deleted_too(database):
    with database.write() as session:
        login_throttle.count_attempt(session, [("0" * 64, 3)], NOW + timedelta(days=40))

    try_once(database, (3, 100))

    assert rows(database) == 2


def test_a_lifted_throttle_counts_from_the_beginning(database):
    for _ in range(3):
        try_once(database, (3, 100))
    with database.write() as session:
        login_throttle.lift(session, [ACCOUNT])

    for _ in range(3):
        try_once(database, (3, 100))
    with pytest.raises(TooManyAttempts):
        try_once(database, (3, 100))
