"""How long a request may wait for the database, over all its waits together."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST_WAIT_S = 4.0
"""How long a request may wait for the database, its time in the queue included, seconds. Operational."""
SHORT_WAIT_S = 0.05
"""A wait up to this is progress, and counts towards no limit, seconds. Operational."""

RECEIVED_AT: ContextVar[float | None] = ContextVar("received_at", default=None)
"""Reading of time.monotonic() at which the present request was complete, where the server knows it."""


class _Budget:
    __slots__ = ("left",)

    def __init__(self, left: float) -> None:
        self.left = left


_budget: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Limit the waits of the block to so many seconds together; a limit around it still holds."""
    outer = _budget.get()
    given = seconds if outer is None else min(seconds, outer.left)
    inner = _Budget(given)
    token = _budget.set(inner)
    try:
        yield
    finally:
        _budget.reset(token)
        if outer is not None:
            outer.left -= given - inner.left


@contextmanager
def of_request() -> Iterator[None]:
    """Limit the waits of the present request; the time it was queued since it was received counts."""
    received_at = RECEIVED_AT.get()
    queued = 0.0 if received_at is None else time.monotonic() - received_at
    with limited(REQUEST_WAIT_S - queued):
        yield


def remaining(at_most: float) -> float:
    """Return how long the next wait may take, seconds; 0 or less where none is left."""
    budget = _budget.get()
    return at_most if budget is None else min(at_most, budget.left)


@contextmanager
def waiting(at_most: float) -> Iterator[float]:
    """Give how long a wait may take, at least 0 s, and count how long it took."""
    started = time.monotonic()
    try:
        yield max(0.0, remaining(at_most))
    finally:
        took = time.monotonic() - started
        budget = _budget.get()
        if budget is not None and took > SHORT_WAIT_S:
            budget.left -= took
