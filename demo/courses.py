"""Simulated courses of treatment: the days of infusions and of answers.

Simple on purpose: the forecasts are evaluated on another simulation (bench/simulation), never on this one.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, log, sqrt
from random import Random
from typing import Final

from clinical.check_in import SCALE_MAX, SCALE_MIN
from clinical.infusion import InfusionReason
from clinical.suitability import Decision
from services.protocols import ProtocolDraft

THRICE_WEEKLY: Final = (0, 2, 4, 7, 9, 11)
TWICE_WEEKLY: Final = (0, 3, 7, 10, 14, 17)
INDUCTION_HALF_DAYS: Final = 12.0
SATURDAY: Final = 5
LOW_BENEFIT: Final = -1.5
"""Points of mood by which somebody who collapsed is below the level before treatment."""
FLAT_MOOD: Final = 6.0
"""Mood of somebody treated for intrusive thoughts."""
MOVED_DAYS: Final = 4
"""Days from the last infusion elsewhere until the patient came."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The traits of one simulated patient; days are counted back from today.

    `given` is the number of induction infusions given, `intervals` are the days between the maintenance
    infusions after it, and `elapsed` those since the last infusion. Half of an infusion's benefit, `gain`
    points of mood, is gone after `half_days`. With `rated_baseline`, a clinician rated the baseline.
    `label` says in the patient's name what they are an example of. `first_course` is an earlier treatment
    course, `away_days` before this one; another clinic gave this one's first `elsewhere_count` infusions.
    `mornings`: answers at six, on the day of an infusion too, before it begins at eleven. `every_days`:
    answers on every so manieth day only. The mood of the last `low_days` is below that before treatment. With
    `intrusive_thoughts` the benefit is in that rating, the target measure of the course, and the mood is
    flat. `decision` is the consultation's; `reviewed_ago` are the days since the response review, None
    without one.
    """

    given: int = 6
    offsets: tuple[int, ...] = TWICE_WEEKLY
    intervals: tuple[int, ...] = ()
    elapsed: int = 10
    half_days: float = 24.0
    shape: float = 1.9
    gain: float = 4.0
    level: float = 3.2
    worry: float = 6.8
    noise: float = 1.2
    symptom_driven: bool = False
    baseline_days: int = 14
    answering: float = 0.85
    weekdays_only: bool = False
    silent_days: int = 0
    enjoyment: bool = True
    side_effects: bool = True
    booked_in: int | None = None
    plan: ProtocolDraft | None = None
    rated_baseline: bool = False
    label: str | None = None
    first_course: Profile | None = None
    away_days: int = 0
    elsewhere_count: int = 0
    mornings: bool = False
    every_days: int = 1
    low_days: int = 0
    decision: Decision = Decision.SUITABLE
    reviewed_ago: int | None = None
    intrusive_thoughts: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An infusion on its day."""

    day: date
    reason: InfusionReason


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered day; `since` is the days since the last infusion, None before the first.

    `left` is the share of that infusion's benefit present; `benefit_left` the patient's rating of it.
    """

    day: date
    mood: int
    enjoyment: int | None
    anxiety: int
    since: int | None
    left: float = 0.0
    benefit_left: int | None = None
    intrusive_thoughts: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Infusions and answers of one patient, by day; `elsewhere` are the infusions of another clinic."""

    enrolled: date
    infusions: tuple[Given, ...]
    answers: tuple[Answer, ...]
    elsewhere: tuple[Given, ...] = ()


def course(profile: Profile, today: date, rng: Random) -> Course:
    """Simulate a course that reaches on `today` the state that the profile describes."""
    infusions = _infusions(profile, today, rng)
    enrolled = (infusions[0].day if infusions else today) - timedelta(days=profile.baseline_days)
    answers = _answers(profile, infusions, enrolled, today, rng)
    if profile.intrusive_thoughts:
        answers = tuple(_with_flat_mood(answer, rng) for answer in answers)
    if not profile.elsewhere_count:
        return Course(enrolled, infusions, answers)
    elsewhere, here = infusions[: profile.elsewhere_count], infusions[profile.elsewhere_count :]
    came = elsewhere[-1].day + timedelta(days=MOVED_DAYS)
    return Course(came, here, tuple(answer for answer in answers if answer.day >= came), elsewhere)


def joined(first: Course, second: Course) -> Course:
    """Return two courses of one patient as one record."""
    return Course(first.enrolled, (*first.infusions, *second.infusions), (*first.answers, *second.answers))


def clinic_day(day: date) -> date:
    """Return the nearest weekday: the clinic is closed at weekends."""
    weekday = day.weekday()
    return day if weekday < SATURDAY else day + timedelta(days=-1 if weekday == SATURDAY else 1)


def _infusions(profile: Profile, today: date, rng: Random) -> tuple[Given, ...]:
    if not profile.given:
        return ()
    offsets = profile.offsets[: profile.given]
    back = profile.elapsed + sum(profile.intervals)
    first = today - timedelta(days=back + offsets[-1])
    found = [Given(clinic_day(first + timedelta(days=days)), InfusionReason.SCHEDULED) for days in offsets]
    for interval in profile.intervals:
        back -= interval
        found.append(Given(clinic_day(today - timedelta(days=back)), _reason(profile, rng)))
    return tuple(given for given in found if given.day <= today)


def _reason(profile: Profile, rng: Random) -> InfusionReason:
    if profile.symptom_driven and rng.random() < 0.85:
        return InfusionReason.SYMPTOMS_RETURNED
    return InfusionReason.CONVENIENCE if rng.random() < 0.12 else InfusionReason.SCHEDULED


def _answers(
    profile: Profile, infusions: tuple[Given, ...], enrolled: date, today: date, rng: Random
) -> tuple[Answer, ...]:
    days = [given.day for given in infusions]
    halves = _half_days(profile, len(days), rng)
    span = (today - enrolled).days + 1
    away, low = _spells(span, 45, (3, 8), rng), _spells(span, 40, (2, 4), rng)
    carried, found = 0.0, []
    for number in range(span):
        day = enrolled + timedelta(days=number)
        carried = 0.4 * carried + sqrt(1 - 0.4**2) * rng.gauss(0, 0.7 * profile.noise)
        begun = [each for each in days if each < day] if profile.mornings else days
        benefit = profile.gain * _benefit(day, begun, halves, profile.shape)
        ago = (today - day).days
        collapsed = ago < profile.low_days
        if collapsed:
            benefit = LOW_BENEFIT
        wobble = carried + (0.3 if day.weekday() >= SATURDAY else 0) - (2.0 if number in low else 0)
        answer = _answer(profile, day, benefit, wobble, rng)
        asked = number not in away and ago >= profile.silent_days
        if (ago - profile.silent_days) % profile.every_days:
            asked = False
        if collapsed or (asked and _answers_on(profile, day, answer.mood, rng)):
            last = bisect_right(begun, day) - 1
            since = None if last < 0 else (day - begun[last]).days
            left = 0.0 if since is None else _left(since, halves[last], profile.shape)
            found.append(Answer(day, answer.mood, answer.enjoyment, answer.anxiety, since, left))
    return tuple(found)


def _answer(profile: Profile, day: date, benefit: float, wobble: float, rng: Random) -> Answer:
    slip = 0.7 * profile.noise
    mood = profile.level + benefit + wobble
    worry = profile.worry - 0.7 * benefit - 0.6 * wobble + rng.gauss(0, slip)
    joy = mood - 0.3 + rng.gauss(0, slip)
    return Answer(
        day,
        _rating(mood + rng.gauss(0, slip)),
        _rating(joy) if profile.enjoyment else None,
        _rating(worry),
        None,
    )


def _with_flat_mood(answer: Answer, rng: Random) -> Answer:
    """Return the answer with what was simulated of mood as intrusive thoughts, whose 10 is worst."""
    mood = FLAT_MOOD + rng.gauss(0, 0.7)
    return replace(
        answer,
        mood=_rating(mood),
        enjoyment=None if answer.enjoyment is None else _rating(mood + rng.gauss(0, 0.7)),
        anxiety=_rating(SCALE_MAX - mood + rng.gauss(0, 0.7)),
        intrusive_thoughts=SCALE_MAX - answer.mood,
    )


def _rating(value: float) -> int:
    return min(max(round(value), SCALE_MIN), SCALE_MAX)


def _answers_on(profile: Profile, day: date, mood: int, rng: Random) -> bool:
    """Return whether the day is answered, on low days somewhat less often."""
    odds = log(profile.answering / (1 - profile.answering)) + 0.2 * (mood - 5)
    answered = rng.random() < 1 / (1 + exp(-odds))
    return answered and not (profile.weekdays_only and day.weekday() >= SATURDAY)


def _half_days(profile: Profile, infusions: int, rng: Random) -> tuple[float, ...]:
    own = [profile.half_days * exp(rng.gauss(0, 0.12)) for _ in range(infusions)]
    induction = len(profile.offsets) - 1
    return tuple(INDUCTION_HALF_DAYS if number < induction else half for number, half in enumerate(own))


def _benefit(day: date, infusions: list[date], halves: tuple[float, ...], shape: float) -> float:
    """Return the share of the gain present: each induction infusion adds half of what was missing."""
    last = bisect_right(infusions, day) - 1
    if last < 0:
        return 0.0
    since = (day - infusions[last]).days
    share = (1 - 0.5 ** (last + 1)) * _left(since, halves[last], shape)
    if since:
        return share
    return (share + _benefit(day - timedelta(days=1), infusions, halves, shape)) / 2


def _left(since: int, half_days: float, shape: float) -> float:
    return float(2 ** -((since / half_days) ** shape))


def _spells(span: int, apart: int, length: tuple[int, int], rng: Random) -> frozenset[int]:
    """Return the days of spells that begin about every `apart` days and last a number of days in `length`."""
    found: set[int] = set()
    start = int(rng.expovariate(1 / apart))
    while start < span:
        days = rng.randint(*length)
        found.update(range(start, start + days))
        start += days + 1 + int(rng.expovariate(1 / apart))
    return frozenset(found)
