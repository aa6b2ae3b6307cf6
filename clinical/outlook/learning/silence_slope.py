"""Estimate from a clinic's finished cycles how much silence says about the benefit.

With p_c(T, k) the posterior of cycle c without its silence and L_c(T, k | slope) the likelihood of which of
its days were answered (`clinical.outlook.model.silence`), the slope maximizes

    sum over c of log(sum over (T, k) of p_c(T, k) * L_c(T, k | slope))  -  slope**2 / (2 * SLOPE_SD**2)

on a grid of slopes from 0 up: more answers once the benefit is lost are taken for chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from clinical.outlook.model.cycle_fit import Segment
from clinical.outlook.model.patient_state import before_cycle, fit_cycle, state_after
from clinical.outlook.model.segments import ModelInput
from clinical.outlook.model.silence import log_likelihood
from clinical.outlook.model.wellbeing import Floats

SLOPES: Final[Floats] = np.linspace(0.0, 3.0, 31)
"""Grid of slopes, log odds of answering per whole benefit. Source: arithmetic."""
SLOPE_SD: Final = 1.0
"""Prior SD of the slope about 0. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class SilenceSlope:
    """The estimated slope, the gain in log likelihood over a slope of 0, and the number of cycles used."""

    slope: float
    log_likelihood_gain: float
    cycles: int


def estimate_slope(patients: Iterable[ModelInput]) -> SilenceSlope:
    """Return the MAP estimate of the slope from the finished cycles of all patients."""
    found = [each for patient in patients for each in _by_slope(patient)]
    total = np.sum(found, axis=0) if found else np.zeros(SLOPES.size)
    best = int(np.argmax(total - 0.5 * (SLOPES / SLOPE_SD) ** 2))
    return SilenceSlope(float(SLOPES[best]), float(total[best] - total[0]), len(found))


def _by_slope(patient: ModelInput) -> Iterator[Floats]:
    """Yield for each finished cycle with answers its log likelihood (31,) by slope."""
    for number, cycle in enumerate(patient.finished_cycles):
        if cycle.days:
            state = before_cycle(state_after(patient.baseline, patient.finished_cycles[:number]), cycle)
            yield _of_cycle(fit_cycle(state, cycle).posterior, cycle)


def _of_cycle(posterior: Floats, cycle: Segment) -> Floats:
    found = [log_likelihood(cycle.days, cycle.observed_to, slope) for slope in SLOPES.tolist()]
    return np.array([each.max() + np.log(np.exp(each - each.max()) @ posterior) for each in found])
