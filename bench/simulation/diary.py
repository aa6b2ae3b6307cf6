"""Diary of a simulated patient: answers rounded and capped, with gaps, late entries and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.simulation.daily_states import Days
from bench.simulation.traits import Person
from bench.simulation.treatment_course import Course
from bench.simulation.wear_off_shapes import Floats
from clinical.check_in import Reading
from clinical.score import Instrument, Score

BURST_SHARE: Final = 0.5
BURST_DAYS: Final = 5.0
"""Half of the missing days come in runs of this mean length; patients' gaps cluster (Jang 2024)."""

LATE: Final = 0.12
CORRECTED: Final = 0.015
ANXIETY_SKIPPED: Final = 0.04

ITEM_ANSWERED: Final = 0.9
ITEM_SD: Final = 30.0
"""How often the weekly item is answered when there is a check-in to ask it in (in about seven of ten weeks,
with three of ten days missing), and its error in percent points: untested assumptions."""

PHQ_9_SD: Final = 2.5
"""Its standard error of measurement (Loewe 2004)."""

SCORED_AT_VISITS: Final = 0.7
SCORED_EVERY: Final = 14
SCORED_BETWEEN: Final = 0.25
"""Share of infusions with a PHQ-9, and of the fortnights (days) in which there is one between; a proposal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One version of one day's check-in; `entered` is the day on which the clinic came to know it."""

    entered: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Entry:
    """How one day's answer is entered: so many days late, perhaps without anxiety, perhaps mistyped.

    `mistyped` is the wrong mood and the days until it is corrected.
    """

    late: int
    anxiety_skipped: bool
    mistyped: tuple[float, int] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """How the weekly item is answered: SDs of error, and percent guessed where there is no benefit."""

    guess: float
    deviation: float


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """`in_runs` (n,) are the days missed in runs; others are where `luck` (n,) is below their chance."""

    in_runs: NDArray[np.bool_]
    luck: Floats


@dataclass(frozen=True, slots=True)
class AnsweringOdds:
    """Log odds of missing a single day of the usual mood (points)."""

    usual_mood: float
    log_odds: float


def drawn_answers(
    draw: np.random.Generator, person: Person, course: Course, days: Days, first: date
) -> tuple[Answer, ...]:
    """Return the check-ins in order of day, and of entry where a day was corrected."""
    missing = drawn_missing(draw, person, course.length)
    answered = answered_days(person, days.felt[:, 0], missing, answering_odds(person, days.felt[:, 0]))
    items = _weekly_items(draw, person, course, days, answered)
    entries = {day: drawn_entry(draw) for day in np.flatnonzero(answered).tolist()}
    return answers_of(person, days, first, entries, items)


def drawn_entry(draw: np.random.Generator) -> Entry:
    """Return how an answer is entered."""
    late = int(draw.random() < LATE) * int(1 + draw.geometric(0.5))
    skipped = bool(draw.random() < ANXIETY_SKIPPED)
    if draw.random() < CORRECTED:
        return Entry(late, skipped, (float(draw.integers(11)), int(draw.integers(1, 4))))
    return Entry(late, skipped)


def answers_of(
    person: Person, days: Days, first: date, entries: Mapping[int, Entry], items: Mapping[int, int]
) -> tuple[Answer, ...]:
    """Return the check-ins of the days that have an entry; `items` are answers to the weekly item by day."""
    ratings = np.rint(days.felt) + 0.0  # no minus zero
    mood, enjoyment = np.clip(ratings[:, :2], 0, person.ceiling).T
    anxiety = np.clip(10 - ratings[:, 2], 0, 10)
    found = []
    for day, entry in entries.items():
        entered = day + entry.late
        reading = Reading(
            first + timedelta(days=day),
            mood=float(mood[day]),
            anxiety=None if entry.anxiety_skipped else float(anxiety[day]),
            enjoyment=float(enjoyment[day]),
            benefit_left=items.get(day),
        )
        if entry.mistyped is not None:
            wrong_mood, until_corrected = entry.mistyped
            found.append(
                Answer(entered, Reading(reading.day, wrong_mood, reading.anxiety, reading.enjoyment))
            )
            entered += until_corrected
        found.append(Answer(entered, reading))
    return tuple(found)


def drawn_scores(
    draw: np.random.Generator, person: Person, course: Course, days: Days, first: date
) -> tuple[Score, ...]:
    """PHQ-9 before the first infusion, at most visits and now and then between; of the fortnight before."""
    asked = {course.induction[0]}
    asked |= {day for day in course.infusions[1:] if draw.random() < SCORED_AT_VISITS}
    between = range(course.induction[0], course.length, SCORED_EVERY)
    asked |= {day for day in between if draw.random() < SCORED_BETWEEN}
    return tuple(score_of(person, days, first, day, draw.normal()) for day in sorted(asked))


def score_of(person: Person, days: Days, first: date, day: int, deviation: float) -> Score:
    """Return the PHQ-9 of a day, so many standard errors from that of the fortnight before."""
    worst, a_point = person.phq_9
    wellbeing = float(days.felt[max(day - 14, 0) : day].mean())
    total = round(worst - a_point * wellbeing + PHQ_9_SD * deviation)
    return Score(first + timedelta(days=day), Instrument.PHQ_9, min(max(total, 0), 27))


def drawn_missing(draw: np.random.Generator, person: Person, length: int) -> Missing:
    """Return which of so many days are missed in runs, and the luck of the others."""
    in_runs = BURST_SHARE * person.missing
    missing = np.zeros(length, dtype=np.bool_)
    day = 0
    while person.missing and day < length:
        day += int(draw.exponential(BURST_DAYS * (1 - in_runs) / in_runs))
        days = int(draw.geometric(1 / BURST_DAYS))
        missing[day : day + days] = True
        day += days
    return Missing(missing, draw.random(length))


def answered_days(person: Person, mood: Floats, missing: Missing, odds: AnsweringOdds) -> NDArray[np.bool_]:
    """Return (n,) which days are answered: not those in runs, and fewer when the mood is low."""
    chances = _chances(mood, person.world.low_mood, odds)
    return np.asarray(~(missing.in_runs[: mood.size] | (missing.luck[: mood.size] < chances)))


def answering_odds(person: Person, mood: Floats) -> AnsweringOdds:
    """Return the odds with which the patient's share of days is missed, on days of these moods."""
    in_runs = BURST_SHARE * person.missing
    single = (person.missing - in_runs) / (1 - in_runs)
    odds = AnsweringOdds(float(mood.mean()), 0.0)
    low, high = -20.0, 20.0
    for _ in range(40):
        odds = replace(odds, log_odds=(low + high) / 2)
        is_below = _chances(mood, person.world.low_mood, odds).mean() < single
        low, high = (odds.log_odds, high) if is_below else (low, odds.log_odds)
    return odds


def _chances(mood: Floats, low_mood: float, odds: AnsweringOdds) -> Floats:
    """(n,) chances of not answering, higher on low days."""
    return np.asarray(1 / (1 + np.exp(low_mood * (mood - odds.usual_mood) - odds.log_odds)))


def _weekly_items(
    draw: np.random.Generator, person: Person, course: Course, days: Days, answered: NDArray[np.bool_]
) -> dict[int, int]:
    """Return the reported percent left by day: every seventh day, or with one of the next two answers."""
    found = {}
    for cycle in course.cycles:
        for week in range(cycle.start + 7, cycle.end, 7):
            open_days = [day for day in range(week, min(week + 3, cycle.end)) if answered[day]]
            item = drawn_item(draw, person) if open_days else None
            if item is not None:
                found[open_days[0]] = percent_left(person, days, open_days[0], item)
    return found


def drawn_item(draw: np.random.Generator, person: Person) -> Item | None:
    """Return how the weekly item is answered, None where it is not."""
    if draw.random() >= ITEM_ANSWERED:
        return None
    guess = 0.0 if person.responds else draw.uniform(0, 60)
    return Item(guess, draw.normal())


def percent_left(person: Person, days: Days, day: int, item: Item) -> int:
    """Return the answer to the weekly item on a day, in steps of 5 percent."""
    left = 100 * days.left[day] if person.responds else item.guess
    percent = left + person.item_bias + ITEM_SD * item.deviation
    if person.world.item_is_echo:
        percent = _share_by_mood(person, days, day)
    return int(np.clip(5 * round(percent / 5), 0, 100))


def _share_by_mood(person: Person, days: Days, day: int) -> float:
    """Return the percent left that the mood of one day suggests."""
    return float(100 * (days.felt[day, 0] - person.levels[0]) / max(person.gains[0], 0.5))
