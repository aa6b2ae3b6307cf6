"""Passwords: slow to check, as slow for an unknown user, rejected when guessable."""

from __future__ import annotations

import time
from statistics import median

import pytest

from services import passwords
from tests import factories


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


def test_an_unknown_user_takes_as_long_as_a_known_one():
    passwords.matches(None, "warm")
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(15):
        for stored, times in ((factories.PASSWORD_HASH, known), (None, unknown)):
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
