"""The clinical core in the form a walk-forward scorer calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import isnan
from typing import Any, Final

from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.outlook.forecast import Forecast
from clinical.outlook.forecast import forecast as clinical_forecast
from clinical.protocol import Protocol

A_MONDAY: Final = date(2024, 1, 1)


def forecast(history: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """Return (median half-benefit day, lo80, hi80, p_half_lost) on the history's axis, or None without one.

    `history` holds equally long arrays `day`, `mood`, `anxiety` (NaN when missing) of the answered days,
    the array `infusions`, and the integers `today` and `start_weekday` (of day 0, Monday 0).
    """
    epoch = A_MONDAY + timedelta(days=int(history["start_weekday"]))
    made = clinical_forecast(_history(history, epoch), epoch + timedelta(days=int(history["today"])))
    if not isinstance(made, Forecast):
        return None
    start = (made.model_input.start - epoch).days
    half = made.half_benefit_day
    return start + half.median, start + half.lo80, start + half.hi80, made.p_half_lost


def _history(history: Mapping[str, Any], epoch: date) -> History:
    zero = epoch.toordinal()
    columns = (history[name].tolist() for name in ("day", "mood", "anxiety"))
    readings = tuple(
        Reading(date.fromordinal(zero + day), mood, None if isnan(anxiety) else anxiety)
        for day, mood, anxiety in zip(*columns, strict=True)
    )
    infusions = tuple(GivenInfusion(date.fromordinal(zero + day)) for day in history["infusions"].tolist())
    return History(readings, infusions, Protocol())
