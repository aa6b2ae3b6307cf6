"""Mood, enjoyment and anxiety as one reading a day, W; or one optional rating in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clinical.check_in import SCALE_MAX, Reading
from clinical.target_measure import TargetMeasure, rating_of

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

ANXIETY_SHARE: Final = 0.25
"""Share of (10 - anxiety) in W, mood having the rest. Source: a proposal: anxiety improves slower and less
than depression (JAD 2026, n = 209)."""

ENJOYMENT_SHARE: Final = 0.5
"""Share of enjoyment in mood. Source: a proposal: the mean of two items is steadier, SD 1.6 against 2.0
(Fisher 2017)."""

MIN_SHARED_DAYS: Final = 3
"""Fewest reference days with mood on which a second measure was answered for it to be used. Source: a
proposal."""


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """One value of W (0-10, higher is better) a reading, and which measures besides mood are in it."""

    values: Floats
    anxiety_used: bool
    enjoyment_used: bool


def wellbeing(readings: Sequence[Reading], reference: Mask) -> Wellbeing:
    """Return W = 0.75 mood + 0.25 (10 - anxiety), mood being the mean of mood and enjoyment.

    `reference` marks the readings of the baseline and of finished cycles. A measure missing on a day is
    imputed as mood plus the patient's mean difference on reference days, so that the level does not jump
    between days that have it and days that have not. A measure with too few reference days is left out of
    every day: a difference estimated from the running cycle would absorb part of its own benefit.
    """
    mood = np.array([reading.mood for reading in readings], dtype=np.float64)
    enjoyment = _filled([reading.enjoyment for reading in readings], mood, reference)
    if enjoyment is not None:
        mood = (1 - ENJOYMENT_SHARE) * mood + ENJOYMENT_SHARE * enjoyment
    anxiety = [reading.anxiety for reading in readings]
    calm = _filled([None if rating is None else SCALE_MAX - rating for rating in anxiety], mood, reference)
    values = mood if calm is None else (1 - ANXIETY_SHARE) * mood + ANXIETY_SHARE * calm
    return Wellbeing(values, anxiety_used=calm is not None, enjoyment_used=enjoyment is not None)


def of_rating(readings: Sequence[Reading], measure: TargetMeasure) -> Wellbeing:
    """Return one rating in place of W, of readings that all have it; nothing is imputed."""
    values = np.array([rating_of(reading, measure) for reading in readings], dtype=np.float64)
    return Wellbeing(values, anxiety_used=False, enjoyment_used=False)


def _filled(measure: list[float | None], mood: Floats, reference: Mask) -> Floats | None:
    values = np.array(measure, dtype=np.float64)
    answered = ~np.isnan(values)
    shared = answered & reference
    if np.count_nonzero(shared) < MIN_SHARED_DAYS:
        return None
    difference = float(np.mean(values[shared] - mood[shared]))
    return np.where(answered, values, mood + difference)
