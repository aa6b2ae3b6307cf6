"""Each infusion's response on days counted from it: how soon it came, how high, and when half was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import fmean
from typing import Final

import numpy as np

from clinical.answer_timing import AnswerTiming, answer_timings, days_before_infusion
from clinical.current_course import course_on
from clinical.history import History
from clinical.outlook.model.wellbeing import wellbeing
from clinical.protocol import infusion_days
from clinical.trend import Rating, Trend, average, trend

BEFORE_DAYS: Final = 7
"""Days before an infusion whose mean a response is measured from. Source: a proposal."""

MIN_BEFORE: Final = 3
"""Fewest answers of those days. Source: a proposal, as many as for the outlook's baseline."""

MIN_RISE: Final = 1.0
"""Points of W below which no response is reported. Source: a proposal, as in the outlook."""

NEAR_THE_TOP: Final = 0.9
"""Share of the rise with which a level counts as the peak: which day of a flat top is highest is chance.
Source: a proposal."""

ONSET_ANSWERS: Final = 2
"""Consecutive answers that make an onset. Source: a proposal, measured on simulated courses
(docs/clinical/response_curves.md)."""
LOSS_ANSWERS: Final = 3
"""Consecutive answers that make a loss, which is slow: one bad day is not one. Source: a proposal,
measured on simulated courses (docs/clinical/response_curves.md)."""

MAX_DAYS_LONG: Final = 56
"""Days after an infusion that a curve covers. Source: the horizon of the outlook: McInnes 2022."""


@dataclass(frozen=True, slots=True)
class CurveDay:
    """One day of a curve: wellbeing (0-10) as answered, None where it was not, its level and the band."""

    since: int
    value: float | None
    level: float
    lo80: float
    hi80: float


@dataclass(frozen=True, slots=True)
class PostInfusionMood:
    """Mood (0-10) some hours after the start of an infusion."""

    mood: int
    hours: float


NO_MOODS: Final[Mapping[date, PostInfusionMood]] = {}


@dataclass(frozen=True, slots=True)
class PostInfusionResponse:
    """Mood some hours after an infusion against the mean mood of the week before it, both 0-10.

    `before` and `change` are None where too few days of that week were answered.
    """

    mood: int
    hours: float
    before: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class ResponseCurve:
    """One infusion's response, days counted from the infusion's own, which is 0.

    `number` is that of the infusion within the treatment course `course_number`, both from 1.

    `before` is the mean wellbeing of the week before it, None when too few of its days were answered; an
    answer given on the infusion's day before it began belongs to that week. `rise` is the highest level of
    the days after the infusion's own less `before`, `half_rise_level` the level halfway. Onset is the first
    answered day at or above that level, by its own answer and by the mean of it and the next.
    `peak` is the first day from the onset on whose level holds nine tenths of the rise, or else the onset.
    `half_rise_lost` is the first answered day after it at or below `half_rise_level`, by its own answer and
    by the mean of it and the two next. The infusion's own day is relief only if its own answer says so, and
    was given after the infusion began.

    The rise is that of this infusion over the week before it. In maintenance that week has part of the
    benefit of the infusion before, so half of the rise is lost earlier than half of the benefit over the
    baseline before treatment, which the outlook forecasts.

    Without a rise of a point, or without such an onset, all three are None; `half_rise_lost` also while it
    has not happened by `until`, the last day that belongs to this infusion, or fewer than two answers
    followed. `day_0_timing` says when the answer of the infusion's day was given, None without one.
    `post_infusion` is the answer some hours after the start, None without one.
    """

    number: int
    day: date
    until: int
    answered: int
    before: float | None
    rise: float | None
    half_rise_level: float | None
    onset: int | None
    peak: int | None
    half_rise_lost: int | None
    days: tuple[CurveDay, ...]
    day_0_timing: AnswerTiming | None = None
    post_infusion: PostInfusionResponse | None = None
    course_number: int = 1

    @property
    def label(self) -> str:
        """The infusion's number, as 3; in a later course with the course's, as 2.3."""
        return str(self.number) if self.course_number == 1 else f"{self.course_number}.{self.number}"


def response_curves(
    history: History, today: date, post_infusion_moods: Mapping[date, PostInfusionMood] = NO_MOODS
) -> tuple[ResponseCurve, ...]:
    """Return every infusion's curve up to `today`, in order; infusions of one day count once.

    `post_infusion_moods` are the moods some hours after an infusion, by its day. A level may jump at the
    infusion: that of its own day uses that day's answer alone, and those of later days their answers alone.
    `clinical.trend` looks ahead, and would otherwise move later relief to the infusion's own day, or to days
    before it. Nothing is inferred from it here or in the outlook.
    """
    days = infusion_days(history.infusions, today)
    if not days:
        return ()
    answers = _Answers(
        _wellbeing(history, days[-1], today),
        answer_timings(history.readings, history.infusions),
        tuple(Rating(each.day, each.mood) for each in history.readings if each.day <= today),
    )
    ends = [min((after - day).days - answers.is_of(after), MAX_DAYS_LONG) for day, after in pairwise(days)]
    ends.append(min((today - days[-1]).days, MAX_DAYS_LONG))
    return tuple(
        replace(
            _curve(number, day, until, answers),
            course_number=course_number,
            post_infusion=answers.post_infusion(day, post_infusion_moods.get(day)),
        )
        for (number, course_number), day, until in zip(_numbers(history, days), days, ends, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Answers:
    """Wellbeing and mood by day, and when the answers of infusions' days were given."""

    points: tuple[Rating, ...]
    timings: Mapping[date, AnswerTiming]
    moods: tuple[Rating, ...]

    def is_of(self, infusion: date) -> bool:
        """Return whether an answer of an infusion's day counts as its own, rather than as one before it."""
        return self.timings.get(infusion) is not AnswerTiming.BEFORE

    def before(self, infusion: date, points: Sequence[Rating]) -> float | None:
        """Return the mean of the days before an infusion, and of its own day's answer before it began."""
        if self.is_of(infusion):
            ago = date.fromordinal(max(infusion.toordinal() - 1, 1))
            week = average(points, ago, BEFORE_DAYS)
        else:
            week = average(points, infusion, BEFORE_DAYS + 1)
        return week.mean if week.answered >= MIN_BEFORE else None

    def post_infusion(self, infusion: date, found: PostInfusionMood | None) -> PostInfusionResponse | None:
        """Return the answer some hours after an infusion with the mood of the week before it."""
        if found is None:
            return None
        before = self.before(infusion, self.moods)
        change = None if before is None else round(found.mood - before, 4)
        return PostInfusionResponse(found.mood, found.hours, before, change)


def _numbers(history: History, days: Sequence[date]) -> list[tuple[int, int]]:
    """Return for each infusion's day its number within its course, and the course's."""
    given: Counter[int] = Counter()
    found = []
    for day in days:
        course = course_on(history, day)
        course_number = 1 if course is None else course.number
        given[course_number] += 1
        found.append((given[course_number], course_number))
    return found


def _wellbeing(history: History, last_infusion: date, today: date) -> tuple[Rating, ...]:
    readings = sorted((reading for reading in history.readings if reading.day <= today), key=lambda r: r.day)
    if not readings:
        return ()
    # Without the running cycle: a difference estimated from it would absorb part of its own benefit.
    before = days_before_infusion(readings, history.infusions)
    known = np.array(
        [each.day < last_infusion or (each.day == last_infusion and each.day in before) for each in readings],
        dtype=np.bool_,
    )
    values = wellbeing(readings, known).values.tolist()
    return tuple(Rating(reading.day, value) for reading, value in zip(readings, values, strict=True))


def _curve(number: int, day: date, until: int, answers: _Answers) -> ResponseCurve:
    first = 0 if answers.is_of(day) else 1
    mine = [point for point in answers.points if first <= (point.day - day).days <= until]
    before = answers.before(day, answers.points)
    itself = _days(trend([point for point in mine if point.day == day]), day)
    after = _days(trend([point for point in mine if point.day > day]), day)
    # An answer of the day whose time is not known is shown, and is no relief.
    known = itself if answers.timings.get(day) is AnswerTiming.AFTER else ()
    return ResponseCurve(
        number,
        day,
        until,
        len(mine),
        before,
        *_milestones(known, after, before),
        itself + after,
        answers.timings.get(day),
    )


def _days(level: Trend, day: date) -> tuple[CurveDay, ...]:
    return tuple(
        CurveDay((found.day - day).days, found.rating, found.level, found.lo80, found.hi80)
        for found in level.days
    )


def _milestones(
    itself: Sequence[CurveDay], after: Sequence[CurveDay], before: float | None
) -> tuple[float | None, float | None, int | None, int | None, int | None]:
    """Return the rise, the level halfway, and the days of onset, peak and half of the rise lost."""
    if before is None or not after:
        return None, None, None, None, None
    rise = round(max(found.level for found in after) - before, 4)
    if rise < MIN_RISE:
        return rise, None, None, None, None
    answers = [(found.since, found.value) for found in (*itself, *after) if found.value is not None]
    half, near = before + rise / 2, before + NEAR_THE_TOP * rise
    onset = _first(answers, ONSET_ANSWERS, 1, lambda value: value >= half)
    if onset is None:
        return rise, half, None, None, None
    tops = (found.since for found in after if found.since >= onset and found.level >= near)
    peak = next(tops, onset)
    later = [answer for answer in answers if answer[0] > peak]
    return rise, half, onset, peak, _first(later, LOSS_ANSWERS, LOSS_ANSWERS, lambda value: value <= half)


def _first(
    answers: Sequence[tuple[int, float]], run: int, fewest: int, holds: Callable[[float], bool]
) -> int | None:
    """Return the first day whose answer, and the mean of the `run` from it (or `fewest`), satisfy `holds`."""
    for place in range(len(answers) - fewest + 1):
        since, value = answers[place]
        if holds(value) and holds(fmean(one for _, one in answers[place : place + run])):
            return since
    return None
