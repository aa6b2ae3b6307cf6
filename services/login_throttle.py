"""How often a door may be tried: counted in the database, so that all workers count together."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.accounts import LoginAttempts
from services.errors import TooManyAttempts

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100
"""A clinic's patients may share one address, so this bounds a machine, not a person."""


def door(key: bytes, kind: str, name: str) -> str:
    """Name a door by a keyed hash: the table must not tell who is known here."""
    return hmac.new(key, f"{kind}:{name}".encode(), sha256).hexdigest()


def enter(session: Session, doors: Iterable[tuple[str, int]], now: datetime) -> None:
    """Count a try at each door before it is judged; raises TooManyAttempts past a door's limit.

    Counted first, because of many tries at once each would see the same count. Nobody is locked out for
    good: the window passes, and a success takes itself back out.
    """
    for name, limit in doors:
        row = session.get(LoginAttempts, name, with_for_update=True)
        if row is None:
            session.add(LoginAttempts(door=name, window_start=now, failures=1))
            continue
        if now - row.window_start >= WINDOW or row.window_start > now:
            row.window_start, row.failures = now, 0
        if row.failures >= limit:
            raise TooManyAttempts(int((row.window_start + WINDOW - now).total_seconds()) + 1)
        row.failures += 1


def reset(session: Session, account_door: str, address_door: str) -> None:
    """Take a success back out of the counts: the account's start anew, the address's lose this one try.

    Many people may sign in from one address in a morning; only what failed there counts against it.
    """
    anew = update(LoginAttempts).where(LoginAttempts.door == account_door).values(failures=0)
    one_less = LoginAttempts.failures - 1
    earlier = LoginAttempts.door == address_door, LoginAttempts.failures > 0
    session.execute(anew)
    session.execute(update(LoginAttempts).where(*earlier).values(failures=one_less))
