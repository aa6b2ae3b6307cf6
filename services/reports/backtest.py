"""Replay each past day of one patient: predictions, and the retrospective reference of each cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from clinical import local_day
from clinical.history import History
from clinical.outlook.evaluation import CyclePredictions, Prediction, calendar, seven_day_mean
from clinical.outlook.evaluation.comparators import Rule
from clinical.outlook.evaluation.retrospective import Finding, RetrospectiveCycle, retrospective_cycles
from clinical.outlook.forecast import Forecast, forecast
from clinical.outlook.model.population_prior import Prior
from clinical.protocol import PhaseKind, phase
from services.outlooks.documents import document
from services.reports.known_at import RevisionHistory

OUTLOOK: Final = "outlook"
RULES: Final[Mapping[str, Rule]] = {
    "calendar_21": calendar(21),
    "calendar_28": calendar(28),
    "seven_day_mean": seven_day_mean,
}
"""What the outlook has to beat."""


@dataclass(frozen=True, slots=True)
class Clock:
    """By which clock a patient's days turn; the present one, as no earlier one is known."""

    time_zone: str
    day_start_hour: int

    def last_moment(self, day: date) -> datetime:
        """The last instant of a day: what was known then was known on that day."""
        end = local_day.end_of(day, self.time_zone, self.day_start_hour)
        return end - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ReplayedCycle:
    """One finished cycle, and the predictions of the outlook and of each rule in it."""

    reference: RetrospectiveCycle
    predictions: Mapping[str, tuple[Prediction, ...]]

    def record(self, rule: str, half_gone: int | None, third_gone: int | None = None) -> CyclePredictions:
        """Return one rule's predictions with a reference."""
        return CyclePredictions(
            self.reference.number,
            self.reference.length,
            half_gone,
            third_gone,
            self.predictions.get(rule, ()),
        )


def replay(past: RevisionHistory, clock: Clock, last_day: date, prior: Prior) -> list[ReplayedCycle]:
    """Go through every cycle that had ended by `last_day`, a day at a time, with what was known that day.

    The truth of each is from all that is known now. Cycles that cannot be judged are not gone through.
    """
    retrospective = retrospective_cycles(past.at(clock.last_moment(last_day)), last_day)
    return [
        ReplayedCycle(
            reference, _predictions(past, clock, reference, prior) if reference.can_be_scored else {}
        )
        for reference in retrospective
    ]


def _predictions(
    past: RevisionHistory, clock: Clock, reference: RetrospectiveCycle, prior: Prior
) -> dict[str, tuple[Prediction, ...]]:
    asked: dict[str, Rule] = {OUTLOOK: outlook_rule(prior), **RULES}
    by_rule: dict[str, list[Prediction]] = {rule: [] for rule in asked}
    for since in range(reference.length):
        day = reference.start + timedelta(days=since)
        history = past.at(clock.last_moment(day))
        if phase(history.protocol, history.infusions, day).kind is not PhaseKind.MAINTENANCE:
            continue
        for rule, ask in asked.items():
            prediction = ask(history, day)
            # Where the infusion was recorded late, that day's answer was about the cycle before.
            if prediction is not None and prediction.day == since:
                by_rule[rule].append(prediction)
    return {rule: tuple(predictions) for rule, predictions in by_rule.items()}


def outlook_rule(prior: Prior) -> Rule:
    """The outlook's forecast in the form of the rules it is compared with."""

    def rule(history: History, today: date) -> Prediction | None:
        made = forecast(history, today, prior)
        if made.model_input is None:
            return None
        if not isinstance(made, Forecast):
            return Prediction(made.model_input.elapsed)
        median, low, high = (round(day, 3) for day in (made.due.median, made.due.lo80, made.due.hi80))
        return Prediction(made.model_input.elapsed, median, low, high, round(made.p_half_lost, 4))

    return rule


def to_json(cycles: list[ReplayedCycle]) -> dict[str, Any]:
    """Write a walk as JSON; a saying is a row of its day and its four figures."""
    return {
        "cycles": [
            {
                "truth": document(cycle.reference),
                "predictions": {
                    rule: [astuple(one) for one in predictions]
                    for rule, predictions in cycle.predictions.items()
                },
            }
            for cycle in cycles
        ]
    }


def from_json(walked: Mapping[str, Any]) -> list[ReplayedCycle]:
    """Read a walk again."""
    return [
        ReplayedCycle(
            _truth(cycle["truth"]),
            {
                rule: tuple(Prediction(*one) for one in predictions)
                for rule, predictions in cycle["predictions"].items()
            },
        )
        for cycle in walked["cycles"]
    ]


def _truth(stored: Mapping[str, Any]) -> RetrospectiveCycle:
    read = {"start": date.fromisoformat(stored["start"]), "finding": Finding(stored["finding"])}
    return RetrospectiveCycle(**{**stored, **read})
