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
from clinical.sentences import Sentence


class TargetMeasure(StrEnum):
    """What a course's outlook is computed from; all but the first are codes of optional daily ratings."""

    WELLBEING = "wellbeing"
    RUMINATION = "rumination"
    CRAVING = "craving"
    INTRUSIVE_THOUGHTS = "intrusive_thoughts"
    EATING_URGES = "eating_urges"


_NAMES: Final = {
    TargetMeasure.WELLBEING: Sentence("wellbeing"),
    TargetMeasure.RUMINATION: Sentence("rumination"),
    TargetMeasure.CRAVING: Sentence("craving"),
    TargetMeasure.INTRUSIVE_THOUGHTS: Sentence("intrusive thoughts"),
    TargetMeasure.EATING_URGES: Sentence("urges around eating"),
}
_WAS: Final = {
    TargetMeasure.WELLBEING: Sentence("wellbeing was"),
    TargetMeasure.RUMINATION: Sentence("rumination was"),
    TargetMeasure.CRAVING: Sentence("craving was"),
    TargetMeasure.INTRUSIVE_THOUGHTS: Sentence("intrusive thoughts were"),
    TargetMeasure.EATING_URGES: Sentence("urges around eating were"),
}
_ANSWERED: Final = {
    TargetMeasure.WELLBEING: Sentence("wellbeing was answered"),
    TargetMeasure.RUMINATION: Sentence("rumination was answered"),
    TargetMeasure.CRAVING: Sentence("craving was answered"),
    TargetMeasure.INTRUSIVE_THOUGHTS: Sentence("intrusive thoughts were answered"),
    TargetMeasure.EATING_URGES: Sentence("urges around eating were answered"),
}
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


def name(measure: TargetMeasure) -> Sentence:
    """Return the measure's name within a sentence."""
    return _NAMES[measure]


def was(measure: TargetMeasure) -> Sentence:
    """Return the measure's name with its verb, as in "craving was" and "intrusive thoughts were"."""
    return _WAS[measure]


def was_answered(measure: TargetMeasure) -> Sentence:
    """Return that the measure was answered, as in "craving was answered"."""
    return _ANSWERED[measure]


def is_plural(measure: TargetMeasure) -> bool:
    """Return whether the measure's name is plural."""
    return measure in _PLURAL
