"""Questions of a day in addition to those of every day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from clinical.infusion import GivenInfusion
from clinical.protocol import PhaseKind, Protocol, phase, treatment_days

BENEFIT_LEFT_EVERY_DAYS: Final = 7
"""Days between two questions on the benefit left. A proposal, untested with patients: often enough to see
a three-week benefit wear off, seldom enough that one answer hardly remembers the one before. Source: a
proposal, untested with patients."""


def asks_benefit_left(protocol: Protocol, infusions: Sequence[GivenInfusion], today: date) -> bool:
    """Return whether to ask on `today` how much of what the last infusion gave is still there.

    In maintenance only, on every seventh day after the infusion that opened the running cycle, and not on
    that day itself. Later infusions are ignored.
    """
    opened = max(treatment_days(protocol, infusions, today), default=None)
    if opened is None or phase(protocol, infusions, today).kind is not PhaseKind.MAINTENANCE:
        return False
    since = (today - opened).days
    return since > 0 and since % BENEFIT_LEFT_EVERY_DAYS == 0
