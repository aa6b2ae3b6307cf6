"""How near onset, peak and half loss of a response curve come to the true days of simulated courses.

`python -m bench.forecasts.response_curves` prints the figures of docs/clinical/response_curves.md. Before
the infusion nothing is gained; from the next day on relief rises evenly to the peak, and is then lost.
Levels, gains, noise and the highest number ever given are those of `bench.simulation`; a fifth of the days
is not answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from bench.simulation.daily_states import noise
from bench.simulation.traits import Person, drawn_person
from bench.simulation.wear_off_shapes import Floats, Shape, ShapeKind, remaining
from clinical.check_in import SCALE_MAX, Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.protocol import Protocol
from clinical.response_curve import ResponseCurve, response_curves

GIVEN: Final = date(2026, 3, 2)
INFUSED_AT: Final = datetime(2026, 3, 2, 11, tzinfo=UTC)
BEFORE: Final = 7
AFTER: Final = 28
PEAKS: Final = (1, 2, 3, 4, 6)
LOSSES: Final = (9.0, 20.0)
"""Days from the peak to half of the gain lost, least and most."""

SHAPE: Final = Shape(ShapeKind.WEIBULL, 1.8)
MISSING: Final = 0.2
COURSES: Final = 600
SEED: Final = 5


@dataclass(frozen=True, slots=True)
class Truth:
    """The true days of onset, peak and half of the gain lost (None: not within the course)."""

    onset: int
    peak: int
    half_lost: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of courses with a response: the shares detected, on day 0, within a day and, of the loss, within three.

    `undetected_loss_share` is the share of true losses that were not detected.
    """

    detected_share: float
    day_0: float
    onset: float
    peak: float
    half_lost: float
    undetected_loss_share: float


def course(number: int, noisy: bool = True) -> tuple[ResponseCurve, Truth]:
    """Return one simulated course as the product computes it, and the truth."""
    draw = np.random.default_rng((SEED, number))
    while not (person := drawn_person(draw, MISSING)).responds:
        pass
    peak, half_days = int(draw.choice(PEAKS)), draw.uniform(*LOSSES)
    since = np.arange(-BEFORE, AFTER, dtype=np.float64)
    lost = remaining(SHAPE, half_days, since - peak)
    share = np.where(since < peak, np.clip(since / peak, 0, 1), lost)
    gone = [int(day) for day in since[(since > peak) & (share <= 1 / 2)]]
    onset = int(since[(since > 0) & (share >= 1 / 2)][0])
    answered = draw.random(since.size) >= MISSING * noisy
    felt = noise(draw, person, since.size) * noisy + np.outer(share, person.gains) + np.array(person.levels)
    (found,) = response_curves(
        _history(person, since[answered], felt[answered]), GIVEN + timedelta(AFTER - 1)
    )
    return found, Truth(onset, peak, gone[0] if gone else None)


def figures(courses: Sequence[tuple[ResponseCurve, Truth]]) -> Figures:
    """Return what share of them is detected, and how precisely."""
    detected = [
        (curve, true) for curve, true in courses if curve.onset is not None and curve.peak is not None
    ]
    lost = [(curve.half_rise_lost, true.half_lost) for curve, true in detected if true.half_lost is not None]
    return Figures(
        detected_share=len(detected) / len(courses),
        day_0=_share([curve.onset == 0 for curve, _ in detected]),
        onset=_share([abs((curve.onset or 0) - true.onset) <= 1 for curve, true in detected]),
        peak=_share([abs((curve.peak or 0) - true.peak) <= 1 for curve, true in detected]),
        half_lost=_share([found is not None and abs(found - true) <= 3 for found, true in lost]),
        undetected_loss_share=_share([found is None for found, _ in lost]),
    )


def _share(holds: Sequence[bool]) -> float:
    return sum(holds) / len(holds)


def _history(person: Person, since: Floats, felt: Floats) -> History:
    ratings = np.clip(np.rint(felt), 0, (person.ceiling, person.ceiling, SCALE_MAX)).tolist()
    readings = tuple(
        Reading(
            GIVEN + timedelta(days=int(day)),
            mood,
            SCALE_MAX - calm,
            enjoyment,
            answered_at=INFUSED_AT + timedelta(days=int(day), hours=8),
        )
        for day, (mood, enjoyment, calm) in zip(since, ratings, strict=True)
    )
    return History(readings, (GivenInfusion(GIVEN, started_at=INFUSED_AT),), Protocol())


if __name__ == "__main__":
    for noisy in (True, False):
        print("with noise:" if noisy else "without:", figures([course(n, noisy) for n in range(COURSES)]))
