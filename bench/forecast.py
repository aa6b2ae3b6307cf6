"""The clinical core in the form a walk-forward scorer calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import isnan
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any, Final

from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.outlook import outlook
from clinical.outlook.forecast import Forecast
from clinical.outlook.forecast import forecast as clinical_forecast
from clinical.outlook.patient import forget
from clinical.protocol import Protocol

A_MONDAY: Final = date(2024, 1, 1)


def forecast(history: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """(median due day, lo80, hi80, p_crossed) in real days of the history's own axis, or None on refusal.

    `history` holds equally long arrays `day`, `mood`, `anxiety` (NaN when missing) of the answered days,
    the array `infusions`, and the integers `today` and `start_weekday` (of day 0, Monday 0).
    """
    epoch = A_MONDAY + timedelta(days=int(history["start_weekday"]))
    made = clinical_forecast(_history(history, epoch), epoch + timedelta(days=int(history["today"])))
    if not isinstance(made, Forecast):
        return None
    start = (made.material.start - epoch).days
    return start + made.due.median, start + made.due.lo80, start + made.due.hi80, made.p_crossed


def _history(history: Mapping[str, Any], epoch: date) -> History:
    zero = epoch.toordinal()
    columns = (history[name].tolist() for name in ("day", "mood", "anxiety"))
    readings = tuple(
        Reading(date.fromordinal(zero + day), mood, None if isnan(anxiety) else anxiety)
        for day, mood, anxiety in zip(*columns, strict=True)
    )
    infusions = tuple(GivenInfusion(date.fromordinal(zero + day)) for day in history["infusions"].tolist())
    return History(readings, infusions, Protocol())


def a_year(days: int = 240, interval: int = 28) -> tuple[History, date]:
    """A patient who answers every day, six induction infusions and then one every `interval` days."""
    draw = Random(1)
    first = A_MONDAY + timedelta(days=14)
    given = [first + timedelta(days=number) for number in (0, 3, 7, 10, 14, 17)]
    while given[-1] + timedelta(days=interval) < A_MONDAY + timedelta(days=days):
        given.append(given[-1] + timedelta(days=interval))
    readings = []
    for number in range(days):
        day = A_MONDAY + timedelta(days=number)
        since = min(((day - infusion).days for infusion in given if infusion <= day), default=999)
        level = 3 + 3.5 * 2 ** -((since / 20) ** 2) + draw.gauss(0, 1.2)
        readings.append(Reading(day, min(max(round(level), 0), 10), min(max(round(9 - level), 0), 10)))
    return History(tuple(readings), tuple(map(GivenInfusion, given)), Protocol()), readings[-1].day


def main() -> None:
    """Time an outlook on `a_year`: its whole history anew, and a day after another answer."""
    history, today = a_year()
    anew: list[float] = []
    again: list[float] = []
    for _ in range(200):
        forget()
        for times in (anew, again):
            begun = perf_counter()
            outlook(history, today)
            times.append(1_000 * (perf_counter() - begun))
    finished = outlook(history, today).cycles_finished
    print(f"{len(history.readings)} readings, {finished} finished cycles, milliseconds a call")
    for name, times in (("anew", anew), ("again", again)):
        cuts = quantiles(times, n=100)
        print(f"{name:6} median {cuts[49]:.2f}  99th percentile {cuts[98]:.2f}")


if __name__ == "__main__":
    main()
