"""Passwords: slow to check, as slow for an unknown user, rejected when guessable."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median

import pytest

from services import passwords
from services.errors import Busy
from tests import factories


@pytest.mark.usefixtures("hashes_of_production")
def test_a_hash_is_made_with_todays_parameters_and_never_twice_the_same():
    first, second = (passwords.hash_password("seven green herons wade") for _ in range(2))
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.needs_rehash(first)
    assert passwords.matches(first, "seven green herons wade")
    assert not passwords.matches(first, "seven green herons wadE")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$broken"])
def test_what_is_no_hash_matches_nothing(stored):
    assert not passwords.matches(stored, "nobody has this password")


@pytest.mark.usefixtures("hashes_of_production")
def test_an_unknown_user_takes_as_long_as_a_known_one():
    stored_hash = passwords.hash_password(factories.PASSWORD)
    passwords.matches(None, "warm")
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(15):
        for stored, times in ((stored_hash, known), (None, unknown)):
            started = time.perf_counter()
            passwords.matches(stored, "not the password")
            times.append(time.perf_counter() - started)
    # Without a hash to check against, the answer would come a hundred times sooner.
    assert 0.5 < median(unknown) / median(known) < 2


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "seven green herons wade upstream", "ж" * 5 + "щ" * 5 + "q7!fё"],
)
def test_long_unrelated_words_are_accepted(password):
    assert passwords.weakness(password) is None


@pytest.mark.parametrize(
    "password", ["x" * 14, "x" * 201, "passwordpassword", "qwertyuiopasdfg", "aaaaaaaaaaaaaaaaaa"]
)
def test_short_and_guessable_ones_are_named(password):
    found = passwords.weakness(password)
    assert found is not None
    assert found.pointer == "/password"
    assert password not in found.detail


def test_the_whole_password_is_hashed_and_not_only_what_its_strength_is_estimated_on():
    password = "seven green herons wade upstream " * 5
    stored = passwords.hash_password(password)
    assert passwords.matches(stored, password)
    assert not passwords.matches(stored, password[:-1] + "x")


def test_the_strength_of_the_longest_password_is_estimated_in_a_bounded_time():
    started = time.process_time()
    for password in ("aA1!" * 50, "1234567890" * 20, "pa55w0rd" * 25, "qwertyuiop" * 20):
        passwords.weakness(password, "fern@clinic.example", "Fern Hollow")
    assert time.process_time() - started < 1


def test_no_more_than_four_passwords_are_checked_at_once_and_nobody_waits_for_long(monkeypatch):
    monkeypatch.setattr(passwords, "_LONGEST_WAIT_S", 0.05)
    with ExitStack() as taken:
        for _ in range(4):
            taken.enter_context(passwords._turn())
        with pytest.raises(Busy):
            passwords.matches(factories.PASSWORD_HASH, "not the password")
        with pytest.raises(Busy):
            passwords.hash_password("seven green herons wade")
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda _: passwords.matches(factories.PASSWORD_HASH, "wrong"), range(4))
        assert list(found) == [False] * 4
