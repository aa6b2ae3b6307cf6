"""The only now()."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Tell the present instant, in UTC."""
    return datetime.now(UTC)
