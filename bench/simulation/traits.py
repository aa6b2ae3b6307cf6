"""The traits of a simulated patient: what stays the same from cycle to cycle."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from bench.simulation.wear_off_shapes import Shape, drawn_shape
from bench.simulation.worlds import USUAL, World

NO_BENEFIT: Final = 0.20
"""Patients without a benefit to speak of; 53.6 % respond and others partly (McInnes 2022)."""

LONG_BENEFIT: Final = 0.24
"""Patients whose benefit lasts long (the fit to Murrough 2013), the rest around three and a half weeks."""

USUAL_DAYS: Final = (24.0, 48.0)
USUAL_SPREAD: Final = 0.33
"""Medians and log SD of the two groups' half-benefit days; relapse: 18 days (Murrough 2013) to 57 (Ekstrand
2022)."""


class Way(StrEnum):
    """How the next infusion is decided on; clinics do all three."""

    ASKS = "the patient asks"
    CALENDAR = "by the calendar"
    STRETCHED = "a little later each time"


DOSES_MG: Final = (35.0, 50.0)
"""Doses before and after a change; their ratio is that of 0.5 to 0.7 mg/kg."""
CHANGED_HALF_DAYS: Final = 0.35
CHANGED_GAIN: Final = 0.20
"""Log SD of the effect of a change of dose on half-benefit days and gain; a proposal."""


@dataclass(frozen=True, slots=True)
class DoseChange:
    """From which cycle on the dose is another one, and the log changes that it brings."""

    from_cycle: int
    of_half_days: float
    of_gain: float


@dataclass(frozen=True, slots=True)
class Person:
    """Levels and gains are points of 0-10, of mood, enjoyment and calm (10 - anxiety) in this order.

    `half_days` is the patient's own half-benefit day and `pace` its log change a cycle; `lag` is by how much
    anxiety returns later (log days). `noise_sd` is in points, `carried` the day-to-day correlation of the
    slow part of the noise. `weekend` is a lift in points. `ceiling` is the highest number the patient ever
    says. `missing` is the share of days not answered, `item_bias` what the patient adds to the weekly item
    (percent points). `phq_9` is the total at a wellbeing of 0, and by how much it falls with each point.
    `world` is how all patients of the clinic depart from the usual ones, `dose_change` the patient's own.
    """

    responds: bool
    levels: tuple[float, float, float]
    gains: tuple[float, float, float]
    shape: Shape
    half_days: float
    pace: float
    lag: float
    noise_sd: float
    carried: float
    weekend: float
    ceiling: int
    missing: float
    item_bias: float
    phq_9: tuple[float, float]
    way: Way
    interval: int
    world: World = USUAL
    dose_change: DoseChange | None = None

    def has_new_dose(self, cycle: int) -> bool:
        """Return whether a cycle begins with another dose than the first one did."""
        return self.dose_change is not None and cycle >= self.dose_change.from_cycle


def drawn_dose_change(draw: np.random.Generator, world: World) -> DoseChange | None:
    """Return a change of dose in the third to the fifth cycle, or none."""
    changes, cycle = draw.random() < world.dose_changes, int(draw.integers(3, 6))
    of_half_days, of_gain = draw.normal(size=2) * (CHANGED_HALF_DAYS, CHANGED_GAIN)
    return DoseChange(cycle, float(of_half_days), float(of_gain)) if changes else None


def drawn_person(draw: np.random.Generator, missing: float, world: World = USUAL) -> Person:
    """Return a patient of a clinic in which the share `missing` of days is not answered."""
    responds = bool(draw.random() >= NO_BENEFIT)
    mood = float(np.clip(draw.normal(3.2, 1.0), 0.8, 5.5))
    gain = float(1.2 + 3.8 * draw.beta(1.7, 1.7) if responds else draw.uniform(0, 0.5))
    calm = float(np.clip(draw.normal(3.8, 1.3), 1.0, 7.0))
    long = bool(draw.random() < LONG_BENEFIT)
    habit = float(np.exp(0.4 * draw.normal()))
    return Person(
        responds=responds,
        levels=(mood, max(mood - float(draw.uniform(0, 1.2)), 0.5), calm),
        gains=(gain, gain * float(draw.uniform(0.7, 1.2)), gain * float(draw.uniform(0.3, 0.9))),
        shape=drawn_shape(draw),
        half_days=USUAL_DAYS[long] * float(np.exp(USUAL_SPREAD * draw.normal())),
        pace=world.pace + 0.02 * float(draw.normal()),
        lag=0.1 * float(draw.normal()),
        noise_sd=float(np.clip(1.3 * np.exp(0.25 * draw.normal()), 0.7, 2.4)),
        carried=min(world.carried + float(draw.uniform(0.3, 0.7)), 0.95),
        weekend=float(draw.normal(0.4, 0.2)) if draw.random() < 0.5 else 0.0,
        ceiling=int(draw.choice((10, 9, 8, 7), p=(0.6, 0.2, 0.15, 0.05))),
        missing=missing * habit / (1 - missing + missing * habit),
        item_bias=10 * float(draw.normal()),
        phq_9=(float(draw.normal(25, 2)), float(draw.uniform(1.6, 3.4))),
        way=Way(draw.choice(list(Way), p=(0.4, 0.45, 0.15))),
        interval=int(draw.choice((21, 28, 35), p=(0.4, 0.45, 0.15))),
        world=world,
    )
