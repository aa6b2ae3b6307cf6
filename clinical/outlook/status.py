"""Status of an outlook, from the forecast and the protocol window.

The rule, with t the days since the last infusion and the plan's window running from its earliest to its
latest day after it:

    planned      the 25 % quantile of the day on which half of the benefit is lost, clamped to the window
    overdue      half of the benefit is probably lost (p >= 0.60) and the earliest day has come, or the latest
                 day is more than 5 days past
    due          the planned day has come
    approaching  the planned day is at most 7 days away, or half is possibly lost (p >= 0.35)
    not due      otherwise

Hysteresis: so that a status does not flicker with single check-ins, it is left at a lower threshold than it
is entered at. A patient who was overdue yesterday stays overdue down to p = 0.52; one who was due or overdue
stays due while the 17 % quantile has come; one who was approaching or further stays approaching up to 9 days
before the planned day.

No benefit and worse, by `clinical.outlook.benefit`, come before this rule. Outside maintenance the status is
the phase. Without a forecast it is "insufficient data" until the plan's latest day, and from then on due and
overdue by the plan: a patient of whom nothing can be forecast is not forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

from clinical.outlook.forecast import Forecast, NoForecast
from clinical.outlook.result import Pace, Status, WearOff
from clinical.protocol import Phase, PhaseKind, Protocol

P_PROBABLY_LOST: Final = 0.60
"""Probability of half being lost from which a patient is overdue, once the window has begun. Source: a
proposal; no published data give it."""
P_POSSIBLY_LOST: Final = 0.35
"""Probability of half being lost from which a patient is approaching. Source: a proposal; no published
data give it."""
OVERDUE_GRACE_DAYS: Final = 5
"""Days past the plan's latest day up to which a patient is due, not overdue. Source: a proposal; no published
data give it."""
APPROACH_DAYS: Final = 7
"""Days ahead from which a patient is approaching. Source: a proposal; no published data give it."""

HYSTERESIS_P_HALF_LOST: Final = 0.52
"""Probability down to which an overdue patient stays overdue (hysteresis). Source: a proposal."""
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
    """Return the status of a patient in `phase`; `forecast` is None outside maintenance.

    `yesterday` returns the status of the day before in the same cycle; called only where it decides.
    """
    if phase.kind is not PhaseKind.MAINTENANCE:
        return Status(phase.kind.value)
    if not isinstance(forecast, Forecast):
        model_input = None if forecast is None else forecast.model_input
        by_plan = Status.NOT_DUE if model_input is None else status_by_plan(protocol, model_input.elapsed)
        return by_plan if by_plan in {Status.DUE, Status.OVERDUE} else Status.INSUFFICIENT_DATA
    without_hysteresis = _status(forecast, protocol, None)
    with_most_hysteresis = _status(forecast, protocol, Status.OVERDUE)
    # Yesterday's status can only postpone leaving one: where the two extremes agree, it is not computed.
    if without_hysteresis is with_most_hysteresis:
        return without_hysteresis
    return _status(forecast, protocol, yesterday())


def _status(forecast: Forecast, protocol: Protocol, yesterday: Status | None) -> Status:
    elapsed, planned = forecast.model_input.elapsed, planned_day(forecast, protocol)
    was_overdue = yesterday is Status.OVERDUE
    was_due = was_overdue or yesterday is Status.DUE
    was_approaching = was_due or yesterday is Status.APPROACHING
    probably_lost = forecast.p_half_lost >= (HYSTERESIS_P_HALF_LOST if was_overdue else P_PROBABLY_LOST)
    if probably_lost and elapsed >= protocol.min_interval_days:
        return Status.OVERDUE
    if elapsed > protocol.max_interval_days + OVERDUE_GRACE_DAYS:
        return Status.OVERDUE
    if elapsed >= (_clamp(forecast.plan_by_with_hysteresis, protocol) if was_due else planned):
        return Status.DUE
    near = HYSTERESIS_APPROACH_DAYS if was_approaching else APPROACH_DAYS
    if elapsed >= planned - near or forecast.p_half_lost >= P_POSSIBLY_LOST:
        return Status.APPROACHING
    return Status.NOT_DUE


def status_by_plan(protocol: Protocol, elapsed: int) -> Status:
    """Return the status in maintenance, `elapsed` days after the last infusion, by the plan alone."""
    past = elapsed - protocol.max_interval_days
    if past > OVERDUE_GRACE_DAYS:
        return Status.OVERDUE
    if past >= 0:
        return Status.DUE
    return Status.APPROACHING if past >= -APPROACH_DAYS else Status.NOT_DUE


def planned_day(forecast: Forecast, protocol: Protocol) -> int:
    """Return the planned day, in whole days after the last infusion, inside the plan's window."""
    return _clamp(forecast.plan_by, protocol)


def wear_off(forecast: Forecast) -> WearOff:
    """Return the wear-off flag, the only effect of the forecast before the plan's earliest day."""
    if forecast.p_half_lost < P_POSSIBLY_LOST:
        return WearOff.NONE
    return WearOff.LIKELY if forecast.p_half_lost >= P_PROBABLY_LOST else WearOff.POSSIBLE


def pace(forecast: Forecast) -> Pace:
    """Return whether this cycle wears off sooner or later than is usual for the patient."""
    if forecast.p_sooner >= NOT_AS_USUAL:
        return Pace.SOONER
    return Pace.LATER if forecast.p_sooner <= 1 - NOT_AS_USUAL else Pace.AS_USUAL


def _clamp(day: float, protocol: Protocol) -> int:
    return min(max(ceil(day), protocol.min_interval_days), protocol.max_interval_days)
