"""Outcome of one patient's treatment, by the totals of one questionnaire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from clinical.direction import Direction
from clinical.instruments.change import (
    Change,
    ChangeVerdict,
    Point,
    Thresholds,
    before_treatment,
    change_by,
)
from clinical.safety import NOT_AT_ALL
from clinical.statistics.kaplan_meier import Span

JUDGED_BY_DAY: Final = 42
"""Day up to which a course's last total counts. Source: 28 days of induction (McInnes 2022) and the two
weeks that PHQ-9 and GAD-7 cover; a proposal."""

BEFORE_DAYS: Final = 3
"""Days before the first infusion whose safety answer counts. Source: a proposal."""
RELIEF_BY_DAY: Final = 3
"""Day by which relief is measured. Source: Abbar 2022; that an answer of day 1 or 2 counts too is a
proposal."""


class WorseCriterion(StrEnum):
    """What counts as worse: the strictest that is published, else any change for the worse."""

    RELIABLE_CHANGE = "reliable_change"
    IMPORTANT_CHANGE = "important_change"
    ANY_CHANGE = "any_change"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The totals before and after, and what they mean; None where that cannot be judged."""

    before: int
    after: int
    response: bool | None
    remission: bool | None
    worse: bool


def worse_criterion(known: Thresholds) -> WorseCriterion:
    """Return what counts as worse by an instrument with these thresholds."""
    if known.reliable_change_points is not None:
        return WorseCriterion.RELIABLE_CHANGE
    if known.important_change_points is not None:
        return WorseCriterion.IMPORTANT_CHANGE
    return WorseCriterion.ANY_CHANGE


def outcome(known: Thresholds, points: Sequence[Point], first_infusion: date, today: date) -> Outcome | None:
    """Compare the last total of the first six weeks with the one before treatment.

    None without both, and until those weeks are over.
    """
    before = before_treatment(points, first_infusion)
    last_day = first_infusion + timedelta(days=JUDGED_BY_DAY)
    if today <= last_day:
        return None
    after = max((point for point in points if first_infusion < point[0] <= last_day), default=None)
    if before is None or after is None:
        return None
    found = change_by(known, before[1], after[1])
    return Outcome(before[1], after[1], found.response, found.remission, _worse(known, found))


def _worse(known: Thresholds, found: Change) -> bool:
    judged = found.reliable_change or found.important_change
    if judged is not None:
        return judged is ChangeVerdict.WORSENED
    return (found.difference > 0) is (known.direction is Direction.HIGHER_IS_WORSE) and found.difference != 0


def response_held(known: Thresholds, points: Sequence[Point], first_infusion: date) -> Span | None:
    """Return the days from the first total that is a response to the first later one that is not.

    Without such a one the patient is censored at the last total. None for one who never responded or was
    never asked again, and where no response is published. That one total is enough is a proposal.
    """
    before = before_treatment(points, first_infusion)
    if before is None or known.response_share is None:
        return None
    since: date | None = None
    last: date | None = None
    for day, total in sorted(point for point in points if point[0] > first_infusion):
        responds = change_by(known, before[1], total).response
        if since is None:
            since = day if responds else None
            continue
        if not responds:
            return Span((day - since).days, ended=True)
        last = day
    return None if since is None or last is None else Span((last - since).days, ended=False)


def relieved(
    answers: Sequence[Point], first_infusion: date, today: date, morning: int | None = None
) -> bool | None:
    """Return whether thoughts of suicide, endorsed before the first infusion, were not endorsed by day 3.

    Of the daily safety answers, 0 to 3: the last of the three days before, or `morning`, that of the first
    infusion's day where it was given before the infusion began; and the last of days 1 to 3. None
    where they were not endorsed before, or either was not asked, and until day 3 is over. Not endorsed is
    never "no risk".
    """
    earliest = first_infusion - timedelta(days=BEFORE_DAYS)
    latest = first_infusion + timedelta(days=RELIEF_BY_DAY)
    if today <= latest:
        return None
    before = max((one for one in answers if earliest <= one[0] < first_infusion), default=None)
    if morning is not None:
        before = (first_infusion, morning)
    after = max((one for one in answers if first_infusion < one[0] <= latest), default=None)
    if before is None or after is None or before[1] == NOT_AT_ALL:
        return None
    return after[1] == NOT_AT_ALL
