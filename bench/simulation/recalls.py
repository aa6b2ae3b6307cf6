"""Answers of a simulated patient to the recall question, at each infusion about the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from bench.simulation.daily_states import Days
from bench.simulation.traits import Person
from bench.simulation.treatment_course import Course, TrueCycle
from bench.simulation.worlds import Memory
from clinical.half_benefit_recall import HalfBenefitRecall

EXACT_UP_TO = 7
ROUND_TO = (5, 7)
"""Beyond a week people answer in fives, or in weeks."""


def drawn_recalls(
    draw: np.random.Generator, person: Person, course: Course, days: Days, first: date, memory: Memory
) -> tuple[HalfBenefitRecall, ...]:
    """Return the answers given, in order of day; "I can't say" and no answer are none."""
    lean = memory.lean_sd * float(draw.normal())
    return tuple(
        HalfBenefitRecall(first + timedelta(days=cycle.end), answer)
        for cycle in course.cycles[:-1]
        for answer in recalled(draw, person, cycle, float(days.felt[cycle.end - 1, 0]), lean, memory)
    )


def recalled(
    draw: np.random.Generator, person: Person, cycle: TrueCycle, mood: float, lean: float, memory: Memory
) -> Iterator[int | None]:
    """Yield the answer, days or None for "it had not gone"; nothing where there is none."""
    length = cycle.end - cycle.start
    luck = draw.random(4)
    wrong = np.exp(memory.spread * float(draw.normal()) + lean)
    if luck[0] < memory.unanswered:
        return
    if memory.echo:
        share = (mood - person.levels[0]) / max(person.gains[0], 0.5)
        yield None if share > 0.5 else _rounded(length * (0.3 + 0.7 * max(share, 0.0)), length, luck[3])
    elif luck[1] < memory.random or not person.responds:
        yield None if luck[2] < 0.5 else int(draw.integers(1, length + 1))
    elif (cycle.half_gone < length) == (luck[2] >= memory.denial):
        truth = min(cycle.half_gone, length)
        yield _rounded(truth ** (1 - memory.anchor) * length**memory.anchor * wrong, length, luck[3])
    else:
        yield None


def _rounded(days: float, length: int, luck: float) -> int:
    step = 1 if days <= EXACT_UP_TO else ROUND_TO[int(luck < 0.5)]
    return int(min(max(step * round(days / step), 1), length))
