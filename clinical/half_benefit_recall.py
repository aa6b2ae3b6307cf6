"""What a patient recalls of an earlier infusion: the days until half of its benefit was gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

MAX_RECALLED_DAYS: Final = 366
"""Most days that can be recalled. Operational."""


class RecallAnswer(StrEnum):
    """The three answers to "about how many days until half of the benefit was gone?"."""

    DAYS = "days"
    NOT_GONE = "not_gone"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True, slots=True, order=True)
class HalfBenefitRecall:
    """An answer about the last infusion before `asked_on`, the day of the next infusion or of the answer.

    `days` counts from that infusion; None means that half of its benefit had not gone by `asked_on`.
    "I can't say" is no observation, and so none of these.
    """

    asked_on: date
    days: int | None


def one_an_infusion(
    recalls: Iterable[HalfBenefitRecall], infusion_days: Sequence[date]
) -> tuple[HalfBenefitRecall, ...]:
    """Return the recalls in order of day; of several about one infusion the one that was answered last.

    `recalls` are in the order in which they were answered. Two are about one infusion where the first of them
    was asked for a booking that was moved or not done.
    """
    found: dict[date | None, HalfBenefitRecall] = {}
    for recall in recalls:
        found[max((day for day in infusion_days if day < recall.asked_on), default=None)] = recall
    return tuple(sorted(found.values(), key=lambda recall: recall.asked_on))
