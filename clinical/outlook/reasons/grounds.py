"""What reasons are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading
from clinical.infusion import GivenInfusion
from clinical.outlook.answer import DataQuality, Reason, Status
from clinical.outlook.forecast import Forecast
from clinical.outlook.material import Material
from clinical.protocol import Protocol
from clinical.score import Score

Number = tuple[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything known up to `today`, in order of day; `made` is None when a forecast was refused.

    `word` is the status as it will be given.
    """

    today: date
    readings: Sequence[Reading]
    infusions: Sequence[GivenInfusion]
    cycle_starts: Sequence[date]
    protocol: Protocol
    scores: Sequence[Score]
    baseline: AssessedBaseline | None
    quality: DataQuality
    material: Material
    made: Forecast | None
    word: Status


def reason(code: str, text: str, numbers: Sequence[Number], would_change: str) -> Reason:
    """A reason from its parts."""
    return Reason(code, text, tuple(numbers), would_change)


def points(value: float) -> float:
    """A level, a mean or a number of days as it is kept: two decimals."""
    return round(value, 2)


def chance(value: float) -> float:
    """A chance as it is kept: four decimals."""
    return round(value, 4)
