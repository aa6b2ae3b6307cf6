"""When the infusions were given and why, and when each one's benefit truly wore off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from bench.simulation.traits import DOSES_MG, Person, Way
from bench.simulation.wear_off_shapes import Floats, day_at
from clinical.infusion import GivenInfusion, InfusionReason

INDUCTIONS: Final = ((0, 2, 4, 7, 9, 11), (0, 3, 7, 10, 14, 17))
"""Six infusions thrice weekly (Murrough 2013) or twice (Sakurai 2020)."""

CYCLES: Final = 7
CYCLES_WITHOUT_BENEFIT: Final = 3

WITHIN_SPREAD: Final = 0.20
"""Log SD of one patient's half-benefit day from cycle to cycle; a proposal."""

GAIN_SPREAD: Final = 0.1
"""Log SD of one patient's gain from cycle to cycle; a proposal."""

FELT_AT: Final = (0.42, 0.1)
"""Mean and SD of the share of the gain left at which a patient feels the loss and asks; a proposal."""

OTHER_REASON: Final = 0.08
"""Share of infusions whose reason is recorded as another one; a proposal."""

JUDGED: Final = 0.5
JUDGED_WRONGLY: Final = 0.12
"""How often it is recorded that symptoms had not returned where half of the benefit is left, and how often
where it is not; a proposal."""

ON_SCHEDULE: Final = frozenset({InfusionReason.SCHEDULED, InfusionReason.CONVENIENCE})

MIN_CYCLE: Final = 8
MAX_CYCLE: Final = 70


@dataclass(frozen=True, slots=True)
class TrueCycle:
    """A cycle from the infusion on day `start` to the day before `end`.

    `half_gone` and `third_gone` are the true days after the infusion, whether or not the cycle lasted so
    long; `gain` is this cycle's gain as a share of the patient's usual one.
    """

    number: int
    start: int
    end: int
    half_gone: float
    third_gone: float
    gain: float


@dataclass(frozen=True, slots=True)
class Course:
    """All days count from the first day of the diary; `reasons` are those of `infusions` in order."""

    induction: tuple[int, ...]
    cycles: tuple[TrueCycle, ...]
    reasons: tuple[InfusionReason, ...]

    @property
    def infusions(self) -> tuple[int, ...]:
        """Every infusion's day: the induction, whose last one opens the first cycle, then the maintenance."""
        return (*self.induction, *(cycle.start for cycle in self.cycles[1:]))

    @property
    def length(self) -> int:
        """The days of the whole diary."""
        return self.cycles[-1].end


def drawn_course(draw: np.random.Generator, person: Person) -> Course:
    """Return a baseline of ten days to three weeks, six induction infusions, then cycles."""
    induction = drawn_induction(draw)
    cycles: list[TrueCycle] = []
    reasons = [InfusionReason.SCHEDULED] * len(induction)
    start = induction[-1]
    for number in range(1, (CYCLES if person.responds else CYCLES_WITHOUT_BENEFIT) + 1):
        half = half_gone(person, number, draw.normal())
        length, reason = _next_infusion(draw, person, number, half)
        gain = gain_share(person, number, draw.normal())
        third = day_at(person.shape, half, 2 / 3)
        cycles.append(TrueCycle(number, start, start + length, half, third, gain))
        reasons.append(reason)
        start += length
    # The infusion that ends the last cycle lies behind the diary's end.
    return Course(induction, tuple(cycles), tuple(reasons[:-1]))


def drawn_induction(draw: np.random.Generator) -> tuple[int, ...]:
    """Return the days of the induction's infusions, after a baseline of ten days to three weeks."""
    before = int(draw.integers(10, 22))
    return tuple(before + day for day in INDUCTIONS[int(draw.integers(2))])


def half_gone(person: Person, number: int, deviation: float) -> float:
    """Return the half-benefit day of a cycle that lies so many standard deviations from the patient's own."""
    changed = person.dose_change.of_half_days if person.dose_change and person.has_new_dose(number) else 0.0
    return float(np.exp(person.pace * number + changed + WITHIN_SPREAD * deviation) * person.half_days)


def gain_share(person: Person, number: int, deviation: float) -> float:
    """Return the gain of a cycle as a share of the patient's usual one, so many SDs from it."""
    changed = person.dose_change.of_gain if person.dose_change and person.has_new_dose(number) else 0.0
    return float(np.exp(changed + GAIN_SPREAD * deviation))


def given_infusions(course: Course, person: Person, first: date) -> tuple[GivenInfusion, ...]:
    """Return every infusion of a course by its date; the dose only where it may change."""
    before = len(course.induction) - 1
    doses = [
        DOSES_MG[person.has_new_dose(number)] if person.world.dose_changes else None
        for number in range(1 - before, len(course.cycles) + 1)
    ]
    given = zip(course.infusions, course.reasons, doses, strict=True)
    return tuple(
        GivenInfusion(first + timedelta(days=day), reason, dose_mg=dose) for day, reason, dose in given
    )


def felt_at(person: Person, deviation: float) -> float:
    """Return the share of the gain left at which the loss is felt, so many SDs from the mean."""
    share = FELT_AT[0] + FELT_AT[1] * deviation
    return float(np.clip(share, person.shape.asymptote + 0.05, 0.65))


def judged(draw: np.random.Generator, person: Person, course: Course) -> Course:
    """Return the course with the reasons of infusions at which the patient was found to be still well."""
    reasons = list(course.reasons)
    for number, cycle in enumerate(course.cycles[:-1], len(course.induction)):
        reasons[number] = judged_reason(person, cycle, reasons[number], draw.random(2))
    return replace(course, reasons=tuple(reasons))


def judged_reason(person: Person, cycle: TrueCycle, reason: InfusionReason, luck: Floats) -> InfusionReason:
    """Return the recorded reason of the infusion that ends a cycle; `luck` (2,) is uniform in 0-1."""
    is_judged, is_wrong = luck
    still_well = (cycle.half_gone > cycle.end - cycle.start) != (is_wrong < JUDGED_WRONGLY)
    if person.responds and still_well and is_judged < JUDGED and reason in ON_SCHEDULE:
        return InfusionReason.SYMPTOMS_NOT_RETURNED
    return reason


def _next_infusion(
    draw: np.random.Generator, person: Person, number: int, half: float
) -> tuple[int, InfusionReason]:
    """Days until the next infusion, and why it was then: early where the loss was felt."""
    asked = day_at(person.shape, half, felt_at(person, draw.normal())) + draw.uniform(2, 10)
    planned, reason = float(person.interval + draw.normal(0, 1.5)), InfusionReason.SCHEDULED
    if person.way is Way.STRETCHED:
        planned += 4 * (number - 1) - 7
    if draw.random() < 0.2:
        planned, reason = planned + draw.uniform(3, 14), InfusionReason.CONVENIENCE
    calls = {Way.ASKS: 1.0, Way.CALENDAR: 0.3, Way.STRETCHED: 0.8}[person.way]
    if person.way is Way.ASKS:
        planned = MAX_CYCLE
        reason = InfusionReason.SCHEDULED
    if person.responds and asked < planned - 2 and draw.random() < calls:
        planned, reason = asked, InfusionReason.SYMPTOMS_RETURNED
    if not person.responds:
        planned = person.interval
    if draw.random() < OTHER_REASON:
        reason = InfusionReason.OTHER
    return round(min(max(planned, MIN_CYCLE), MAX_CYCLE)), reason
