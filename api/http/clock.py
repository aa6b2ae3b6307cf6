"""The only now()."""

from __future__ import annotations

from datetime import UTC, datetime

from services.errors import FieldError, Invalid


def now() -> datetime:
    """Tell the present instant, in UTC."""
    return datetime.now(UTC)


def not_ahead(as_of: datetime) -> datetime:
    """The instant that is meant by `as_of`; raises Invalid for one that no clock here has reached.

    A date means its end by UTC, so what is left of today by UTC means now.
    """
    present = now()
    if as_of.astimezone(UTC).date() > present.date():
        sentence = "Send an instant that has been, or a date up to today (UTC)."
        raise Invalid(FieldError("as_of", "in_the_future", sentence, "parameter"))
    return min(as_of, present)
