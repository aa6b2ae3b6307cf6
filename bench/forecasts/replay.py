"""Replay every day of every cycle of a simulated patient with what was known on that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bench.simulation.cohort import Patient, history
from bench.simulation.treatment_course import TrueCycle
from clinical.history import History
from clinical.outlook.evaluation import CyclePredictions, Prediction
from clinical.outlook.evaluation.comparators import Rule
from clinical.outlook.evaluation.detection import onsets
from clinical.outlook.forecast import Forecast, NoForecast, forecast
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior

AFTER_A_DIP: Final = 2
"""Days after a dip in which an alarm is still laid to it."""


@dataclass(frozen=True, slots=True)
class ReplayedCycle:
    """One cycle of one patient as one rule saw it.

    `patient` is the number of the patient in the clinic, `dips` are the first and the last day, counted from
    the infusion, of the short dips of this cycle, and `dose_changed` is whether it began with a new dose.
    """

    patient: int
    responds: bool
    record: CyclePredictions
    dips: tuple[tuple[int, int], ...]
    dose_changed: bool = False


def ours(
    known: History, today: date, prior: PopulationPrior = PUBLISHED, options: ModelOptions = IN_USE
) -> Prediction | None:
    """Return the engine's prediction in the form of a comparator."""
    made = forecast(known, today, prior, options)
    if made.model_input is None:
        return None
    day = made.model_input.elapsed
    if isinstance(made, NoForecast):
        return Prediction(day)
    return _prediction(made, day)


def replay(patient: Patient, rules: Mapping[str, Rule]) -> dict[str, list[ReplayedCycle]]:
    """Return each rule's cycles, from the day after an infusion to the day before the next."""
    found: dict[str, list[ReplayedCycle]] = {name: [] for name in rules}
    for cycle in patient.cycles:
        by_rule: dict[str, list[Prediction]] = {name: [] for name in rules}
        for day in range(cycle.start + 1, cycle.end):
            known, today = history(patient, day), patient.day(day)
            for name, rule in rules.items():
                by_rule[name].append(rule(known, today) or Prediction(day - cycle.start))
        for name, predictions in by_rule.items():
            found[name].append(_replayed_cycle(patient, cycle, predictions))
    return found


def dips_alarming(replayed: list[ReplayedCycle], alarm_at: float) -> float | None:
    """Return the share of dips, over before a third was gone, in which or soon after which an alarm began."""
    alarmed = []
    for one in replayed:
        third = one.record.third_gone
        begun = onsets(one.record, alarm_at)
        for first, last in one.dips:
            if third is None or last + AFTER_A_DIP < third:
                alarmed.append(any(first <= day <= last + AFTER_A_DIP for day in begun))
    return sum(alarmed) / len(alarmed) if alarmed else None


def _prediction(made: Forecast, day: int) -> Prediction:
    half = made.half_benefit_day
    return Prediction(day, half.median, half.lo80, half.hi80, made.p_half_lost)


def _replayed_cycle(patient: Patient, cycle: TrueCycle, predictions: list[Prediction]) -> ReplayedCycle:
    length = cycle.end - cycle.start
    record = CyclePredictions(cycle.number, length, cycle.half_gone, cycle.third_gone, tuple(predictions))
    dips = tuple(
        (day - cycle.start, day - cycle.start + days - 1)
        for day, days in patient.dips
        if cycle.start < day < cycle.end
    )
    change = patient.person.dose_change
    dose_changed = change is not None and change.from_cycle == cycle.number
    return ReplayedCycle(patient.number, patient.responds, record, dips, dose_changed)
