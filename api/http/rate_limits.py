"""Rate limits of dear reads, per account or API client, with the `RateLimit` headers of the IETF draft."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast

import cachetools
from flask import Flask, Response, current_app, g

from clinical.sentences import Sentence
from services.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Hashable

POLICY: Final = "dear-reads"
WINDOW_S: Final = 60
"""Period over which a limit is stated, seconds. Operational."""
MAX_CALLERS: Final = 4_096
"""Most callers of a process that are remembered; the one that asked longest ago is forgotten first.
Operational."""

View = Callable[..., Any]


class RateLimited(ServiceError):
    """The caller asked for more in a minute than the limit allows; `retry_after` is in seconds."""

    code = "rate_limited"
    detail = Sentence(
        "You read more in a minute than this server computes for one account. Wait as many seconds as "
        "Retry-After says, then read on."
    )

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left after a request, and in how many seconds they have all of it again."""

    granted: bool
    remaining: int
    reset_s: int
    retry_after_s: int


class TokenBuckets:
    """A bucket of tokens for each caller of one process: full at first, refilled evenly over a minute.

    A bucket is stored as the instant at which it is full again (the generic cell rate algorithm), on the
    monotonic clock, which nobody sets.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._seconds_each = WINDOW_S / most
        self._full_at: cachetools.LRUCache[Hashable, float] = cachetools.LRUCache(MAX_CALLERS)
        self._lock = Lock()

    def take(self, caller: Hashable, tokens: int, now: float) -> Allowance:
        """Take some tokens from a caller's bucket; take none, and grant nothing, where it has fewer."""
        tokens = min(tokens, self.most)
        with self._lock:
            full_at = max(self._full_at.get(caller, now), now)
            wanted = full_at + tokens * self._seconds_each
            late = wanted - now - WINDOW_S
            # A rounding error of the additions is no request too many.
            granted = late <= self._seconds_each / 1000
            if granted:
                self._full_at[caller] = full_at = wanted
        remaining = int((WINDOW_S - (full_at - now)) / self._seconds_each + 0.001)
        return Allowance(granted, max(remaining, 0), ceil(full_at - now), max(ceil(late), 1))


def install(app: Flask, most: int) -> None:
    """Give the application its buckets, and let each limited response say what is left."""
    app.extensions["token_buckets"] = TokenBuckets(most)


def add_headers(response: Response) -> Response:
    """Add RateLimit-Policy and RateLimit to the response of a limited request, refusals included."""
    allowance: Allowance | None = g.get("rate_allowance")
    if allowance is not None:
        response.headers["RateLimit-Policy"] = f'"{POLICY}";q={_buckets().most};w={WINDOW_S}'
        response.headers["RateLimit"] = f'"{POLICY}";r={allowance.remaining};t={allowance.reset_s}'
    return response


def limited(tokens: int = 1) -> Callable[[View], View]:
    """Limit how often a caller may run a view, which takes some tokens; goes beneath `allow`.

    Refused before anything of the request is read or computed.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            allowance = _buckets().take(g.actor.id, tokens, time.monotonic())
            g.rate_allowance = allowance
            if not allowance.granted:
                raise RateLimited(allowance.retry_after_s)
            return view(*args, **kwargs)

        doc = getattr(view, "_apidoc", {})
        codes = (*doc.get("also_answers", ()), "rate_limited")
        checked._apidoc = {**doc, "also_answers": codes, "rate_limited": True}  # type: ignore[attr-defined]  # noqa: SLF001
        return checked

    return decorate


def _buckets() -> TokenBuckets:
    return cast("TokenBuckets", current_app.extensions["token_buckets"])
