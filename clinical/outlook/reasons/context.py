"""Context that reasons are derived from, and their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinical.check_in import Reading
from clinical.history import History
from clinical.outlook.benefit import LackOfBenefit, MeasureChange
from clinical.outlook.forecast import Forecast
from clinical.outlook.model.segments import ModelInput
from clinical.outlook.result import DataQuality, Reason, ReasonCode, Status
from clinical.sentences import Sentence
from clinical.target_measure import higher_is_worse

Number = tuple[str, float | int | str]


@dataclass(frozen=True, slots=True)
class ReasonContext:
    """What the reasons of one outlook are derived from: a patient in maintenance on `today`.

    `readings` are those of the history up to that day, in order. `forecast` is None without a forecast
    or where it is not shown, `status` is that of the outlook, `changes` those of the measures since before
    treatment, and `lack` what follows from them.
    """

    history: History
    today: date
    readings: Sequence[Reading]
    quality: DataQuality
    model_input: ModelInput
    forecast: Forecast | None
    status: Status
    changes: tuple[MeasureChange, ...] = ()
    lack: LackOfBenefit | None = None


def reason(code: ReasonCode, text: Sentence, numbers: Sequence[Number], would_change: Sentence) -> Reason:
    """Return a reason from its parts."""
    return Reason(code, text, tuple(numbers), would_change)


def better_answers(context: ReasonContext) -> Sentence:
    """Return what better answers are by the target measure."""
    turned = higher_is_worse(context.history.target_measure)
    return Sentence("Lower ratings") if turned else Sentence("Higher check-ins")


def worse_answers(context: ReasonContext) -> Sentence:
    """Return what worse answers are by the target measure."""
    turned = higher_is_worse(context.history.target_measure)
    return Sentence("Higher ratings") if turned else Sentence("Lower check-ins")


def from_here(answers: Sentence) -> Sentence:
    """Return that such answers from today on would change the reason."""
    return Sentence("{answers} from here.", answers=answers)


def points(value: float) -> float:
    """Return a level, a mean or a number of days rounded to two decimals."""
    return round(value, 2)


def chance(value: float) -> float:
    """Return a probability rounded to four decimals."""
    return round(value, 4)
