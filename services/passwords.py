"""Passwords: hashed with argon2id, checked in constant time, rejected when easy to guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from clinical.sentences import Sentence
from services.errors import Busy, FieldError

# OWASP ASVS 5.0, appendix C: argon2id with at least 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hasher = HASHER
# Each check takes 19 MiB and a core: without a limit, a burst of sign-ins would starve other requests.
_AT_ONCE = BoundedSemaphore(4)
_LONGEST_WAIT_S = 2.0
"""How long a password waits for its turn, seconds: whoever waits keeps a thread from others. Operational."""
_MANY_SIGN_INS = Sentence(
    "Many people are signing in at this moment. Send the same request again after Retry-After seconds."
)
MIN_LENGTH = 15
"""Shortest password that is the only factor, characters (NIST SP 800-63B-4). Operational."""
MIN_LENGTH_WITH_FACTOR = 8
"""Shortest password beside a second factor, characters (NIST SP 800-63B-4). Operational."""
MAX_LENGTH = 200
"""Longest password, characters. Operational."""
_GUESSABLE_BELOW = 3
"""Score of zxcvbn below which a password is refused. Operational."""
_ESTIMATOR_READS = 72
"""Characters that zxcvbn reads. Operational."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password to store, hashed; `is_short`: fit only beside a second factor."""

    hash: str
    is_short: bool = False


def normalized(password: str) -> str:
    """Return a password as it is hashed: in NFC, so that an accent counts the same from every keyboard."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """Return the hash of a password to store; takes about 50 ms. Raises Busy where too many are waiting."""
    with _turn():
        return _hasher.hash(normalized(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password matches a hash; takes as long where there is no hash. Raises Busy."""
    with _turn():
        try:
            _hasher.verify(password_hash or _hash_of_nobody(), normalized(password))
        except (Argon2Error, InvalidHashError):
            return False
    return bool(password_hash)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until fewer than four passwords are being checked; raises Busy where that takes too long."""
    if not _AT_ONCE.acquire(timeout=_LONGEST_WAIT_S):
        raise Busy(_MANY_SIGN_INS)
    try:
        yield
    finally:
        _AT_ONCE.release()


def needs_rehash(password_hash: str) -> bool:
    """Whether a hash was computed with weaker parameters than the current ones."""
    return _hasher.check_needs_rehash(password_hash)


def new_password(password: str) -> NewPassword:
    """Return a password to store; takes about 50 ms."""
    return NewPassword(hash_password(password), len(normalized(password)) < MIN_LENGTH)


def weakness(password: str, *known: str, second_factor: bool = False) -> FieldError | None:
    """Return why a password is too weak, or None; `known` are words about its owner that do not count."""
    password = normalized(password)
    shortest = MIN_LENGTH_WITH_FACTOR if second_factor else MIN_LENGTH
    if not shortest <= len(password) <= MAX_LENGTH:
        return FieldError(
            "/password",
            "wrong_length",
            Sentence(
                "Send a password of {low} to {high} characters.",
                low=shortest,
                high=MAX_LENGTH,
            ),
        )
    # Imported here: its dictionaries take long to read, and few commands set a password.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    guess = zxcvbn(password[:_ESTIMATOR_READS], user_inputs=_words(known))
    if guess["score"] < _GUESSABLE_BELOW:
        return FieldError(
            "/password", "guessable", Sentence("This password is easy to guess: use several unrelated words.")
        )
    return None


def use_hasher(hasher: PasswordHasher) -> None:
    """Hash with other parameters from now on: tests do, which check thousands of passwords."""
    global _hasher  # noqa: PLW0603 (one for the process)
    _hasher = hasher
    _hash_of_nobody.cache_clear()


def _words(known: tuple[str, ...]) -> list[str]:
    """Return what is known of the owner, whole and word by word."""
    return [part for text in known if text for part in (text, *re.split(r"[\s@._-]+", text)) if part]


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("nobody has this password")
