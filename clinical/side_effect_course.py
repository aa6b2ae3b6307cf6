"""Side effects over time: after each infusion, prolonged ones, and urinary symptoms by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from clinical.answer_timing import AnswerTiming
from clinical.check_in import Severity, SideEffect
from clinical.side_effects import CATALOGUE, Group, burden

USUAL_ON_THE_DAY: Final = frozenset({"dissociation", "visual_disturbance", "numbness", "lightheadedness"})
"""What half or more of 188 patients felt on an infusion's day, at its height within the hour and gone within
two to four (NIMH). That "woozy" and "spacey" are our light-headedness is our reading."""

PROLONGED_FROM_DAY: Final = 2
"""Day from which a side effect that is usual on day 0 is no longer expected.
Source: NIMH, 188 patients: gone within four hours."""

URINARY: Final = frozenset(kind.code for kind in CATALOGUE if kind.group is Group.URINARY)

_ORDER: Final = {Severity.MILD: 1, Severity.MODERATE: 2, Severity.SEVERE: 3}
"""Order of severities. Operational."""

NO_TIMINGS: Final[Mapping[date, AnswerTiming]] = {}

AskedDay = tuple[date, tuple[SideEffect, ...]]
"""A day on which side effects were asked for, and those named; none where there were none."""


@dataclass(frozen=True, slots=True)
class EffectOfDay:
    """One day asked: its burden (mild 1, moderate 2, severe 3, added up), and days since an infusion.

    `timing` says whether an infusion's day was answered before the infusion began, after it or at a time that
    is not known; None on other days. What was answered before counts from the infusion before.
    """

    day: date
    burden: int
    days_since_infusion: int | None
    timing: AnswerTiming | None = None


@dataclass(frozen=True, slots=True)
class EffectAfter:
    """One side effect after one infusion, in days after it; `days` counts the days on which it was named."""

    code: str
    onset_day: int
    last_day: int
    days: int
    worst: Severity


@dataclass(frozen=True, slots=True)
class AfterInfusion:
    """Side effects reported after one infusion, up to the beginning of the next, on `asked_day_count` days.

    What was answered on its day before it began belongs to the infusion before. `burden_on_the_day` is None
    where that day was not asked, or before it began alone; `timing_on_the_day` says which, and is unknown
    where the time of the answer is not known: then it is counted here, and may have been before.
    """

    infusion: date
    asked_day_count: int
    burden_on_the_day: int | None
    burden_later: int
    effects: tuple[EffectAfter, ...]
    timing_on_the_day: AnswerTiming | None = None


@dataclass(frozen=True, slots=True)
class ProlongedEffect:
    """A side effect that is usual on an infusion's day, reported on day 2 or later."""

    day: date
    code: str
    severity: Severity
    days_since_infusion: int


@dataclass(frozen=True, slots=True)
class UrinaryMonth:
    """One calendar month, as 2026-11: days asked for side effects, and days with a urinary symptom."""

    month: str
    asked_day_count: int
    symptom_day_count: int


@dataclass(frozen=True, slots=True)
class EffectCourse:
    """A patient's side effects over time, in order of day."""

    days: tuple[EffectOfDay, ...]
    infusions: tuple[AfterInfusion, ...]
    prolonged: tuple[ProlongedEffect, ...]
    urinary: tuple[UrinaryMonth, ...]


def effect_course(
    asked: Sequence[AskedDay],
    infusions: Sequence[date],
    today: date,
    timings: Mapping[date, AnswerTiming] = NO_TIMINGS,
) -> EffectCourse:
    """Return side effects by the infusions they follow; days after `today` are ignored.

    `timings` are those of the answers of infusions' days; one that is missing there is not known.
    """
    reported = sorted((each for each in asked if each[0] <= today), key=lambda each: each[0])
    given = sorted({day for day in infusions if day <= today})
    at = {day: timings.get(day, AnswerTiming.UNKNOWN) for day, _ in reported if day in set(given)}
    # The infusion that each day follows; one answered before its own day's infusion follows the one before.
    followed = {
        day: _last_before(day if at.get(day) is not AnswerTiming.BEFORE else day - timedelta(days=1), given)
        for day, _ in reported
    }
    since = {day: None if infusion is None else (day - infusion).days for day, infusion in followed.items()}
    return EffectCourse(
        days=tuple(EffectOfDay(day, burden(effects), since[day], at.get(day)) for day, effects in reported),
        infusions=tuple(
            replace(
                _after(day, [each for each in reported if followed[each[0]] == day]),
                timing_on_the_day=at.get(day),
            )
            for day in given
        ),
        prolonged=tuple(
            ProlongedEffect(day, effect.code, effect.severity, ago)
            for day, effects in reported
            if (ago := since[day]) is not None and ago >= PROLONGED_FROM_DAY
            for effect in sorted(effects)
            if effect.code in USUAL_ON_THE_DAY
        ),
        urinary=_by_month(reported),
    )


def urinary_days(asked: Sequence[AskedDay]) -> tuple[date, ...]:
    """Return the days on which a urinary symptom was reported."""
    return tuple(day for day, effects in asked if any(effect.code in URINARY for effect in effects))


def _last_before(day: date, given: Sequence[date]) -> date | None:
    return max((infusion for infusion in given if infusion <= day), default=None)


def _after(infusion: date, reported: Sequence[AskedDay]) -> AfterInfusion:
    by_day = dict(reported)
    named: dict[str, list[tuple[int, Severity]]] = {}
    for day, effects in reported:
        for effect in effects:
            named.setdefault(effect.code, []).append(((day - infusion).days, effect.severity))
    effects_after = (
        EffectAfter(
            code,
            seen[0][0],
            seen[-1][0],
            len(seen),
            max((severity for _, severity in seen), key=_ORDER.__getitem__),
        )
        for code, seen in named.items()
    )
    return AfterInfusion(
        infusion=infusion,
        asked_day_count=len(by_day),
        burden_on_the_day=burden(by_day[infusion]) if infusion in by_day else None,
        burden_later=sum(burden(effects) for day, effects in reported if day > infusion),
        effects=tuple(sorted(effects_after, key=lambda each: (each.onset_day, each.code))),
    )


def _by_month(reported: Sequence[AskedDay]) -> tuple[UrinaryMonth, ...]:
    with_any = set(urinary_days(reported))
    months: dict[str, list[bool]] = {}
    for day, _ in reported:
        months.setdefault(f"{day:%Y-%m}", []).append(day in with_any)
    return tuple(UrinaryMonth(month, len(days), sum(days)) for month, days in months.items())
