"""What a change of a total means, against the patient's own total before treatment, by published thresholds.

Only totals of one instrument are compared with each other. Never a single answer, and never a daily rating:
the scales look back two weeks or a month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from clinical.direction import Direction

BASELINE_DAYS: Final = 28
"""A total counts as the one before treatment when it was given in the four weeks up to the first infusion,
the days that the outlook takes for its baseline too."""


class Reliable(StrEnum):
    """Whether a change is larger than the instrument's own wavering."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What was published about one instrument's changes; None where nothing was.

    `response` is the share of the first total that has to go, `remission` the total it must not exceed,
    `reliable` the points of a change that is more than error, `meaningful` those that patients notice.
    """

    direction: Direction
    response: float | None = None
    remission: int | None = None
    reliable: float | None = None
    meaningful: float | None = None
    sources: Mapping[str, str] | None = None


THRESHOLDS: Final[Mapping[str, Thresholds]] = {
    "phq-9": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response=0.5,
        remission=4,
        reliable=6,
        meaningful=5,
        sources={
            "response": "McInnes 2022; SUSTAIN-3",
            "remission": "below 5: McInnes 2022; SUSTAIN-3",
            "reliable": "NHS in England; 6.9 from two standard errors (Loewe 2004)",
            "meaningful": "Loewe 2004",
        },
    ),
    "gad-7": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response=0.5,
        remission=4,
        reliable=4,
        meaningful=4,
        sources={
            "response": "J Affect Disord 2026, n = 209",
            "remission": "J Affect Disord 2026, n = 209",
            "reliable": "NHS in England; 6 in Bischoff 2020",
            "meaningful": "Toussaint 2020",
        },
    ),
    "pcl-5": Thresholds(
        Direction.HIGHER_IS_WORSE,
        remission=28,
        reliable=18,
        meaningful=9,
        sources={
            "remission": "range of people without PTSD: Marx 2022, veterans",
            "reliable": "15 to 18 in Marx 2022; the greater is taken, a proposal",
            "meaningful": "9 to 12 in Blanchard 2023; the smaller is taken, a proposal",
        },
    ),
    "who-5": Thresholds(Direction.HIGHER_IS_BETTER, meaningful=10, sources={"meaningful": "Topp 2015"}),
    "madrs": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response=0.5,
        remission=10,
        sources={
            "response": "trials of ketamine, as Murrough 2013",
            "remission": "10 or 12 in trials; the stricter is taken, a proposal",
        },
    ),
    "qids-sr": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response=0.5,
        remission=5,
        sources={"response": "Anand 2023", "remission": "Anand 2023"},
    ),
    "isi": Thresholds(
        Direction.HIGHER_IS_WORSE, meaningful=8.4, sources={"meaningful": "moderate improvement: Morin 2011"}
    ),
}
"""Of instruments that are not here no published threshold was seen: their totals are shown, not judged."""


@dataclass(frozen=True, slots=True)
class Change:
    """One total against the first; each word is None where nothing was published to judge it by.

    `difference` is signed as the totals are: below 0 when the total fell. Whoever was in remission's range
    before treatment can neither respond nor remit: both are None then.
    """

    difference: int
    response: bool | None
    remission: bool | None
    reliable: Reliable | None
    meaningful: Reliable | None


def change(instrument: str, before: int, total: int) -> Change:
    """Judge a total against the patient's own total before treatment, by the instrument's thresholds."""
    known = THRESHOLDS.get(instrument)
    difference = total - before
    if known is None:
        return Change(difference, None, None, None, None)
    gained = -difference if known.direction is Direction.HIGHER_IS_WORSE else difference
    can_remit = known.remission is None or before > known.remission
    response = remission = None
    if can_remit and known.response is not None and before > 0:
        response = gained >= known.response * before
    if can_remit and known.remission is not None:
        remission = total <= known.remission
    return Change(
        difference, response, remission, _larger(gained, known.reliable), _larger(gained, known.meaningful)
    )


def _larger(gained: int, points: float | None) -> Reliable | None:
    if points is None:
        return None
    if gained >= points:
        return Reliable.IMPROVED
    return Reliable.WORSENED if -gained >= points else Reliable.NO


Point = tuple[date, int]
"""A total, by the local day on which the questionnaire was answered."""


def before_treatment(points: Sequence[Point], first_infusion: date) -> Point | None:
    """The last of the totals given in the four weeks up to the first infusion's day, or None."""
    earliest = first_infusion - timedelta(days=BASELINE_DAYS)
    return max((point for point in points if earliest <= point[0] <= first_infusion), default=None)


RELAPSE_TOTAL: Final = 10
RELAPSE_RISE: Final = 6
CONFIRMED_FROM_DAY: Final = 5
CONFIRMED_TO_DAY: Final = 15
"""A relapse by PHQ-9, a proposal of ours and not a standard: 10 or more, and 6 or more above the best total
since treatment began; confirmed by a second such total 5 to 15 days later."""


@dataclass(frozen=True, slots=True)
class Relapse:
    """The day of the first total that says so, and the day of the one that confirms it, None so far."""

    day: date
    confirmed: date | None


def relapse(points: Sequence[Point], first_infusion: date) -> Relapse | None:
    """The first confirmed relapse by PHQ-9 after treatment began, else the latest that awaits confirmation.

    One not confirmed in time is none, once another total was given.
    """
    best: int | None = None
    waiting: list[date] = []
    for day, total in sorted(point for point in points if point[0] > first_infusion):
        waiting = [first for first in waiting if (day - first).days <= CONFIRMED_TO_DAY]
        if best is not None and total >= RELAPSE_TOTAL and total - best >= RELAPSE_RISE:
            for first in waiting:
                if (day - first).days >= CONFIRMED_FROM_DAY:
                    return Relapse(first, day)
            waiting.append(day)
        best = total if best is None else min(best, total)
    return Relapse(waiting[-1], None) if waiting else None
