"""5-fold cross-validation of a recalibration against none, on held-out patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from statistics import fmean, stdev
from typing import Final

from clinical.outlook.engine_version import ENGINE_VERSION
from clinical.outlook.evaluation.landmarks import LandmarkScore, score_landmark
from clinical.outlook.evaluation.predictions import CyclePredictions
from clinical.outlook.evaluation.predictive_distribution import recalibrated_cycle
from clinical.outlook.evaluation.reliability import ReliabilityBin, mean_miss, reliability
from clinical.outlook.learning.cross_validation import FOLDS, Verdict, verdict_of
from clinical.outlook.learning.later_evidence import LANDMARKS
from clinical.outlook.learning.recalibration_estimation import (
    PatientOutcomes,
    counts_of,
    estimate,
    log_score,
    outcomes_of,
)
from clinical.outlook.recalibration import Recalibration

HELD_OUT: Final = "held-out"
"""Version of a recalibration that was fitted to four of the five groups. Operational."""


@dataclass(frozen=True, slots=True)
class RecalibrationValidation:
    """Held-out scores of `patients` patients, recalibrated and as they were forecast.

    `log_score_gain` is the mean gain in log probability of later days a patient, each cycle with a weight of
    1, and `log_score_gain_se` its standard error; the verdict is by it, since censored cycles count in it.
    The landmark scores are those of LANDMARKS, the reliability that of all days; they include patients who
    had no forecast on a landmark.
    """

    patients: int
    log_score_gain: float
    log_score_gain_se: float
    before: tuple[LandmarkScore, ...]
    after: tuple[LandmarkScore, ...]
    reliability_before: tuple[ReliabilityBin, ...]
    reliability_after: tuple[ReliabilityBin, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict: a difference is clear beyond twice its standard error."""
        return verdict_of(self.log_score_gain, self.log_score_gain_se)

    @property
    def miss_before(self) -> float | None:
        """Mean difference between forecast and observed share as they were forecast, 0 to 1."""
        return mean_miss(self.reliability_before)

    @property
    def miss_after(self) -> float | None:
        """Mean difference between forecast and observed share recalibrated, 0 to 1."""
        return mean_miss(self.reliability_after)


def cross_validate(patients: Sequence[Sequence[CyclePredictions]]) -> RecalibrationValidation | None:
    """Return the scores of 5-fold cross-validation by patient, in any order; None where they are too few.

    A patient's forecasts are recalibrated by what the other groups show. Groups are formed of patients sorted
    by their outcomes, so that each has some of every kind and the order in which they are given changes
    nothing.
    """
    pairs = [(outcomes_of(cycles), cycles) for cycles in patients]
    if not counts_of([outcomes for outcomes, _ in pairs]).are_enough:
        return None
    ordered = sorted(pairs, key=_order)
    gains: list[float] = []
    before: list[CyclePredictions] = []
    after: list[CyclePredictions] = []
    for fold in range(FOLDS):
        recalibration = _fitted([pair[0] for at, pair in enumerate(ordered) if at % FOLDS != fold])
        for outcomes, cycles in ordered[fold::FOLDS]:
            if outcomes.outcomes:
                gains.append(_gain(outcomes, recalibration))
            before += cycles
            after += [recalibrated_cycle(cycle, recalibration) for cycle in cycles]
    return RecalibrationValidation(
        patients=len(gains),
        log_score_gain=round(fmean(gains), 4),
        log_score_gain_se=round(stdev(gains) / sqrt(len(gains)), 4),
        before=tuple(score_landmark(before, day) for day in LANDMARKS),
        after=tuple(score_landmark(after, day) for day in LANDMARKS),
        reliability_before=reliability(before),
        reliability_after=reliability(after),
    )


def _order(pair: tuple[PatientOutcomes, Sequence[CyclePredictions]]) -> tuple[PatientOutcomes, str]:
    outcomes, cycles = pair
    return outcomes, "" if outcomes.outcomes else repr(tuple(cycles))


def _gain(outcomes: PatientOutcomes, recalibration: Recalibration) -> float:
    after = log_score(outcomes, recalibration.location, recalibration.scale)
    return after - log_score(outcomes, 0.0, 1.0)


def _fitted(patients: Sequence[PatientOutcomes]) -> Recalibration:
    location, log_scale = estimate(patients).tolist()
    return Recalibration(HELD_OUT, location, exp(log_scale), ENGINE_VERSION, HELD_OUT)
