"""The rows of the demo clinic's patients, made once for all tests that only look at them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from demo import clinic

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@cache
def made_up_now() -> tuple[clinic.Row, ...]:
    """Return the rows of a clinic that is made at NOW."""
    return tuple(clinic.patient_rows(NOW))
