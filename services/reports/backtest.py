"""Backtest of one patient: the forecast of each past day from what was known on it, and the outcomes.

The replay has no look-ahead: a day's forecast uses the revisions in force at the end of that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from clinical import local_day
from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.evaluation import CyclePredictions, Prediction, calendar, seven_day_mean
from clinical.outlook.evaluation.comparators import Rule
from clinical.outlook.evaluation.predictions import LaterEvidence
from clinical.outlook.evaluation.retrospective import Finding, RetrospectiveCycle, retrospective_cycles
from clinical.outlook.forecast import Forecast, forecast
from clinical.outlook.learning.later_evidence import later_evidence
from clinical.outlook.model.population_prior import PopulationPrior
from clinical.protocol import PhaseKind, phase
from clinical.target_measure import TargetMeasure, is_rating
from services.outlooks.documents import document
from services.reports.known_at import RevisionHistory

OUTLOOK: Final = "outlook"
RULES: Final[Mapping[str, Rule]] = {
    "calendar_21": calendar(21),
    "calendar_28": calendar(28),
    "seven_day_mean": seven_day_mean,
}
"""The comparators: simple rules that the outlook has to outperform."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A patient's time zone and the hour their days begin at, as they are now: no earlier ones are stored."""

    time_zone: str
    day_start_hour: int

    def last_moment(self, day: date) -> datetime:
        """Return the last instant of a day: what was known then was known on that day."""
        end = local_day.end_of(day, self.time_zone, self.day_start_hour)
        return end - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ReplayedCycle:
    """One finished cycle, the predictions of each rule during it, and what the days after them showed."""

    reference: RetrospectiveCycle
    predictions: Mapping[str, tuple[Prediction, ...]]
    later_evidence: LaterEvidence = ()

    def record(self, rule: str, half_gone: int | None, third_gone: int | None = None) -> CyclePredictions:
        """Return one rule's predictions with the reference days that they are compared with."""
        return CyclePredictions(
            self.reference.number,
            self.reference.length,
            half_gone,
            third_gone,
            self.predictions.get(rule, ()),
            self.reference.observable_until,
            self.later_evidence,
        )


def replay(
    past: RevisionHistory, clock: Clock, last_day: date, prior: PopulationPrior
) -> list[ReplayedCycle]:
    """Replay every cycle that had ended by `last_day`, a day at a time, from what was known that day.

    The reference of each is computed from all that is known now. Cycles that cannot be scored have none.
    """
    known_now = past.at(clock.last_moment(last_day))
    evidence = later_evidence(known_now, last_day, prior)
    return [
        ReplayedCycle(
            reference, _predictions(past, clock, reference, prior), evidence.get(reference.start, ())
        )
        if reference.can_be_scored
        else ReplayedCycle(reference, {})
        for reference in retrospective_cycles(known_now, last_day)
    ]


def _predictions(
    past: RevisionHistory, clock: Clock, reference: RetrospectiveCycle, prior: PopulationPrior
) -> dict[str, tuple[Prediction, ...]]:
    rules: dict[str, Rule] = {OUTLOOK: outlook_rule(prior), **RULES}
    found: dict[str, list[Prediction]] = {rule: [] for rule in rules}
    for since in range(reference.length):
        day = reference.start + timedelta(days=since)
        # By the measure of the reference: which one a clinician chose, perhaps later, is no look-ahead.
        known = current_course(past.at(clock.last_moment(day)), day)
        history = replace(known, target_measure=reference.target_measure)
        if phase(history.protocol, history.infusions, day).kind is not PhaseKind.MAINTENANCE:
            continue
        for name, rule in rules.items():
            prediction = rule(history, day)
            # While the infusion was not yet recorded, the prediction was about the cycle before.
            if prediction is not None and prediction.day == since:
                found[name].append(prediction)
    return {name: tuple(predictions) for name, predictions in found.items()}


def outlook_rule(prior: PopulationPrior) -> Rule:
    """Return the outlook's forecast in the form of the comparators' rules."""

    def rule(history: History, today: date) -> Prediction | None:
        found = forecast(history, today, prior)
        if found.model_input is None:
            return None
        if not isinstance(found, Forecast):
            return Prediction(found.model_input.elapsed)
        half = found.half_benefit_day
        median, low, high = (round(day, 3) for day in (half.median, half.lo80, half.hi80))
        return Prediction(found.model_input.elapsed, median, low, high, round(found.p_half_lost, 4))

    return rule


def training_cycles(replayed: Sequence[ReplayedCycle]) -> list[CyclePredictions]:
    """Return the cycles of one patient that a recalibration is fitted to: by wellbeing, with a reference."""
    return [
        cycle.record(OUTLOOK, cycle.reference.half_gone, cycle.reference.third_gone)
        for cycle in replayed
        if cycle.reference.can_be_scored and not is_rating(cycle.reference.target_measure)
    ]


def to_json(cycles: list[ReplayedCycle]) -> dict[str, Any]:
    """Return replayed cycles as JSON; a prediction is an array of its day and four figures."""
    return {
        "cycles": [
            {
                "truth": document(cycle.reference),
                "later_evidence": document(cycle.later_evidence),
                "predictions": {
                    rule: [astuple(each) for each in made] for rule, made in cycle.predictions.items()
                },
            }
            for cycle in cycles
        ]
    }


def from_json(stored: Mapping[str, Any]) -> list[ReplayedCycle]:
    """Return the replayed cycles that `to_json` wrote."""
    return [
        ReplayedCycle(
            _reference(cycle["truth"]),
            {rule: tuple(Prediction(*each) for each in made) for rule, made in cycle["predictions"].items()},
            tuple((day, tuple(ratios)) for day, ratios in cycle["later_evidence"]),
        )
        for cycle in stored["cycles"]
    ]


def _reference(stored: Mapping[str, Any]) -> RetrospectiveCycle:
    read = {
        "start": date.fromisoformat(stored["start"]),
        "finding": Finding(stored["finding"]),
        "target_measure": TargetMeasure(stored.get("target_measure", TargetMeasure.WELLBEING)),
    }
    return RetrospectiveCycle(**{**stored, **read})
