"""Diary of a simulated patient: answers rounded and capped, with gaps, late entries and corrections."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Answer:
    """One version of one day's check-in; `entered` is the day on which the clinic came to know it."""

    entered: int
    reading: Reading


def drawn_answers(
    draw: np.random.Generator, person: Person, course: Course, days: Days, first: date
) -> tuple[Answer, ...]:
    """Return the check-ins in order of day, and of entry where a day was corrected."""
    ratings = np.rint(days.felt) + 0.0  # no minus zero
    mood, enjoyment = np.clip(ratings[:, :2], 0, person.ceiling).T
    anxiety = np.clip(10 - ratings[:, 2], 0, 10)
    answered = ~_missing(draw, person, days.felt[:, 0])
    items = _weekly_items(draw, person, course, days, answered)
    found = []
    for day in np.flatnonzero(answered).tolist():
        entered = day + int(draw.random() < LATE) * int(1 + draw.geometric(0.5))
        reading = Reading(
            first + timedelta(days=day),
            mood=float(mood[day]),
            anxiety=None if draw.random() < ANXIETY_SKIPPED else float(anxiety[day]),
            enjoyment=float(enjoyment[day]),
            benefit_left=items.get(day),
        )
        if draw.random() < CORRECTED:
            wrong = Reading(reading.day, float(draw.integers(11)), reading.anxiety, reading.enjoyment)
            found.append(Answer(entered, wrong))
            entered += int(draw.integers(1, 4))
        found.append(Answer(entered, reading))
    return tuple(found)


def drawn_scores(
    draw: np.random.Generator, person: Person, course: Course, days: Days, first: date
) -> tuple[Score, ...]:
    """PHQ-9 before the first infusion, at most visits and now and then between; of the fortnight before."""
    worst, a_point = person.phq_9
    asked = {course.induction[0]}
    asked |= {day for day in course.infusions[1:] if draw.random() < 0.7}
    asked |= {day for day in range(course.induction[0], course.length, 14) if draw.random() < 0.25}
    found = []
    for day in sorted(asked):
        wellbeing = float(days.felt[max(day - 14, 0) : day].mean())
        total = round(worst - a_point * wellbeing + PHQ_9_SD * draw.normal())
        found.append(Score(first + timedelta(days=day), Instrument.PHQ_9, min(max(total, 0), 27)))
    return tuple(found)


def _missing(draw: np.random.Generator, person: Person, mood: Floats) -> NDArray[np.bool_]:
    """(n,) which days are not answered: in runs, and single ones more often when the mood is low."""
    in_runs = BURST_SHARE * person.missing
    missing = np.zeros(mood.size, dtype=np.bool_)
    day = 0
    while person.missing and day < mood.size:
        day += int(draw.exponential(BURST_DAYS * (1 - in_runs) / in_runs))
        days = int(draw.geometric(1 / BURST_DAYS))
        missing[day : day + days] = True
        day += days
    single = (person.missing - in_runs) / (1 - in_runs)
    return np.asarray(missing | (draw.random(mood.size) < _chances(single, mood, person.world.low_mood)))


def _chances(mean: float, mood: Floats, low_mood: float) -> Floats:
    """(n,) chances of not answering, higher on low days, that average to `mean`."""
    low, high = -20.0, 20.0
    chances = np.zeros(mood.size)
    for _ in range(40):
        middle = (low + high) / 2
        chances = 1 / (1 + np.exp(low_mood * (mood - mood.mean()) - middle))
        low, high = (middle, high) if chances.mean() < mean else (low, middle)
    return chances


def _weekly_items(
    draw: np.random.Generator, person: Person, course: Course, days: Days, answered: NDArray[np.bool_]
) -> dict[int, int]:
    """Return the reported percent left by day: every seventh day, or with one of the next two answers."""
    found = {}
    for cycle in course.cycles:
        for week in range(cycle.start + 7, cycle.end, 7):
            open_days = [day for day in range(week, min(week + 3, cycle.end)) if answered[day]]
            if open_days and draw.random() < ITEM_ANSWERED:
                left = 100 * days.left[open_days[0]] if person.responds else draw.uniform(0, 60)
                percent = left + person.item_bias + ITEM_SD * draw.normal()
                if person.world.item_is_echo:
                    percent = _share_by_mood(person, days, open_days[0])
                found[open_days[0]] = int(np.clip(5 * round(percent / 5), 0, 100))
    return found


def _share_by_mood(person: Person, days: Days, day: int) -> float:
    """Return the percent left that the mood of one day suggests."""
    return float(100 * (days.felt[day, 0] - person.levels[0]) / max(person.gains[0], 0.5))
