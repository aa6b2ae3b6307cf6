"""The only now()."""

from __future__ import annotations

from datetime import UTC, datetime

from clinical.sentences import Sentence
from services.errors import FieldError, Invalid


def now() -> datetime:
    """Return the current instant, in UTC."""
    return datetime.now(UTC)


def not_ahead(as_of: datetime) -> datetime:
    """Return `as_of`, or now where it lies later today (UTC); raises Invalid for a later day.

    A date means its end in UTC, so today's date means now.
    """
    present = now()
    if as_of.astimezone(UTC).date() > present.date():
        sentence = Sentence("as_of is in the future: send a past instant, or a date up to today (UTC).")
        raise Invalid(FieldError("as_of", "in_the_future", sentence, "parameter"))
    return min(as_of, present)
