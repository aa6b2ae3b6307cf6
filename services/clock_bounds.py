"""Bounds of stored instants that are compared with now: what a right clock cannot have written does not hold.

A server whose clock was wrong for a while leaves instants that lie further ahead than any that is ever
written. Nothing waits for such an instant.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, SQLColumnExpression, or_

LEEWAY: Final = timedelta(seconds=60)
"""How far the clocks of two servers, or of one before and after it was set, may differ. Operational."""


def is_ahead(instant: datetime, now: datetime) -> bool:
    """Return whether an instant that was written as "now" lies ahead: the clock that wrote it was wrong."""
    return instant > now + LEEWAY


def is_over(until: datetime, now: datetime, longest: timedelta) -> bool:
    """Return whether a period that lasts until then, and at most so long, is over or cannot be one."""
    return until <= now or is_ahead(until, now + longest)


def over(until: SQLColumnExpression[Any], now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Return `is_over` as a condition on a column."""
    return or_(until <= now, until > now + longest + LEEWAY)
