"""How much is tried: a fair sample by `make test`, all of it by `make test-long`.

The sample is the same in every process and on every day. What it leaves out is printed when the tests end.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final, TypeVar

LONG: Final = os.environ.get("TEST_LONG", "") not in {"", "0"}
LEFT_OUT: Final[dict[str, str]] = {}
"""What was sampled in this process, and how much of it."""

Case = TypeVar("Case")


def amount(what: str, some: int, full: int) -> int:
    """Return how many of something are tried."""
    if LONG:
        return full
    LEFT_OUT[what] = f"{some} of {full}"
    return some


def sample(what: str, cases: Sequence[Case], one_in: int, turn: int = 0) -> Sequence[Case]:
    """Return one case in so many, beginning with another one on each turn.

    With an endpoint's number as `turn`, every case is tried at some endpoint and every endpoint with some.
    """
    if LONG:
        return cases
    LEFT_OUT[what] = f"1 in {one_in}"
    return cases[turn % one_in :: one_in]
