"""Estimate a recalibration from a clinic's finished cycles, and cross-validate it on patients left out.

The forecasts of LANDMARKS count, each in the cycles that had gone on until its day without the loss of half.
With z(t) = Phi^-1(F(t)) of such a forecast of day s, and half lost on day t or the cycle ended on day t
before it was (censored), the log likelihood of location a and scale b is

    lost      -((z(t) - a) / b)**2 / 2 - log b - log(1 - Phi((z(s) - a) / b))
    censored  log(1 - Phi((z(t) - a) / b))     - log(1 - Phi((z(s) - a) / b))

since it is known on day s that half was not lost. Each counts one over the number of landmarks: a weight that
depended on how long a cycle lasted would lean to the short ones. The sum is maximized with the prior
a ~ N(0, LOCATION_SD**2), log b ~ N(0, LOG_SCALE_SD**2), so that few cycles change little. A forecast is
stored as its median and 80 % interval: between and beyond them z is linear in log t.

The cycles of one patient are not independent, and neither are the forecasts of a cycle: the standard errors
are those of the sandwich H^-1 (sum of g_i g_i') H^-1, with H the curvature and g_i the gradient of patient i.

Two parameters rather than isotonic regression or conformal intervals: a clinic has tens of cycles, most of
them censored, and these need hundreds that are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from math import erfc, exp, log, sqrt
from statistics import NormalDist, fmean, stdev
from typing import Final

import numpy as np

from clinical.outlook.evaluation import (
    CalibrationScore,
    CyclePredictions,
    LandmarkScore,
    Prediction,
    score_calibration,
    score_landmark,
)
from clinical.outlook.learning.cross_validation import FOLDS, Verdict, verdict_of
from clinical.outlook.model.wellbeing import Floats
from clinical.outlook.recalibration import Recalibration

LANDMARKS: Final = (7, 14, 21)
"""Days after the infusion whose forecasts count. Source: a proposal."""
MIN_PATIENTS: Final = 20
"""Fewest patients for a recalibration. Source: a proposal."""
MIN_CYCLES: Final = 60
"""Fewest finished cycles with a forecast that counts. Source: a proposal."""
MIN_LOSSES: Final = 15
"""Fewest of them in which half was seen lost. Source: a proposal."""
LOCATION_SD: Final = 0.5
"""Prior SD of the location. Source: a proposal."""
LOG_SCALE_SD: Final = 0.3
"""Prior SD of the log of the scale. Source: a proposal."""
COVERAGE_DAY: Final = 14
"""Day after the infusion whose intervals are compared. Source: that of the forecast report."""

LEAST: Final = 1e-300
"""Least probability whose logarithm is taken. Operational."""
STEP: Final = 1e-3
"""Step of the numerical derivatives. Operational."""
STEPS: Final[Floats] = STEP * np.eye(2)
"""That step along each parameter. Operational."""
PRECISION: Final = 1e-4
"""Step at which the search for the maximum ends. Operational."""
MAX_STEPS: Final = 30
"""Most steps of that search. Operational."""

_NORMAL: Final = NormalDist()
_Z80: Final = _NORMAL.inv_cdf(0.9)
"""Phi^-1 at the ends of an 80 % interval. Source: arithmetic."""

Patient = Sequence[CyclePredictions]


@dataclass(frozen=True, slots=True)
class RecalibrationEstimate:
    """The MAP estimate with standard errors, and what it was estimated from."""

    location: float
    location_se: float
    log_scale: float
    log_scale_se: float
    patients: int
    cycles: int
    losses: int

    def named(self, version: str) -> Recalibration:
        """Return the map under a name."""
        return Recalibration(version, self.location, exp(self.log_scale))


@dataclass(frozen=True, slots=True)
class RecalibrationScore:
    """Held-out scores before and after, over every patient's cycles by a map estimated from others.

    `log_score_gain` is the mean gain in log likelihood a patient and `log_score_gain_se` its standard error;
    the verdict is by it. `recalibrated` are the cycles' predictions after it, in the order of the patients.
    """

    patients: int
    log_score_gain: float
    log_score_gain_se: float
    before: LandmarkScore
    after: LandmarkScore
    calibration_before: CalibrationScore
    calibration_after: CalibrationScore
    recalibrated: tuple[CyclePredictions, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether it would have helped patients that it was not estimated from."""
        return verdict_of(self.log_score_gain, self.log_score_gain_se)


@dataclass(frozen=True, slots=True, eq=False)
class _Observations:
    """Forecasts (n,) of one patient: z at the end and at the landmark, and whether half was lost."""

    at_end: Floats
    at_landmark: Floats
    lost: Floats


def estimate_recalibration(patients: Sequence[Patient]) -> RecalibrationEstimate | None:
    """Return the estimate from each patient's cycles; None where there are too few."""
    observed = [found for patient in patients if (found := _observations(patient)) is not None]
    counted = [cycle for patient in patients for cycle in patient if any(_counted(cycle))]
    cycles, losses = len(counted), sum(cycle.half_gone is not None for cycle in counted)
    if len(observed) < MIN_PATIENTS or cycles < MIN_CYCLES or losses < MIN_LOSSES:
        return None
    at = _maximum(observed)
    location, log_scale = at.tolist()
    location_se, log_scale_se = _standard_errors(observed, at)
    return RecalibrationEstimate(
        round(location, 3),
        round(location_se, 3),
        round(log_scale, 3),
        round(log_scale_se, 3),
        len(observed),
        cycles,
        losses,
    )


def cross_validate_recalibration(patients: Sequence[Patient]) -> RecalibrationScore | None:
    """Return the scores of 5-fold cross-validation by patient; None with too few patients in four folds."""
    gains: list[float] = []
    after: list[tuple[int, CyclePredictions]] = []
    for fold in range(FOLDS):
        others = [patient for number, patient in enumerate(patients) if number % FOLDS != fold]
        found = estimate_recalibration(others)
        if found is None:
            return None
        held_out = found.named("held-out")
        for number in range(fold, len(patients), FOLDS):
            observed = _observations(patients[number])
            if observed is not None:
                mapped = _log_likelihood(observed, found.location, found.log_scale)
                gains.append(mapped - _log_likelihood(observed, 0.0, 0.0))
            after += [(number, recalibrated_cycle(cycle, held_out)) for cycle in patients[number]]
    before = [cycle for patient in patients for cycle in patient]
    ordered = tuple(cycle for _, cycle in sorted(after, key=lambda each: each[0]))
    return RecalibrationScore(
        patients=len(gains),
        log_score_gain=round(fmean(gains), 4),
        log_score_gain_se=round(stdev(gains) / sqrt(len(gains)), 4),
        before=score_landmark(before, COVERAGE_DAY),
        after=score_landmark(ordered, COVERAGE_DAY),
        calibration_before=score_calibration(before),
        calibration_after=score_calibration(ordered),
        recalibrated=ordered,
    )


def recalibrated_cycle(cycle: CyclePredictions, by: Recalibration) -> CyclePredictions:
    """Return a cycle with its predictions recalibrated."""
    predictions = tuple(_recalibrated_prediction(each, by) for each in cycle.predictions)
    return replace(cycle, predictions=predictions)


def _recalibrated_prediction(made: Prediction, by: Recalibration) -> Prediction:
    if made.median is None or made.lo80 is None or made.hi80 is None or made.p_half_lost is None:
        return made
    interval = made.median, made.lo80, made.hi80
    median, low, high = (_day_at(interval, by.forecast_probability(p)) for p in (0.5, 0.1, 0.9))
    return Prediction(made.day, median, low, high, by.probability(made.p_half_lost))


def _z(made: Prediction, day: float) -> float | None:
    """Return Phi^-1(F(day)) of a forecast; None where it has no interval."""
    if made.median is None or not made.lo80 or made.hi80 is None:
        return None
    away = log(day / made.median)
    width = log(made.hi80 / made.median) if away > 0 else log(made.median / made.lo80)
    return _Z80 * away / width if width > 0 else None


def _day_at(interval: tuple[float, float, float], probability: float) -> float:
    """Return the quantile of a forecast from its median and 80 % interval, days after the infusion."""
    median, low, high = interval
    z = _NORMAL.inv_cdf(probability) / _Z80
    return float(median * (high / median if z > 0 else median / low) ** z)


def _counted(cycle: CyclePredictions) -> Iterator[tuple[float, float]]:
    """Yield z at the end of what is known and at the landmark, of each forecast that counts."""
    end = cycle.length if cycle.half_gone is None else cycle.half_gone
    for landmark in LANDMARKS:
        made = cycle.on(landmark)
        if made is None or end <= landmark:
            continue
        at_end, at_landmark = _z(made, end), _z(made, landmark)
        if at_end is not None and at_landmark is not None:
            yield at_end, at_landmark


def _observations(patient: Patient) -> _Observations | None:
    rows = [
        (at_end, at_landmark, cycle.half_gone is not None)
        for cycle in patient
        for at_end, at_landmark in _counted(cycle)
    ]
    return _Observations(*np.array(rows, dtype=np.float64).T) if rows else None


def _log_likelihood(of: _Observations, location: float, log_scale: float) -> float:
    scale = exp(log_scale)
    at_end, at_landmark = (of.at_end - location) / scale, (of.at_landmark - location) / scale
    when_lost = -0.5 * at_end**2 - log_scale
    terms = np.where(of.lost > 0, when_lost, _log_above(at_end)) - _log_above(at_landmark)
    return float(terms.sum() / len(LANDMARKS))


def _log_above(z: Floats) -> Floats:
    """Return log(1 - Phi(z))."""
    above = np.array([0.5 * erfc(each / sqrt(2)) for each in z.tolist()])
    return np.asarray(np.log(np.maximum(above, LEAST)), dtype=np.float64)


def _log_prior(point: Floats) -> float:
    return -0.5 * float(np.sum((point / (LOCATION_SD, LOG_SCALE_SD)) ** 2))


def _maximum(patients: Sequence[_Observations]) -> Floats:
    """Return location and log scale of the posterior's maximum, by Newton's method with shortened steps."""
    together = _Observations(
        *(np.concatenate([getattr(each, part.name) for each in patients]) for part in fields(_Observations))
    )

    def log_posterior(point: Floats) -> float:
        return _of_point(together, point) + _log_prior(point)

    at = np.zeros(2)
    for _ in range(MAX_STEPS):
        # Away from the maximum the curvature may be negative: its absolute values still lead upwards.
        values, directions = np.linalg.eigh(_curvature(log_posterior, at))
        uphill = directions.T @ _gradient(log_posterior, at)
        step = directions @ (uphill / np.maximum(np.abs(values), 1.0))
        step = step / max(1.0, float(np.abs(step).max()))
        now = log_posterior(at)
        while np.abs(step).max() > PRECISION and log_posterior(at + step) < now:
            step = step / 2
        at = at + step
        if np.abs(step).max() <= PRECISION:
            break
    return at


def _standard_errors(patients: Sequence[_Observations], at: Floats) -> tuple[float, float]:
    """Return those of location and log scale, of the sandwich over patients."""

    def log_posterior(point: Floats) -> float:
        return sum(_of_point(each, point) for each in patients) + _log_prior(point)

    gradients = np.array([_gradient(partial(_of_point, each), at) for each in patients])
    inverse = np.linalg.inv(_curvature(log_posterior, at))
    first, second = np.sqrt(np.diagonal(inverse @ (gradients.T @ gradients) @ inverse)).tolist()
    return first, second


def _of_point(patient: _Observations, point: Floats) -> float:
    return _log_likelihood(patient, *point.tolist())


def _gradient(function: Callable[[Floats], float], at: Floats) -> Floats:
    """Return the gradient (2,) by central differences."""
    return np.array([(function(at + step) - function(at - step)) / (2 * STEP) for step in STEPS])


def _curvature(function: Callable[[Floats], float], at: Floats) -> Floats:
    """Return the negative Hessian (2, 2) by central differences."""
    changes = [_gradient(function, at + step) - _gradient(function, at - step) for step in STEPS]
    return -np.array(changes) / (2 * STEP)
