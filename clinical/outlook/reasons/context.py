"""What reasons are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinical.check_in import Reading
from clinical.history import History
from clinical.outlook.forecast import Forecast
from clinical.outlook.model.segments import ModelInput
from clinical.outlook.result import DataQuality, Reason, ReasonCode, Status

Number = tuple[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Grounds:
    """A patient in maintenance on `today`.

    `readings` are those of the history up to that day, in order. `made` is None when a forecast was refused
    or not asked for, `status` is the one that the outlook will have.
    """

    history: History
    today: date
    readings: Sequence[Reading]
    quality: DataQuality
    model_input: ModelInput
    forecast: Forecast | None
    status: Status


def reason(code: ReasonCode, text: str, numbers: Sequence[Number], would_change: str) -> Reason:
    """A reason from its parts."""
    return Reason(code, text, tuple(numbers), would_change)


def points(value: float) -> float:
    """A level, a mean or a number of days as it is stored: two decimals."""
    return round(value, 2)


def chance(value: float) -> float:
    """A probability as it is stored: four decimals."""
    return round(value, 4)
