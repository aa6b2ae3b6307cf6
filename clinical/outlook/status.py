"""Forecast and protocol window become one word.

The rule, with t the days since the last infusion and the plan's window running from its earliest to its
latest day after it:

    planned      the day by which half of the benefit is gone with a chance of one in four, moved into the
                 window if it lies outside: the window always wins
    overdue      half of the benefit is probably gone (chance 0.60) and the earliest day has come, or the
                 latest day is more than 5 days past
    due          the planned day has come
    approaching  the planned day is at most 7 days away, or half may already be gone (chance 0.35)
    not due      otherwise

Outside maintenance the phase is the word, and without a forecast it is "insufficient data".
"""

from __future__ import annotations

from math import ceil
from typing import Final

from clinical.outlook.answer import Status, WearOff
from clinical.outlook.forecast import Forecast, NoForecast
from clinical.protocol import Phase, PhaseKind, Protocol

PROBABLY_GONE: Final = 0.60
POSSIBLY_GONE: Final = 0.35
GRACE_DAYS: Final = 5
APPROACH_DAYS: Final = 7
"""Chances and days are proposals; no published data give them."""


def status(phase: Phase, made: Forecast | NoForecast | None, protocol: Protocol) -> Status:
    """The one word for a patient in `phase` with the forecast `made`, None where none was asked for."""
    if phase.kind is not PhaseKind.MAINTENANCE:
        return Status(phase.kind.value)
    if not isinstance(made, Forecast):
        return Status.INSUFFICIENT_DATA
    elapsed, planned = made.material.elapsed, planned_day(made, protocol)
    probably_gone = made.p_crossed >= PROBABLY_GONE and elapsed >= protocol.min_interval_days
    if probably_gone or elapsed > protocol.max_interval_days + GRACE_DAYS:
        return Status.OVERDUE
    if elapsed >= planned:
        return Status.DUE
    if elapsed >= planned - APPROACH_DAYS or made.p_crossed >= POSSIBLY_GONE:
        return Status.APPROACHING
    return Status.NOT_DUE


def planned_day(made: Forecast, protocol: Protocol) -> int:
    """The planned day, in whole days after the last infusion, inside the plan's window."""
    return min(max(ceil(made.plan_by), protocol.min_interval_days), protocol.max_interval_days)


def wear_off(made: Forecast | NoForecast) -> WearOff:
    """The flag for the clinician; before the earliest day it is all that the forecast may say."""
    if isinstance(made, NoForecast) or made.p_crossed < POSSIBLY_GONE:
        return WearOff.NONE
    return WearOff.LIKELY if made.p_crossed >= PROBABLY_GONE else WearOff.POSSIBLE
