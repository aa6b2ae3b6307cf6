"""The clinical core in the form a walk-forward scorer calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import inf, isnan
from typing import Any, Final

from clinical.check_in import Reading
from clinical.half_benefit_recall import HalfBenefitRecall
from clinical.history import History
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.outlook.forecast import Forecast
from clinical.outlook.forecast import forecast as clinical_forecast
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.protocol import Protocol

A_MONDAY: Final = date(2024, 1, 1)
OF_A_READING: Final = ("mood", "anxiety", "enjoyment", "benefit_left")


def forecast(
    history: Mapping[str, Any], options: ModelOptions = IN_USE
) -> tuple[float, float, float, float] | None:
    """Return (median half-benefit day, lo80, hi80, p_half_lost) on the history's axis, or None without one.

    `history` holds the integers `today` and `start_weekday` (of day 0, Monday 0), and equally long arrays: of
    the answered days `day`, `mood`, `anxiety` and, where they were asked, `enjoyment` and `benefit_left`
    (percent); of the infusions `infusions` (days) and, where they were recorded, `reasons` (the values of
    InfusionReason) and `recall`, the answer at that infusion to the recall question about the one before it:
    days, or infinity for "it had not gone". NaN is a question that was not answered.
    """
    epoch = A_MONDAY + timedelta(days=int(history["start_weekday"]))
    today = epoch + timedelta(days=int(history["today"]))
    made = clinical_forecast(_history(history, epoch), today, options=options)
    if not isinstance(made, Forecast):
        return None
    start = (made.model_input.start - epoch).days
    half = made.half_benefit_day
    return start + half.median, start + half.lo80, start + half.hi80, made.p_half_lost


def _history(history: Mapping[str, Any], epoch: date) -> History:
    zero = epoch.toordinal()
    asked = [name for name in OF_A_READING if name in history]
    columns = (history[name].tolist() for name in asked)
    readings = tuple(
        Reading(date.fromordinal(zero + day), **_answered(asked, answers))
        for day, *answers in zip(history["day"].tolist(), *columns, strict=True)
    )
    days = [date.fromordinal(zero + day) for day in history["infusions"].tolist()]
    reasons = history.get("reasons", [InfusionReason.SCHEDULED] * len(days))
    infusions = tuple(
        GivenInfusion(day, InfusionReason(reason)) for day, reason in zip(days, reasons, strict=True)
    )
    recalls = _recalls(days, history.get("recall", ()))
    return History(readings, infusions, Protocol(), half_benefit_recalls=recalls)


def _answered(names: Iterable[str], answers: Iterable[float]) -> dict[str, Any]:
    return {name: answer for name, answer in zip(names, answers, strict=True) if not isnan(answer)}


def _recalls(days: Iterable[date], answers: Iterable[float]) -> tuple[HalfBenefitRecall, ...]:
    return tuple(
        HalfBenefitRecall(day, None if answer == inf else round(answer))
        for day, answer in zip(days, answers, strict=False)
        if not isnan(answer)
    )
