"""When a questionnaire is due: weekly, around infusions, or after a drop in mood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from clinical.trend import Rating, average

WEEK: Final = 7
"""Days between two weekly forms, and of the means of a drop in mood. Source: a week."""
MOOD_DROP: Final = 2.0
"""Points by which a weekly mean of mood must have dropped for a PHQ-9 to be due. Source: a proposal; false
alarms simulated from Fisher 2017."""
MOOD_DROP_ON_DAYS: Final = 3
"""Consecutive days of such a drop. Source: a proposal; as above."""
MOOD_DROP_ANSWERS: Final = 4
"""Fewest answers of each weekly mean. Source: a proposal."""
MOOD_DROP_AGAIN_AFTER_DAYS: Final = 14
"""Days after a PHQ-9 before a drop makes another due. A drop in daily mood: on three days running, the
mean of the last seven days lies 2 points or more below that of the seven days after the last infusion,
each with four answers or more. A proposal. In simulation from the diaries of Fisher 2017 it rings
falsely for 18 % of people in 28 days when one item is asked, and for 9 % when two are. It asks again
only after a PHQ-9's own two weeks. Source: the two weeks that a PHQ-9 covers: Kroenke 2001."""


class Trigger(StrEnum):
    """Why a questionnaire is asked for today."""

    WEEKLY = "weekly"
    BEFORE_INFUSION = "before_infusion"
    AFTER_INFUSION = "after_infusion"
    MOOD_DROP = "mood_drop"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Schedule of one questionnaire for one patient; days are the patient's local ones.

    `window_days` is for how many days before a booked infusion it is due, and for how many days it stays due
    after it fell due. `on_mood_drop` is for the PHQ-9 only.
    """

    weekly: bool
    before_infusion: bool
    days_after_infusion: tuple[int, ...]
    window_days: int
    on_mood_drop: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A trigger that makes a questionnaire due, and the day on which it fell due."""

    trigger: Trigger
    due_on: date


@dataclass(frozen=True, slots=True)
class Course:
    """Input of the rule: days of complete responses, infusions given and booked, and mood."""

    answered: Sequence[date]
    given: Sequence[date]
    booked: Sequence[date]
    moods: Sequence[Rating]


def asks(schedule: Schedule) -> bool:
    """Return whether the schedule asks at all."""
    after = bool(schedule.days_after_infusion)
    return schedule.weekly or schedule.before_infusion or schedule.on_mood_drop or after


def due(schedule: Schedule, course: Course, today: date) -> Due | None:
    """Return why it is due today, the most particular trigger first; None when it is not, or was answered.

    One complete response answers every trigger until then. Later days of the course are ignored.
    """
    answered = max((day for day in course.answered if day <= today), default=None)
    last = max((day for day in course.given if day <= today), default=None)
    reasons = [
        _before(schedule, course.booked, today),
        _after(schedule, last, today),
        _dropped(schedule, course.moods, last, answered, today),
        _weekly(schedule, answered, today),
    ]
    open_ones = (reason for reason in reasons if reason is not None)
    return next((reason for reason in open_ones if answered is None or answered < reason.due_on), None)


def _before(schedule: Schedule, booked: Sequence[date], today: date) -> Due | None:
    following = min((day for day in booked if day >= today), default=None)
    if not schedule.before_infusion or following is None:
        return None
    opens = following - timedelta(days=schedule.window_days)
    return Due(Trigger.BEFORE_INFUSION, opens) if opens <= today else None


def _after(schedule: Schedule, last: date | None, today: date) -> Due | None:
    if last is None:
        return None
    fell = [last + timedelta(days=days) for days in schedule.days_after_infusion]
    held = [day for day in fell if day <= today <= day + timedelta(days=schedule.window_days)]
    return Due(Trigger.AFTER_INFUSION, max(held)) if held else None


def _weekly(schedule: Schedule, answered: date | None, today: date) -> Due | None:
    if not schedule.weekly:
        return None
    since = today if answered is None else answered + timedelta(days=WEEK)
    return Due(Trigger.WEEKLY, since) if since <= today else None


def _dropped(
    schedule: Schedule, moods: Sequence[Rating], last: date | None, answered: date | None, today: date
) -> Due | None:
    if not schedule.on_mood_drop or last is None or not mood_dropped(moods, last, today):
        return None
    if answered is not None and (today - answered).days < MOOD_DROP_AGAIN_AFTER_DAYS:
        return None
    return Due(Trigger.MOOD_DROP, today)


def mood_dropped(moods: Sequence[Rating], last_infusion: date, today: date) -> bool:
    """Return whether daily mood dropped since the week after the last infusion: a trigger, no finding."""
    best = average(moods, last_infusion + timedelta(days=WEEK), WEEK)
    if best.mean is None or best.answered < MOOD_DROP_ANSWERS:
        return False
    # A week that shares no day with the one it is compared to.
    if today - timedelta(days=MOOD_DROP_ON_DAYS - 1) < best.last + timedelta(days=WEEK):
        return False
    weeks = [average(moods, today - timedelta(days=ago), WEEK) for ago in range(MOOD_DROP_ON_DAYS)]
    return all(
        week.mean is not None and week.answered >= MOOD_DROP_ANSWERS and best.mean - week.mean >= MOOD_DROP
        for week in weeks
    )
