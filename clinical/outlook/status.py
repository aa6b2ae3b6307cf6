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

So that a word does not come and go with single check-ins, it is left a little later than it was entered: who
was overdue yesterday stays so down to a chance of 0.52; who was due or overdue stays due while the day by
which half is gone with a chance of 0.17 has come; who was approaching or further stays so up to 9 days before
the planned day.

Outside maintenance the phase is the word, and without a forecast it is "insufficient data".
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

from clinical.outlook.forecast import Forecast, NoForecast
from clinical.outlook.result import Pace, Status, WearOff
from clinical.protocol import Phase, PhaseKind, Protocol

P_PROBABLY_LOST: Final = 0.60
"""Probability of half being lost from which a patient is due. Source: a proposal; no published data give
it."""
P_POSSIBLY_LOST: Final = 0.35
"""Probability of half being lost from which a patient is possibly due. Source: a proposal; no published
data give it."""
GRACE_DAYS: Final = 5
"""Days past the window before a patient is overdue. Source: a proposal; no published data give it."""
APPROACH_DAYS: Final = 7
"""Days ahead from which a patient is approaching. Source: a proposal; no published data give it."""

HYSTERESIS_P_HALF_LOST: Final = 0.52
"""Probability down to which a patient stays due (hysteresis). Source: a proposal."""
HYSTERESIS_APPROACH_DAYS: Final = 9
"""Days ahead up to which a patient stays approaching (hysteresis). Source: a proposal."""

NOT_AS_USUAL: Final = 0.80
"""Probability from which a cycle is called sooner or later than the patient's usual. Source: a proposal."""


def status(
    phase: Phase,
    forecast: Forecast | NoForecast | None,
    protocol: Protocol,
    yesterday: Callable[[], Status | None] = lambda: None,
) -> Status:
    """The one word for a patient in `phase` with the forecast `made`, None where none was asked for.

    `yesterday` gives the word of the day before in the same cycle; it is asked only where it decides.
    """
    if phase.kind is not PhaseKind.MAINTENANCE:
        return Status(phase.kind.value)
    if not isinstance(forecast, Forecast):
        return Status.INSUFFICIENT_DATA
    alone, held = _status(forecast, protocol, None), _status(forecast, protocol, Status.OVERDUE)
    return alone if alone is held else _status(forecast, protocol, yesterday())


def _status(forecast: Forecast, protocol: Protocol, before: Status | None) -> Status:
    elapsed, planned = forecast.model_input.elapsed, planned_day(forecast, protocol)
    was_overdue = before is Status.OVERDUE
    was_due = was_overdue or before is Status.DUE
    was_approaching = was_due or before is Status.APPROACHING
    probably_gone = forecast.p_half_lost >= (HYSTERESIS_P_HALF_LOST if was_overdue else P_PROBABLY_LOST)
    if probably_gone and elapsed >= protocol.min_interval_days:
        return Status.OVERDUE
    if elapsed > protocol.max_interval_days + GRACE_DAYS:
        return Status.OVERDUE
    if elapsed >= (_inside(forecast.plan_by_with_hysteresis, protocol) if was_due else planned):
        return Status.DUE
    near = HYSTERESIS_APPROACH_DAYS if was_approaching else APPROACH_DAYS
    if elapsed >= planned - near or forecast.p_half_lost >= P_POSSIBLY_LOST:
        return Status.APPROACHING
    return Status.NOT_DUE


def planned_day(forecast: Forecast, protocol: Protocol) -> int:
    """The planned day, in whole days after the last infusion, inside the plan's window."""
    return _inside(forecast.plan_by, protocol)


def wear_off(forecast: Forecast) -> WearOff:
    """The flag for the clinician; before the earliest day it is all that the forecast may say."""
    if forecast.p_half_lost < P_POSSIBLY_LOST:
        return WearOff.NONE
    return WearOff.LIKELY if forecast.p_half_lost >= P_PROBABLY_LOST else WearOff.POSSIBLE


def pace(forecast: Forecast) -> Pace:
    """Whether this cycle's benefit wears off sooner or later than the patient's cycles usually do."""
    if forecast.p_sooner >= NOT_AS_USUAL:
        return Pace.SOONER
    return Pace.LATER if forecast.p_sooner <= 1 - NOT_AS_USUAL else Pace.AS_USUAL


def _inside(day: float, protocol: Protocol) -> int:
    return min(max(ceil(day), protocol.min_interval_days), protocol.max_interval_days)
