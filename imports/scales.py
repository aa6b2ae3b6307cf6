"""The scale of the ratings of a file, and its ratings on ours of 0 to 10."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from clinical.check_in import SCALE_MAX, SCALE_MIN

DAYLIO: Final = "daylio"
FIVE_STEPS: Final = {1: 9, 2: 7, 3: 5, 4: 3, 5: 1}
"""Daylio's five moods, 1 best to 5 worst as it numbers them, on a scale of 0 to 10: the middle of each fifth.
Source: our own convention, not a clinical one."""

WRITTEN: Final = re.compile(r"([0-9]{1,3})-([0-9]{1,3})")


class Direction(StrEnum):
    """Whether a higher rating of mood and enjoyment is better; of anxiety a higher one is always worse."""

    HIGHER_IS_BETTER = "higher-is-better"
    LOWER_IS_BETTER = "lower-is-better"


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest rating of a file, and their direction; `daylio` counts 1 best to 5 worst."""

    lowest: int = SCALE_MIN
    highest: int = SCALE_MAX
    direction: Direction = Direction.HIGHER_IS_BETTER
    daylio: bool = False

    def convert(self, rating: int, *, of_wellbeing: bool) -> int | None:
        """Return a rating from 0 to 10; None for one that is off the scale.

        The percent of the maximum possible (POMP, Cohen 1999), in tenths and rounded half to even, so that
        both ends round alike. Of Daylio's moods the middle of each fifth.
        """
        if not self.lowest <= rating <= self.highest:
            return None
        if self.daylio and of_wellbeing:
            return FIVE_STEPS[rating]
        share = round(SCALE_MAX * (rating - self.lowest) / (self.highest - self.lowest))
        is_turned = of_wellbeing and self.direction is Direction.LOWER_IS_BETTER
        return SCALE_MAX - share if is_turned else share


OURS: Final = Scale()


def parse_scale(text: str, direction: Direction = Direction.HIGHER_IS_BETTER) -> Scale | None:
    """Return the scale that is written as 1-5, or as daylio; None for anything else."""
    if text == DAYLIO:
        return Scale(1, 5, direction, daylio=True)
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    lowest, highest = int(found[1]), int(found[2])
    return Scale(lowest, highest, direction) if lowest < highest else None


def may_be_one_to_five(ratings: Iterable[str]) -> bool:
    """Return whether all ratings of a file are from 1 to 5, so that its scale may be another than ours."""
    numbers = [float(text) for text in ratings if re.fullmatch(r"[0-9]{1,3}(\.0+)?", text) and text.isascii()]
    return bool(numbers) and all(1 <= number <= 5 for number in numbers)
