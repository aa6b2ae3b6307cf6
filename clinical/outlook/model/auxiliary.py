"""Observations of the benefit other than the daily ratings, and their likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf
from typing import Final

import numpy as np

from clinical.outlook.model.wear_off_curve import HALF_DAYS, REMAINING, SHAPES
from clinical.outlook.model.wellbeing import Floats
from clinical.score import PHQ_9_LOOKS_BACK_DAYS

BENEFIT_LEFT_SCALE: Final = 0.40
"""Scale of the Student-t error of a reported benefit left, 0 to 1 (SD 0.57). Wider than the assumed 30
points, since one patient's errors are correlated. Source: a proposal."""
BENEFIT_LEFT_DF: Final = 4.0
"""Degrees of freedom of that error. Source: a proposal: no published data on how well patients answer it."""

PHQ_9_PER_POINT: Final = 2.6
"""PHQ-9 points per point of mood. Source: correlation .7 with SD 6 against 1.6: Moodpath, n = 113."""

PHQ_9_SD: Final = 2.5
"""SD of the error of a fall of PHQ-9, points of W. At that correlation 4.3 PHQ-9 points, or 1.65 of W, are
left unexplained; half as much again, because a point differs between patients. Source: Moodpath, n = 113, and
half as much again: a proposal."""

FIRST_SCORED_DAY: Final = 7
"""First day of a cycle whose PHQ-9 counts: before it, most of its two weeks lie in the cycle before.
Source: half of the two weeks: a proposal."""

RATED_BASELINE_SD: Final = 1.0
"""SD of the error of a clinician-rated baseline, points of W. Source: a proposal."""

SYMPTOMS_RETURNED_SPREAD: Final = 0.25
"""SD of log T about the day of an infusion given because symptoms returned. Source: a proposal."""
P_GIVEN_ANYWAY: Final = 0.35
"""Probability that it was given for that reason although half was left. Source: a proposal."""


@dataclass(frozen=True, slots=True)
class AuxiliaryObservations:
    """Observations of one segment other than its daily ratings.

    `benefit_left` are pairs of a day and the reported share of the benefit left, 0-1. `phq9_improvement` are
    pairs of a day and the improvement of PHQ-9 on its total before treatment, in points of W.
    `rated_baseline` is the clinician-rated level before treatment, in points of W. `symptoms_returned_on_day`
    is the day on which the next infusion was given because symptoms had returned. Each is empty or None where
    there is none.
    """

    benefit_left: tuple[tuple[int, float], ...] = ()
    phq9_improvement: tuple[tuple[int, float], ...] = ()
    rated_baseline: float | None = None
    symptoms_returned_on_day: int | None = None


NO_OBSERVATIONS: Final = AuxiliaryObservations()


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of the regression that join those of a segment's days, each with independent noise.

    `fixed_effects` (n, 2) are the regressors of B and h, `gain_regressor` (n, 200) that of G in each grid
    cell, `y` (n,) the observed values and `variances` (n,) their noise, in points squared.
    """

    fixed_effects: Floats
    gain_regressor: Floats
    y: Floats
    variances: Floats


def rows(auxiliary: AuxiliaryObservations) -> Rows:
    """Return the observations that are linear in B and G: PHQ-9 and the clinician-rated baseline.

    An improvement of PHQ-9 on the total before treatment has no part of B: it observes G times the mean of
    s(t) over the two weeks that the questionnaire covers. A rated baseline observes B alone.
    """
    effects = [(0.0, 0.0) for _ in auxiliary.phq9_improvement]
    y = [improvement for _, improvement in auxiliary.phq9_improvement]
    gain_regressor = [_mean_over_recall_period(day) for day, _ in auxiliary.phq9_improvement]
    variances = [PHQ_9_SD**2 for _ in auxiliary.phq9_improvement]
    if auxiliary.rated_baseline is not None:
        effects.append((1.0, 0.0))
        y.append(auxiliary.rated_baseline)
        gain_regressor.append(np.zeros(REMAINING.shape[1]))
        variances.append(RATED_BASELINE_SD**2)
    return Rows(
        np.array(effects, dtype=np.float64).reshape(-1, 2),
        np.array(gain_regressor, dtype=np.float64).reshape(-1, REMAINING.shape[1]),
        np.array(y, dtype=np.float64),
        np.array(variances, dtype=np.float64),
    )


def log_likelihood(auxiliary: AuxiliaryObservations) -> Floats:
    """Return the log likelihood (200,) of the observations that depend on the curve s(t) alone.

    A reported benefit left scatters about s(t) as Student t. An infusion given because symptoms had returned
    on day d has the probability P + (1 - P) * Phi((log d - log T) / spread): half was lost by then, or it was
    given anyway with probability P.
    """
    found = np.zeros(REMAINING.shape[1])
    for day, share in auxiliary.benefit_left:
        away = (share - REMAINING[day]) / BENEFIT_LEFT_SCALE
        found -= 0.5 * (BENEFIT_LEFT_DF + 1) * np.log1p(away**2 / BENEFIT_LEFT_DF)
    if auxiliary.symptoms_returned_on_day is not None:
        found += np.repeat(_log_p_symptoms_returned(auxiliary.symptoms_returned_on_day), SHAPES.size)
    return found


def _log_p_symptoms_returned(day: int) -> Floats:
    distances = (np.log(day) - np.log(HALF_DAYS)) / (SYMPTOMS_RETURNED_SPREAD * np.sqrt(2))
    p_half_lost = np.array([0.5 * (1 + erf(distance)) for distance in distances.tolist()])
    return np.asarray(np.log(P_GIVEN_ANYWAY + (1 - P_GIVEN_ANYWAY) * p_half_lost), dtype=np.float64)


def _mean_over_recall_period(day: int) -> Floats:
    first = max(day - PHQ_9_LOOKS_BACK_DAYS + 1, 0)
    return np.asarray(REMAINING[first : day + 1].mean(axis=0), dtype=np.float64)
