"""How long one outlook takes, by itself and against maximum-likelihood fits of the same days."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.statespace.structural import UnobservedComponents

from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.outlook import outlook
from clinical.outlook.forecast import forecast
from clinical.outlook.patient import forget
from clinical.protocol import Protocol

FIRST: Final = date(2024, 1, 1)
DAYS: Final = 180
INFUSIONS: Final = (14, 17, 21, 24, 28, 31, 56, 81, 106, 131, 156)
"""A fortnight, then six induction infusions, the last of which opens the first of six cycles."""

CALLS: Final = 300
FITS: Final = 11

MODELS: Final[dict[str, dict[str, object]]] = {
    "local level": {"level": "local level"},
    "trend, week, AR(1)": {"level": "local linear trend", "seasonal": 7, "autoregressive": 1},
}
"""The plainest structural model, which forecasts a flat line, and the one with what the engine reckons with:
a course, a week's effect and noise that carries over."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds a call."""

    median: float
    p99: float


@dataclass(frozen=True, slots=True)
class Speed:
    """The engine's calls and the fits, by what was timed.

    "anew" keeps nothing from before; "kept" has read the finished cycles before, as on any day after the
    first.
    """

    readings: int
    cycles: int
    ours: dict[str, Times]
    fits: dict[str, Times]


def speed() -> Speed:
    """Time forecasts and outlooks on a stored history, and structural models of its moods."""
    history, today = stored()
    moods = np.array([reading.mood for reading in history.readings])
    return Speed(
        readings=len(history.readings),
        cycles=outlook(history, today).cycles_finished + 1,
        ours={
            "forecast, anew": _timed(lambda: forecast(history, today), CALLS, before=forget),
            "forecast, kept": _timed(lambda: forecast(history, today), CALLS),
            "outlook with reasons, anew": _timed(lambda: outlook(history, today), CALLS, before=forget),
            "outlook with reasons, kept": _timed(lambda: outlook(history, today), CALLS),
        },
        fits={name: _timed(partial(_fit, moods, name), FITS) for name in MODELS},
    )


def stored() -> tuple[History, date]:
    """180 days, each answered with mood, anxiety and enjoyment and every seventh with what is left."""
    draw = Random(1)
    readings = []
    for number in range(DAYS):
        since = min((number - given for given in INFUSIONS if given <= number), default=999)
        left = 2 ** -((since / 20) ** 2)
        mood, calm, enjoyment = (_rated(3 + 3.5 * left + draw.gauss(0, 1.2)) for _ in range(3))
        item = round(100 * left) if since in {7, 14, 21} else None
        readings.append(Reading(FIRST + timedelta(days=number), mood, 10 - calm, enjoyment, item))
    infusions = tuple(GivenInfusion(FIRST + timedelta(days=day)) for day in INFUSIONS)
    return History(tuple(readings), infusions, Protocol()), readings[-1].day


def _rated(level: float) -> int:
    return min(max(round(level), 0), 10)


def _fit(moods: NDArray[np.float64], name: str) -> None:
    with warnings.catch_warnings():
        # Whether it converged is not what is timed.
        warnings.simplefilter("ignore")
        UnobservedComponents(moods, **MODELS[name]).fit(disp=False)


def _timed(deed: Callable[[], object], times: int, before: Callable[[], object] | None = None) -> Times:
    deed()
    found = []
    for _ in range(times):
        if before is not None:
            before()
        begun = perf_counter()
        deed()
        found.append(1_000 * (perf_counter() - begun))
    return Times(median(found), quantiles(found, n=100, method="inclusive")[98])


if __name__ == "__main__":
    print(speed())
