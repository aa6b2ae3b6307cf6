"""Courses of treatment to ask the core about: plain ones, and any that can be stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.protocol import Protocol
from clinical.score import Instrument, Score

FIRST_INFUSION = date(2026, 3, 2)
INDUCTION = tuple(FIRST_INFUSION + timedelta(days=days) for days in (0, 3, 7, 10, 14, 17))
OPENED = INDUCTION[-1]


def day(number: int) -> date:
    """A day counted from the last induction infusion."""
    return OPENED + timedelta(days=number)


def course(
    *, intervals: tuple[int, ...] = (), until: int = 21, half: float = 18.0, seed: int = 1, gain: float = 4.0
) -> History:
    """A responder who answers every day: a fortnight before, then cycles that lose half after `half` days.

    `intervals` are the days between maintenance infusions, `until` the days into the running cycle.
    """
    noise = np.random.default_rng(seed)
    starts = [0]
    for interval in intervals:
        starts.append(starts[-1] + interval)
    readings = [_reading(FIRST_INFUSION - timedelta(days=before), 3.0, noise) for before in range(14, 0, -1)]
    for number in range(starts[-1] + until + 1):
        since = number - max(start for start in starts if start <= number)
        readings.append(_reading(day(number), 3.0 + gain * 2 ** -((since / half) ** 2), noise))
    infusions = tuple(GivenInfusion(given) for given in (*INDUCTION, *(day(start) for start in starts[1:])))
    return History(tuple(readings), infusions, Protocol())


def running_day(history: History) -> date:
    """The last answered day."""
    return history.readings[-1].day


def without(history: History, *days: date) -> History:
    """The history with those days' readings withdrawn."""
    return replace(history, readings=tuple(r for r in history.readings if r.day not in days))


def _reading(on: date, level: float, noise: np.random.Generator) -> Reading:
    mood = float(np.clip(np.round(level + noise.normal(0, 0.9)), 0, 10))
    anxiety = float(np.clip(np.round(9 - level + noise.normal(0, 0.9)), 0, 10))
    return Reading(on, mood, anxiety)


_RATINGS = st.integers(0, 10).map(float) | st.floats(0, 10)
_BASE = date(2026, 1, 1)
_DAYS = st.integers(0, 220).map(lambda days: _BASE + timedelta(days=days))
_ANY_DAY = st.dates() | _DAYS


def readings(days: st.SearchStrategy[date] = _DAYS) -> st.SearchStrategy[tuple[Reading, ...]]:
    """Up to 120 readings, one a day, in order; up to 30 different answers, which then repeat.

    Four drawn values for each of 120 days would be most of the time that a test takes.
    """
    answers = st.tuples(_RATINGS, st.none() | _RATINGS, st.none() | _RATINGS, st.none() | st.integers(0, 100))
    return st.builds(
        _answered, st.lists(days, max_size=120, unique=True), st.lists(answers, min_size=1, max_size=30)
    )


def _answered(
    days: list[date], answers: list[tuple[float, float | None, float | None, int | None]]
) -> tuple[Reading, ...]:
    # Days are drawn in any order, so that repeated answers do not recur in the order of days.
    found = (Reading(day, *answers[number % len(answers)]) for number, day in enumerate(days))
    return tuple(sorted(found, key=lambda reading: reading.day))


def infusions(days: st.SearchStrategy[date] = _DAYS) -> st.SearchStrategy[tuple[GivenInfusion, ...]]:
    """Up to 14 infusions, several on a day if it so happens, in order."""
    one = st.builds(GivenInfusion, day=days, reason=st.sampled_from(InfusionReason))
    return st.lists(one, max_size=14).map(lambda found: tuple(sorted(found)))


def scores(days: st.SearchStrategy[date] = _DAYS) -> st.SearchStrategy[tuple[Score, ...]]:
    """Up to six PHQ-9 totals, one a day, in order."""
    one = st.builds(Score, day=days, instrument=st.sampled_from(Instrument), total=st.integers(0, 27))
    return st.lists(one, max_size=6, unique_by=lambda score: score.day).map(
        lambda found: tuple(sorted(found))
    )


def baselines(days: st.SearchStrategy[date] = _DAYS) -> st.SearchStrategy[AssessedBaseline | None]:
    """A judged baseline, or none."""
    rating = st.integers(0, 10)
    return st.none() | st.builds(AssessedBaseline, assessed_on=days, mood=rating, anxiety=st.none() | rating)


def protocols() -> st.SearchStrategy[Protocol]:
    """Any plan at all, sound or not."""
    few = st.integers(-3, 120)
    maybe = st.none() | _ANY_DAY
    return st.builds(
        Protocol,
        induction_infusion_count=st.integers(0, 6) | few,
        induction_days=few,
        min_interval_days=few,
        max_interval_days=few,
        paused_on=maybe,
        resumes_on=maybe,
        ended_on=st.none() | maybe,
    )


def treated() -> st.SearchStrategy[History]:
    """Histories of patients in maintenance, with ratings of every kind and any number of missing days."""
    return st.builds(
        _treated,
        days=st.lists(st.integers(20, 200), min_size=3, max_size=10),
        seed=st.integers(0, 10_000),
        missing=st.sampled_from((0.0, 0.3, 0.9)),
        spread=st.sampled_from((0.0, 1.0, 5.0)),
        gain=st.sampled_from((-4.0, 0.0, 5.0)),
        without=st.sampled_from(("", "anxiety", "enjoyment")),
    )


def histories() -> st.SearchStrategy[History]:
    """Any history that can be stored, most of them within one year."""
    return st.one_of(
        treated(),
        st.builds(result, treated(), scores(), baselines(), st.integers(1, 9)),
        st.builds(History, readings(), infusions(), protocols(), scores(), baselines()),
        st.builds(
            History,
            readings(_ANY_DAY),
            infusions(_ANY_DAY),
            protocols(),
            scores(_ANY_DAY),
            baselines(_ANY_DAY),
        ),
    )


def result(
    history: History, scores: tuple[Score, ...], baseline: AssessedBaseline | None, every: int
) -> History:
    """The history with scores, a judged baseline, and benefit left answered on every so many days."""
    readings = tuple(
        replace(reading, benefit_left=(37 * number) % 101) if number % every == 0 else reading
        for number, reading in enumerate(history.readings)
    )
    asked = tuple(
        replace(given, reason=list(InfusionReason)[number % len(InfusionReason)])
        for number, given in enumerate(history.infusions)
    )
    return replace(history, readings=readings, infusions=asked, scores=scores, baseline=baseline)


def _treated(
    *, days: list[int], seed: int, missing: float, spread: float, gain: float, without: str
) -> History:
    # All days at once: Hypothesis counts this as generating data, and fails a test whose data come slowly.
    noise, numbers = np.random.default_rng(seed), np.arange(261)
    since = np.full(numbers.size, 999)
    for start in sorted(days):
        since[start:] = numbers[start:] - start
    levels = (4 + gain * 2.0 ** -(since / 15))[:, None] + spread * noise.normal(size=(numbers.size, 3))
    ratings = np.clip(np.round(levels), 0, 10).tolist()
    absent = (noise.random((numbers.size, 3)) < missing).tolist()
    found = [
        Reading(
            _BASE + timedelta(days=number),
            mood,
            None if without == "anxiety" or no_anxiety else 10 - calm,
            None if without == "enjoyment" or no_enjoyment else enjoyment,
        )
        for number, ((mood, calm, enjoyment), (no_reading, no_anxiety, no_enjoyment)) in enumerate(
            zip(ratings, absent, strict=True)
        )
        if not no_reading
    ]
    given = tuple(GivenInfusion(_BASE + timedelta(days=number)) for number in sorted(days))
    return History(tuple(found), given, Protocol(induction_infusion_count=2))


def todays() -> st.SearchStrategy[date]:
    """Any day to ask on."""
    return st.integers(100, 260).map(lambda days: _BASE + timedelta(days=days)) | st.dates()
