"""Change of a total from the patient's own total before treatment, judged by published thresholds.

Only totals of one instrument are compared, never a single answer or a daily rating: the scales cover two
weeks or a month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from clinical.baseline import BASELINE_DAYS
from clinical.direction import Direction
from clinical.score import KINDS, Instrument


class ChangeVerdict(StrEnum):
    """Direction of a change that exceeds a threshold; NO below it."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Published thresholds for changes of one instrument; None where nothing was published.

    `response_share` is the share of the baseline total that must be lost, `remission_total` the highest total
    in remission, `reliable_change_points` the reliable change index (RCI), `important_change_points` the
    minimal important change (MIC).
    """

    direction: Direction
    response_share: float | None = None
    remission_total: int | None = None
    reliable_change_points: float | None = None
    important_change_points: float | None = None
    sources: Mapping[str, str] | None = None


THRESHOLDS: Final[Mapping[str, Thresholds]] = {
    "phq-9": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response_share=0.5,
        remission_total=4,
        reliable_change_points=6,
        important_change_points=5,
        sources={
            "response_share": "McInnes 2022; SUSTAIN-3",
            "remission_total": "below 5: McInnes 2022; SUSTAIN-3",
            "reliable_change_points": "NHS in England; 6.9 from two standard errors (Loewe 2004)",
            "important_change_points": "Loewe 2004",
        },
    ),
    "gad-7": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response_share=0.5,
        remission_total=4,
        reliable_change_points=4,
        important_change_points=4,
        sources={
            "response_share": "J Affect Disord 2026, n = 209",
            "remission_total": "J Affect Disord 2026, n = 209",
            "reliable_change_points": "NHS in England; 6 in Bischoff 2020",
            "important_change_points": "Toussaint 2020",
        },
    ),
    "pcl-5": Thresholds(
        Direction.HIGHER_IS_WORSE,
        remission_total=28,
        reliable_change_points=18,
        important_change_points=9,
        sources={
            "remission_total": "range of people without PTSD: Marx 2022, veterans",
            "reliable_change_points": "15 to 18 in Marx 2022; the greater is taken, a proposal",
            "important_change_points": "9 to 12 in Blanchard 2023; the smaller is taken, a proposal",
        },
    ),
    "who-5": Thresholds(
        Direction.HIGHER_IS_BETTER,
        important_change_points=10,
        sources={"important_change_points": "Topp 2015"},
    ),
    "madrs": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response_share=0.5,
        remission_total=10,
        sources={
            "response_share": "trials of ketamine, as Murrough 2013",
            "remission_total": "10 or 12 in trials; the stricter is taken, a proposal",
        },
    ),
    "qids-sr": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response_share=0.5,
        remission_total=5,
        sources={"response_share": "Anand 2023", "remission_total": "Anand 2023"},
    ),
    "y-bocs": Thresholds(
        Direction.HIGHER_IS_WORSE,
        response_share=0.35,
        remission_total=12,
        sources={
            "response_share": "Mataix-Cols 2016, which asks for an improvement by the CGI too",
            "remission_total": "Mataix-Cols 2016, which asks for a CGI of at most 2 too",
        },
    ),
    "isi": Thresholds(
        Direction.HIGHER_IS_WORSE,
        important_change_points=8.4,
        sources={"important_change_points": "moderate improvement: Morin 2011"},
    ),
}
"""Published threshold. Of instruments that are not here no published threshold was seen: their totals are
shown, not judged. Source: with each. Changed by: nobody."""


def thresholds_of(instrument: str) -> Thresholds:
    """Return the published thresholds of a catalogue instrument; its direction alone where there are none."""
    return THRESHOLDS.get(instrument) or Thresholds(KINDS[Instrument(instrument)].direction)


@dataclass(frozen=True, slots=True)
class Change:
    """One total compared with the one before treatment; None where no threshold was published.

    `difference` is below 0 when the total fell. A patient in the range of remission before treatment can
    neither respond nor remit: both are None then.
    """

    difference: int
    response: bool | None
    remission: bool | None
    reliable_change: ChangeVerdict | None
    important_change: ChangeVerdict | None


def change(instrument: str, before: int, total: int) -> Change:
    """Compare a total with the patient's own before treatment, by the instrument's published thresholds."""
    return change_by(thresholds_of(instrument), before, total)


def change_by(known: Thresholds, before: int, total: int) -> Change:
    """Compare a total with the patient's own before treatment, by these thresholds."""
    difference = total - before
    gained = -difference if known.direction is Direction.HIGHER_IS_WORSE else difference
    can_remit = known.remission_total is None or before > known.remission_total
    response = remission = None
    if can_remit and known.response_share is not None and before > 0:
        response = gained >= known.response_share * before
    if can_remit and known.remission_total is not None:
        remission = total <= known.remission_total
    return Change(
        difference,
        response,
        remission,
        _larger(gained, known.reliable_change_points),
        _larger(gained, known.important_change_points),
    )


def _larger(gained: int, points: float | None) -> ChangeVerdict | None:
    if points is None:
        return None
    if gained >= points:
        return ChangeVerdict.IMPROVED
    return ChangeVerdict.WORSENED if -gained >= points else ChangeVerdict.NO


Point = tuple[date, int]
"""A total, by the local day on which the questionnaire was answered."""


def before_treatment(points: Sequence[Point], first_infusion: date) -> Point | None:
    """Return the last total of the four weeks up to the first infusion's day, or None."""
    earliest = first_infusion - timedelta(days=BASELINE_DAYS)
    return max((point for point in points if earliest <= point[0] <= first_infusion), default=None)


@dataclass(frozen=True, slots=True)
class ComparedTotal:
    """The newest total of an instrument, the last one before treatment, and the change between them.

    `before` is None where there is none; it is `newest` itself until a later total is known. `change` is None
    in both cases.
    """

    newest: Point
    before: Point | None
    change: Change | None

    @property
    def since_treatment(self) -> int | None:
        """The newest total, None where it is the one before treatment."""
        return None if self.newest == self.before else self.newest[1]


def compared_total(
    instrument: str, points: Sequence[Point], first_infusion: date | None
) -> ComparedTotal | None:
    """Return the newest total, compared with the one before treatment; None without any.

    `first_infusion` is None before treatment.
    """
    if not points:
        return None
    newest = max(points)
    before = None if first_infusion is None else before_treatment(points, first_infusion)
    compared = before is not None and newest != before
    return ComparedTotal(
        newest, before, change(instrument, before[1], newest[1]) if before and compared else None
    )


RELAPSE_TOTAL: Final = 10
"""Relapse by PHQ-9: lowest total. Source: a proposal, not a standard."""
RELAPSE_RISE: Final = 6
"""Relapse by PHQ-9: points above the best total since treatment began. Source: a proposal, not a standard;
the NHS calls 6 a reliable change."""
CONFIRMED_FROM_DAY: Final = 5
"""Relapse by PHQ-9: fewest days until the total that confirms it. Source: a proposal."""
CONFIRMED_TO_DAY: Final = 15
"""Relapse by PHQ-9: most days until the total that confirms it. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class Relapse:
    """Day of the first total that meets the definition, and of the one that confirms it, None so far."""

    day: date
    confirmed: date | None


def relapse(points: Sequence[Point], first_infusion: date) -> Relapse | None:
    """Return the first confirmed relapse by PHQ-9 after treatment began, else the latest unconfirmed one.

    One that another total did not confirm in time is none.
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
