"""Profiles of the demo clinic's patients: about 75, in every phase and of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import exp
from random import Random
from typing import Final

from clinical.suitability import Decision
from demo.courses import THRICE_WEEKLY, TWICE_WEEKLY, Profile
from services.protocols import ProtocolDraft

MAX_DAYS_AGO: Final = 240
"""Days since the earliest check-in: eight months."""

IN_MAINTENANCE: Final = 29


def profiles(today: date, rng: Random) -> tuple[Profile, ...]:
    """Return every profile, that of the patient with a login first."""
    return (
        DEMO_PATIENT,
        *_before_maintenance(),
        *(_in_maintenance(number, rng) for number in range(IN_MAINTENANCE)),
        *_unusual(),
        *_paused_or_completed(today),
        RATED_BASELINE,
        CAME_BACK,
        TRANSFERRED_IN,
        MORNINGS,
        *_not_by_the_book(),
    )


DEMO_PATIENT: Final = Profile(
    offsets=TWICE_WEEKLY,
    intervals=(24, 26, 23, 25, 22),
    elapsed=15,
    half_days=21.0,
    gain=4.4,
    level=3.0,
    worry=7.2,
    noise=0.9,
    answering=0.93,
    # Today is left unanswered, so that the tutorial can answer it.
    silent_days=1,
    booked_in=7,
    plan=ProtocolDraft(min_interval_days=14, max_interval_days=28),
)
"""The patient with a login: in maintenance, with a good response."""


RATED_BASELINE: Final = Profile(
    intervals=(25, 24),
    elapsed=16,
    gain=4.2,
    baseline_days=0,
    rated_baseline=True,
)
"""No check-ins before the first infusion; a clinician rated the baseline."""


CAME_BACK: Final = Profile(
    given=3,
    elapsed=2,
    booked_in=2,
    label="came back after two years",
    first_course=Profile(intervals=(26, 31, 29), elapsed=20, half_days=27.0, gain=4.0, noise=0.9),
    away_days=650,
)
"""In the induction of a second course."""


MORNINGS: Final = Profile(
    intervals=(27, 25),
    elapsed=8,
    half_days=25.0,
    gain=4.2,
    noise=0.9,
    answering=0.99,
    label="answers at six, infusion at eleven",
    mornings=True,
)
"""Answers of an infusion's day are from before it; on the last one with severe dizziness."""


TRANSFERRED_IN: Final = Profile(
    intervals=(27, 24),
    elapsed=13,
    half_days=25.0,
    gain=4.2,
    noise=0.9,
    answering=0.93,
    label="transferred in",
    elsewhere_count=7,
)
"""Another clinic gave seven infusions, this one the eighth; a clinician rated the baseline."""


def _before_maintenance() -> tuple[Profile, ...]:
    """Return patients before their first infusion and in induction."""
    waiting = Profile(given=0, answering=0.9)
    induction = Profile(intervals=(), booked_in=2)
    return (
        replace(waiting, baseline_days=11, booked_in=3),
        replace(waiting, baseline_days=6, booked_in=8),
        replace(waiting, baseline_days=0, silent_days=2),
        replace(induction, given=1, elapsed=2),
        replace(induction, given=1, elapsed=1, offsets=THRICE_WEEKLY, booked_in=1),
        replace(induction, given=2, elapsed=2, answering=0.95),
        replace(induction, given=3, elapsed=1, weekdays_only=True),
        replace(induction, given=3, elapsed=3, offsets=THRICE_WEEKLY, enjoyment=False),
        replace(induction, given=4, elapsed=2, gain=5.0),
        replace(induction, given=5, elapsed=3, noise=1.6),
        replace(induction, given=5, elapsed=1, offsets=THRICE_WEEKLY, booked_in=2),
    )


def _in_maintenance(number: int, rng: Random) -> Profile:
    """Return a patient in maintenance; days since the last infusion cover the whole window of the plan."""
    half = 23.0 * exp(rng.gauss(0, 0.25))
    driven = rng.random() < 0.4
    elapsed = 2 + (number * 7) % 27
    return Profile(
        offsets=rng.choice((TWICE_WEEKLY, TWICE_WEEKLY, THRICE_WEEKLY)),
        intervals=_intervals(half, elapsed, driven, rng),
        elapsed=elapsed,
        half_days=half,
        shape=rng.uniform(1.3, 2.8),
        gain=rng.uniform(2.4, 4.8),
        level=rng.uniform(2.4, 4.2),
        worry=rng.uniform(5.4, 7.8),
        noise=0.95 * exp(rng.gauss(0, 0.2)),
        symptom_driven=driven,
        baseline_days=rng.randint(10, 20),
        answering=rng.choice((0.62, 0.75, 0.85, 0.9, 0.95)),
        weekdays_only=number % 9 == 4,
        enjoyment=number % 3 != 0,
        side_effects=number % 8 != 5,
        booked_in=rng.randint(2, 12) if number % 3 == 1 and elapsed < 22 else None,
    )


def _intervals(half: float, elapsed: int, driven: bool, rng: Random) -> tuple[int, ...]:
    room = MAX_DAYS_AGO - elapsed - 20 - TWICE_WEEKLY[-1]
    step = rng.choice((21, 28))
    found: list[int] = []
    for _ in range(rng.randint(0, 7)):
        wanted = round(half + rng.uniform(1, 9)) if driven else step + rng.choice((-2, -1, 0, 0, 1, 3))
        interval = min(max(wanted, 14), 45)
        if sum(found) + interval > room:
            break
        found.append(interval)
    return tuple(found)


def _unusual() -> tuple[Profile, ...]:
    """Return patients with unusual courses."""
    usual = Profile(intervals=(27, 29, 26), elapsed=12)
    short = ProtocolDraft(min_interval_days=9, max_interval_days=21)
    long = ProtocolDraft(min_interval_days=28, max_interval_days=63)
    return (
        # The benefit lasts ten days.
        replace(usual, intervals=(14, 13, 12, 13, 12, 14), half_days=9.5, elapsed=13, gain=4.6, plan=short),
        replace(usual, intervals=(18, 17, 19), half_days=11.0, elapsed=19, symptom_driven=True),
        replace(usual, intervals=(20, 22), half_days=13.0, elapsed=23, symptom_driven=True),
        # It lasts for two months.
        replace(usual, intervals=(55, 60), half_days=62.0, elapsed=24, gain=4.5, plan=long),
        replace(usual, intervals=(50,), half_days=58.0, elapsed=31, plan=long, noise=0.9),
        # No benefit.
        replace(usual, intervals=(21, 21), gain=-1.2, half_days=60.0, elapsed=16, label="did not respond"),
        # Worse than before treatment.
        replace(usual, intervals=(28,), gain=-3.0, half_days=400.0, level=5.0, elapsed=11, label="worsened"),
        # They stopped answering: three weeks ago, and nine days ago.
        replace(usual, elapsed=25, silent_days=21, gain=4.5),
        replace(usual, elapsed=17, silent_days=9, label="regular, silent"),
        # No check-ins before the first infusion.
        replace(usual, baseline_days=0, elapsed=9),
        # Past the plan's longest interval.
        replace(usual, intervals=(28, 27), elapsed=38, half_days=26.0),
        replace(usual, intervals=(26,), elapsed=44, half_days=20.0, answering=0.7),
        # Half of the days answered, and all of them.
        replace(usual, answering=0.4, elapsed=18),
        replace(usual, answering=0.995, elapsed=6, noise=0.7),
    )


def _not_by_the_book() -> tuple[Profile, ...]:
    """Return patients whose course does not go as planned; docs/demo.md lists them."""
    steady = Profile(intervals=(25, 24), half_days=24.0, gain=4.4, noise=0.7, answering=0.97)
    series = replace(steady, intervals=())
    return (
        replace(series, given=3, elapsed=52, silent_days=33, label="dropped out of induction"),
        replace(steady, elapsed=12, every_days=10, silent_days=9, answering=0.999, label="answers rarely"),
        replace(steady, elapsed=12, half_days=40.0, low_days=5, booked_in=10, label="collapsed on day 12"),
        replace(steady, elapsed=7, decision=Decision.NOT_SUITABLE, label="not suitable, treated"),
        replace(steady, elapsed=8, booked_in=2, label="booked before the plan's window"),
        replace(steady, elapsed=21, half_days=22.0, label="due, not booked"),
        replace(series, elapsed=9, label="response review due"),
        replace(series, elapsed=11, reviewed_ago=2, label="response review recorded"),
        replace(
            steady, elapsed=26, half_days=16.0, intrusive_thoughts=True, label="OCD by intrusive thoughts"
        ),
    )


def _paused_or_completed(today: date) -> tuple[Profile, ...]:
    """Return patients whose plan is paused or completed."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    usual = Profile(intervals=(24, 26), answering=0.8)
    travelling = ProtocolDraft(paused_on=ago(9), resumes_on=ago(-12))
    return (
        replace(usual, elapsed=20, plan=travelling),
        replace(usual, elapsed=47, plan=ProtocolDraft(paused_on=ago(30)), silent_days=6),
        replace(usual, elapsed=33, plan=ProtocolDraft(paused_on=ago(20)), half_days=30.0),
        replace(usual, intervals=(), given=3, elapsed=16, plan=ProtocolDraft(paused_on=ago(14))),
        replace(usual, elapsed=75, plan=ProtocolDraft(ended_on=ago(40)), silent_days=38, half_days=60.0),
        replace(
            usual, intervals=(28, 28, 27), elapsed=55, plan=ProtocolDraft(ended_on=ago(25)), silent_days=20
        ),
        replace(
            usual, intervals=(21,), gain=0.2, elapsed=60, plan=ProtocolDraft(ended_on=ago(45)), silent_days=44
        ),
    )
