"""Target measure of a treatment course: what the outlook times, wellbeing or one optional daily rating.

The model takes every measure on one scale, 0 to 10, higher is better. A rating whose 10 is worst is turned
for it, 10 less the answer, and turned back in whatever a clinician reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from clinical.check_in import SCALE_MAX, Reading
from clinical.daily_ratings import OF_CODE
from clinical.direction import Direction


class TargetMeasure(StrEnum):
    """What a course's outlook is computed from; all but the first are codes of optional daily ratings."""

    WELLBEING = "wellbeing"
    RUMINATION = "rumination"
    CRAVING = "craving"
    INTRUSIVE_THOUGHTS = "intrusive_thoughts"
    EATING_URGES = "eating_urges"


_PLURAL: Final = frozenset({TargetMeasure.INTRUSIVE_THOUGHTS, TargetMeasure.EATING_URGES})


def is_rating(measure: TargetMeasure) -> bool:
    """Return whether the measure is one optional rating, rather than wellbeing."""
    return measure is not TargetMeasure.WELLBEING


def higher_is_worse(measure: TargetMeasure) -> bool:
    """Return whether a higher answer is a worse one."""
    return is_rating(measure) and OF_CODE[measure].direction is Direction.HIGHER_IS_WORSE


def turned(measure: TargetMeasure, level: float) -> float:
    """Return a level on the model's scale from one on the measure's, or the other way round."""
    return SCALE_MAX - level if higher_is_worse(measure) else level


def rated(readings: Sequence[Reading], measure: TargetMeasure) -> Sequence[Reading]:
    """Return the readings that have the measure; every reading has wellbeing."""
    if not is_rating(measure):
        return readings
    return tuple(reading for reading in readings if reading.ratings and measure in reading.ratings)


def rating_of(reading: Reading, measure: TargetMeasure) -> float:
    """Return a reading's answer to a rating that it has, on the model's scale."""
    return turned(measure, (reading.ratings or {})[measure])


def name(measure: TargetMeasure) -> str:
    """Return the measure's name within a sentence."""
    return OF_CODE[measure].label.lower() if is_rating(measure) else "wellbeing"


def was(measure: TargetMeasure) -> str:
    """Return the measure's name with its verb, as in "craving was" and "intrusive thoughts were"."""
    return f"{name(measure)} {'were' if measure in _PLURAL else 'was'}"


def capitalized(text: str) -> str:
    """Return a text with a capital first letter, the others as they are."""
    return text[0].upper() + text[1:]
