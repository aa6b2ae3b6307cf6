"""The login throttle: failed attempts per account and per address, counted for all workers."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.accounts import LoginAttempts
from services import clock_bounds
from services.errors import TooManyAttempts

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW = timedelta(minutes=15)
"""Period over which failed attempts count. Operational."""
PER_ACCOUNT = 10
"""Most failed attempts per account. Operational."""
PER_ADDRESS = 100
"""Most failed attempts per network address. A clinic's patients may share one address, so this bounds a
machine, not a person. Operational."""

PURGED_AT_ONCE = 20
"""Most rows whose window is over that one attempt deletes: more than it adds, so that the table shrinks.
Operational."""

IPV6_NETWORK_BITS = 64
"""Bits of an IPv6 address that name a network; a machine chooses the others (RFC 4291). Operational."""


def key_of(key: bytes, kind: str, name: str) -> str:
    """Return the throttle key of an account or address: a keyed hash, so that the table names nobody."""
    return hmac.new(key, f"{kind}:{name}".encode(), sha256).hexdigest()


def network_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the network, within which a machine chooses the rest.

    An IPv4 address written as IPv6 is itself; text that is no address is returned as it is.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((int(found), IPV6_NETWORK_BITS), strict=False))
    return str(found)


def count_attempt(session: Session, keys: Iterable[tuple[str, int]], now: datetime) -> None:
    """Count an attempt against each key before it is checked; raise TooManyAttempts past a key's limit.

    Counted first, since of many concurrent attempts each would see the same count. Nobody is locked out for
    good: the window passes, and a success is subtracted again. Keys are passed in a fixed order (account,
    then address), so that two transactions that lock both cannot deadlock.
    """
    _purge(session, now)
    for name, limit in keys:
        row = session.get(LoginAttempts, name, with_for_update=True)
        if row is None:
            # Of two first attempts at the same time the second insert fails; its caller counts again.
            session.add(LoginAttempts(key=name, window_start=now, failures=1))
            continue
        if now - row.window_start >= WINDOW or clock_bounds.is_ahead(row.window_start, now):
            row.window_start, row.failures = now, 0
        if row.failures >= limit:
            raise TooManyAttempts(int((row.window_start + WINDOW - now).total_seconds()) + 1)
        row.failures += 1


def rewrite(session: Session, key: str) -> None:
    """Write a count as it is: as much work as recording a failure, which changes nothing."""
    same = update(LoginAttempts).where(LoginAttempts.key == key).values(failures=LoginAttempts.failures)
    session.execute(same)


def reset(session: Session, keys: Iterable[tuple[str, int]]) -> None:
    """Subtract a success: the first key's count returns to 0, the others' lose this one attempt.

    The first is the account's or the device's. Many people may sign in from one address in a morning; only
    failures count against it.
    """
    first, *shared = [name for name, _ in keys]
    session.execute(update(LoginAttempts).where(LoginAttempts.key == first).values(failures=0))
    one_less = LoginAttempts.failures - 1
    earlier = LoginAttempts.key.in_(shared), LoginAttempts.failures > 0
    session.execute(update(LoginAttempts).where(*earlier).values(failures=one_less))


def lift(session: Session, names: Iterable[str]) -> None:
    """End the throttle of these keys, and forget what was counted."""
    session.execute(delete(LoginAttempts).where(LoginAttempts.key.in_(list(names))))


def _purge(session: Session, now: datetime) -> None:
    """Delete some rows whose window is over, or begins after now by more than clocks differ.

    A row that somebody else is counting at this moment is left for the next attempt.
    """
    over = or_(LoginAttempts.window_start <= now - WINDOW, LoginAttempts.window_start > now + WINDOW)
    some = select(LoginAttempts.key).where(over).limit(PURGED_AT_ONCE).with_for_update(skip_locked=True)
    keys = session.scalars(some).all()
    if keys:
        session.execute(delete(LoginAttempts).where(LoginAttempts.key.in_(keys)))
