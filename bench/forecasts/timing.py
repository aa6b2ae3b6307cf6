"""How long one outlook takes, by itself and against maximum-likelihood fits of the same days."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.outlook import outlook
from clinical.outlook.forecast import forecast
from clinical.outlook.model.patient_state import clear_caches
from clinical.protocol import Protocol

FIRST: Final = date(2024, 1, 1)
DAYS: Final = 180
INFUSIONS: Final = (14, 17, 21, 24, 28, 31, 56, 81, 106, 131, 156)
"""A fortnight, then six induction infusions, the last of which opens the first of six cycles."""

ROUNDS: Final = 11
CALLS: Final = 30
"""What is timed takes turns, so that a machine that slows down slows all of it: in each round so many calls
of the engine, and one fit of each model."""

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

    "uncached" starts with an empty cache; "cached" has read the finished cycles before, as on any day
    after the first.
    """

    readings: int
    cycles: int
    ours: dict[str, Times]
    fits: dict[str, Times]


def speed() -> Speed:
    """Time forecasts and outlooks on a stored history, and structural models of its moods."""
    history, today = stored()
    moods = np.array([reading.mood for reading in history.readings])
    model = _structural_model()
    calls: dict[str, Callable[[], object]] = {
        "forecast": partial(forecast, history, today),
        "outlook with reasons": partial(outlook, history, today),
    }
    ours: defaultdict[str, list[float]] = defaultdict(list)
    fits: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, call in calls.items():
            ours[f"{name}, uncached"] += [_milliseconds(call, before=clear_caches) for _ in range(CALLS)]
            ours[f"{name}, cached"] += [_milliseconds(call) for _ in range(CALLS)]
        for name in MODELS:
            fits[name].append(_milliseconds(partial(_fit, model, moods, name)))
    return Speed(
        readings=len(history.readings),
        cycles=outlook(history, today).finished_cycle_count + 1,
        ours={name: _times(found) for name, found in ours.items()},
        fits={name: _times(found) for name, found in fits.items()},
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


def _structural_model() -> Any:
    # Imported here: it takes two seconds, in every process that collects the tests.
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    return UnobservedComponents


def _fit(model: Any, moods: NDArray[np.float64], name: str) -> None:
    with warnings.catch_warnings():
        # Whether it converged is not what is timed.
        warnings.simplefilter("ignore")
        model(moods, **MODELS[name]).fit(disp=False)


def _milliseconds(call: Callable[[], object], before: Callable[[], object] | None = None) -> float:
    if before is not None:
        before()
    begun = perf_counter()
    call()
    return 1_000 * (perf_counter() - begun)


def _times(found: Sequence[float]) -> Times:
    return Times(median(found), quantiles(found, n=100, method="inclusive")[98])
