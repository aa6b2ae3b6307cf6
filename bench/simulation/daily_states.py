"""A patient's true days: benefit, drift, weekends, dips and good spells, and the noise of single days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.simulation.traits import Person
from bench.simulation.treatment_course import Course
from bench.simulation.wear_off_shapes import Floats, remaining

INDUCTION_HALF_DAYS: Final = 7.0
"""An induction infusion's benefit holds about a week (Kryst 2020)."""

DRIFT_SD: Final = 0.35
DRIFT_DAYS: Final = 45.0
"""Mood drifts slowly whatever is given: SD in points, and the days in which it is forgotten; a proposal."""

SLOW_SHARE: Final = 0.35
"""Of the noise's variance: from day to day it then correlates .1 to .25 (Neubauer 2021, Jang 2024)."""

SHARED: Final = 0.35
"""Of the noise's variance is common to mood, enjoyment and calm (two items' mean, Fisher 2017: .28)."""

DIP_EVERY: Final = 40.0
GOOD_SPELL_EVERY: Final = 90.0
"""Mean days from one short dip, or good spell, to the next; a proposal."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """`left` (n,) is the share of the gain left on each day; `felt` (n, 3) what mood, enjoyment and calm are.

    `felt` is in points and not yet rounded, `dips` are the first day and the length of each.
    """

    left: Floats
    felt: Floats
    dips: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Disturbances:
    """What moves the days apart from the treatment: `common` (n,) and `noise` (n, 3), in points.

    `common` is drift, weekends, dips and good spells, `dips` are as in `Days`.
    """

    common: Floats
    noise: Floats
    dips: tuple[tuple[int, int], ...]


def drawn_days(draw: np.random.Generator, person: Person, course: Course, first_weekday: int) -> Days:
    """Return every day of the course; `first_weekday` is 0 for a diary that begins on a Monday."""
    disturbances = drawn_disturbances(draw, person, course.length, first_weekday)
    return days_of(person, course, disturbances, drawn_infusion_days(draw, len(course.infusions)))


def drawn_disturbances(
    draw: np.random.Generator, person: Person, length: int, first_weekday: int
) -> Disturbances:
    """Return what moves so many days, whatever infusions are given on them."""
    dips, spells = _spells(draw, length)
    common = _drift(draw, length) + _weekends(person, length, first_weekday) + spells
    return Disturbances(common, noise(draw, person, length), dips)


def drawn_infusion_days(draw: np.random.Generator, infusions: int) -> Floats:
    """Return (n, 3) points by which the infusions' own days are off: the drug speaks, not its benefit."""
    return draw.normal(0, 0.8, (infusions, 3))


def days_of(person: Person, course: Course, disturbances: Disturbances, infusion_days: Floats) -> Days:
    """Return every day of the course; later rows of the disturbances and infusion days are not used."""
    gain = benefit(person, course)
    later = benefit(person, course, person.lag)
    benefits = np.column_stack((gain, gain, later)) * _gains(course)[:, None]
    felt = np.array(person.levels) + benefits * np.array(person.gains)
    felt += disturbances.common[: course.length, None] * np.array((1.0, 1.0, 0.7))
    felt += disturbances.noise[: course.length]
    felt[list(course.infusions)] += infusion_days[: len(course.infusions)]
    return Days(gain, felt, disturbances.dips)


def benefit(person: Person, course: Course, lag: float = 0.0) -> Floats:
    """(n,) the share of the gain there on each day; `lag` lengthens the wear-off (log days)."""
    left = np.zeros(course.length)
    for number, (start, end) in enumerate(zip(course.induction, course.induction[1:], strict=False), start=1):
        since = np.arange(end - start, dtype=np.float64)
        left[start:end] = (1 - 0.5**number) * remaining(person.shape, INDUCTION_HALF_DAYS, since)
    for cycle in course.cycles:
        since = np.arange(cycle.end - cycle.start, dtype=np.float64)
        half = cycle.half_gone * np.exp(lag)
        left[cycle.start : cycle.end] = remaining(person.shape, half, since)
        left[cycle.start] = (1 + left[cycle.start - 1]) / 2
    return left


def _gains(course: Course) -> Floats:
    gains = np.ones(course.length)
    for cycle in course.cycles:
        gains[cycle.start : cycle.end] = cycle.gain
    return gains


def noise(draw: np.random.Generator, person: Person, length: int) -> Floats:
    """(n, 3): a part that carries over to the next day, and a heavy-tailed part that does not."""
    mixed = np.sqrt(1 - SHARED) * np.eye(4)[:, 1:] + np.sqrt(SHARED) * np.eye(4)[:, :1]
    tails = person.world.tails
    quick = draw.standard_t(tails, (length, 4)) / np.sqrt(tails / (tails - 2)) @ mixed
    steps = draw.normal(size=(length, 4)) @ mixed
    slow = _carried_over(steps, person.carried)
    return np.asarray(person.noise_sd * (np.sqrt(SLOW_SHARE) * slow + np.sqrt(1 - SLOW_SHARE) * quick))


def _drift(draw: np.random.Generator, length: int) -> Floats:
    return DRIFT_SD * _carried_over(draw.normal(size=(length, 1)), float(np.exp(-1 / DRIFT_DAYS)))[:, 0]


def _carried_over(steps: Floats, share: float) -> Floats:
    carried = steps.copy()
    for day in range(1, len(steps)):
        carried[day] = share * carried[day - 1] + np.sqrt(1 - share**2) * steps[day]
    return carried


def _weekends(person: Person, length: int, first_weekday: int) -> Floats:
    weekday = (first_weekday + np.arange(length)) % 7
    return person.weekend * np.where(weekday >= 5, 1.0, -0.4)


def _spells(draw: np.random.Generator, length: int) -> tuple[tuple[tuple[int, int], ...], Floats]:
    """Short dips of 1.5 to 3.5 points, as they come, and good spells half as high."""
    points = np.zeros(length)
    dips = []
    for every, height in ((DIP_EVERY, -1.0), (GOOD_SPELL_EVERY, 0.5)):
        day = int(draw.exponential(every))
        while day < length:
            days = int(draw.integers(2, 6))
            points[day : day + days] += height * draw.uniform(1.5, 3.5)
            if height < 0:
                dips.append((day, days))
            day += days + 1 + int(draw.exponential(every))
    return tuple(dips), points
