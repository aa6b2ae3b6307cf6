"""The policies that are compared, each at several settings, and in which world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.forecasts.closed_loop.policies import (
    AT_HALF,
    NOTHING,
    PLAN,
    Calendar,
    OnCall,
    Oracle,
    Policy,
    Recommended,
    SevenDayMean,
)
from bench.simulation.cohort import EVERYTHING, Question
from bench.simulation.treatment_course import FELT_AT
from bench.simulation.worlds import OTHERS, USUAL, World
from clinical.protocol import Protocol

WIDE: Final = Protocol(min_interval_days=10, max_interval_days=42)
"""A wider window, to measure what the plan's costs; a proposal."""
CALLS_AT_HALF: Final = AT_HALF + 0.5 - FELT_AT[0]
"""What a patient feels who calls, on average, when half is left; elsewhere in the simulation calls are
later, when 42 % is left."""

DAYS: Final = (14, 17, 21, 24, 28)
LONGER: Final = (10, 35, 42)
"""Calendars of the wider window, for comparison with policies that give more or fewer infusions."""
WAITS: Final = (2, 5, 10)
ALARMS: Final = (0.2, 0.35, 0.5, 0.7, 0.9)
QUANTILES: Final = (0.10, 0.17, 0.25, 0.35, 0.50, 0.75)
THREE: Final = (0.10, 0.25, 0.50)
FEW: Final = (0.25, 0.50)
FOUR: Final = (0.10, 0.25, 0.50, 0.75)
FACTORS: Final = (0.8, 0.9, 1.0, 1.2, 1.5)

CALENDAR: Final = "calendar"
OURS: Final = "ours, every question"
OURS_WIDE: Final = f"{OURS}, 10-42 days"
MOOD: Final = "ours, mood and anxiety"
SHORTENS: Final = next(world for world in OTHERS if world.pace < 0)


@dataclass(frozen=True, slots=True)
class Setting:
    """One policy of a family: the settings of a family make its curve."""

    family: str
    name: str
    policy: Policy


def settings() -> dict[World, tuple[Setting, ...]]:
    """Return the settings of each world."""
    return {
        USUAL: (*_usual(), *_only_in_usual()),
        SHORTENS: tuple(
            each
            for each in _usual()
            if each.family not in {OURS, MOOD}
            or each.name in {_percent(quantile) for quantile in (THREE if each.family == OURS else (0.25,))}
        ),
    }


def _usual() -> Iterator[Setting]:
    for days in DAYS:
        yield Setting(CALENDAR, f"{days} days", Calendar(days=days))
    for days in LONGER:
        yield Setting(CALENDAR, f"{days} days, outside the plan", Calendar(days=days, plan=WIDE))
    for wait in WAITS:
        policy = OnCall(calls_at=CALLS_AT_HALF, notice=wait)
        yield Setting("patient calls at half, 14-28 days", f"{wait} days' wait", policy)
    for wait in WAITS:
        policy = OnCall(calls_at=CALLS_AT_HALF, notice=wait, plan=WIDE)
        yield Setting("patient calls at half, 10-42 days", f"{wait} days' wait", policy)
    for alarm in ALARMS:
        yield Setting("7-day mean", f"alarm at {alarm:.2f}", SevenDayMean(alarm_at=alarm))
    yield from _recommended(MOOD, THREE, NOTHING)
    yield from _recommended(OURS, QUANTILES, EVERYTHING)
    yield from _oracle("true day (oracle), 14-28 days", PLAN)


def _only_in_usual() -> Iterator[Setting]:
    for wait in WAITS:
        late = OnCall(calls_at=AT_HALF, notice=wait)
        yield Setting("patient calls later, at 42 % left, 14-28 days", f"{wait} days' wait", late)
    yield from (
        Setting("calendar, or the patient calls", f"{days} days", Calendar(days=days, calls_at=CALLS_AT_HALF))
        for days in DAYS
    )
    yield from _recommended(f"{OURS}, or the patient calls", FEW, EVERYTHING, calls_at=CALLS_AT_HALF)
    for notice in (2, 10):
        policy = Recommended(quantile=0.25, questions=EVERYTHING, notice=notice)
        yield Setting(f"{OURS}, other notice", f"25 %, {notice} days", policy)
    yield from _recommended(OURS_WIDE, FOUR, EVERYTHING, WIDE)
    yield from _oracle("true day (oracle), 10-42 days", WIDE)


def _recommended(
    family: str,
    quantiles: tuple[float, ...],
    questions: frozenset[Question],
    plan: Protocol = PLAN,
    calls_at: float | None = None,
) -> Iterator[Setting]:
    for quantile in quantiles:
        policy = Recommended(quantile=quantile, questions=questions, plan=plan, calls_at=calls_at)
        yield Setting(family, _percent(quantile), policy)


def _oracle(family: str, plan: Protocol) -> Iterator[Setting]:
    for factor in FACTORS:
        yield Setting(family, f"times {factor:.1f}", Oracle(factor=factor, plan=plan))


def _percent(quantile: float) -> str:
    return f"{100 * quantile:.0f} %"
