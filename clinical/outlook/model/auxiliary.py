"""Observations of the benefit other than the daily ratings, and their likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erf
from typing import Final

import numpy as np

from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.wear_off_curve import HALF_DAYS, REMAINING, SHAPES
from clinical.outlook.model.wellbeing import Floats
from clinical.score import PHQ_9_LOOKS_BACK_DAYS

BENEFIT_LEFT_SCALE: Final = 0.60
"""Scale of the Student-t error of a reported benefit left, 0 to 1 (SD 0.85). Far wider than the assumed 30
points, since one patient's errors are correlated, and since an answer may only repeat the mood of its day.
Source: a proposal."""
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

DAYS_FROM_HALF_TO_VISIT: Final = 7.0
"""Days from the loss of half of the benefit to an infusion given because symptoms had returned. Source: a
proposal: the patient notices, calls, and is given a day."""
RETURN_SPREAD: Final = 0.30
"""SD of log T about that day. Source: a proposal."""
DAYS_FROM_HALF_TO_REQUEST: Final = 2.0
"""Days from the loss of half of the benefit to the day on which the patient asked for that infusion. Source:
a proposal."""
REQUEST_SPREAD: Final = 0.25
"""SD of log T about that day. Source: a proposal: the wait for a day at the clinic is known then."""
RETURN_UNRELATED_WEIGHT: Final = 0.20
"""Weight, against the peak of that density, of a reason that says nothing of T. Source: a proposal."""

STILL_WELL_SPREAD: Final = 0.25
"""SD of log T about the day of an infusion at which it is judged whether symptoms had returned. Source: a
proposal."""
P_WELL_ANYWAY: Final = 0.40
"""Probability that symptoms are recorded as not returned although half was lost. Source: a proposal: a
benefit fades slowly."""

RECALL_SPREAD: Final = 0.50
"""SD of the error of the log of recalled days. Source: a proposal: people round, and lean to the interval; a
fair memory was simulated with 0.40 and a lean of its own of 0.15."""
RECALL_UNRELATED_WEIGHT: Final = 0.25
"""Weight, against the peak of that density, of an answer that says nothing of T. Source: a proposal."""
NOT_GONE_SPREAD: Final = 0.20
"""SD of log T about the day up to which half is recalled as not gone. Source: a proposal."""
P_NOT_GONE_ANYWAY: Final = 0.35
"""Probability of that answer although half had gone. Source: a proposal: 12 % of denials and a tenth of
random answers were simulated; more is safer, since one patient errs alike in every cycle."""

SYMPTOMS_RETURNED_SPREAD: Final = 0.25
"""Without dated reasons: SD of log T about the day of an infusion given because symptoms returned. Source: a
proposal."""
P_GIVEN_ANYWAY: Final = 0.35
"""Without dated reasons: probability that it was given for that reason although half was left. Source: a
proposal."""


@dataclass(frozen=True, slots=True)
class AuxiliaryObservations:
    """Observations of one segment other than its daily ratings.

    `benefit_left` are pairs of a day and the reported share of the benefit left, 0-1. `phq9_improvement` are
    pairs of a day and the improvement of PHQ-9 on its total before treatment, in points of W.
    `rated_baseline` is the clinician-rated level before treatment, in points of W. `symptoms_returned_on_day`
    is the day on which the next infusion was given because symptoms had returned, `requested_on_day` the one
    on which the patient asked for it, and `still_well_on_day` that of one given while they had not.
    `recalled_days` are the days until half of the benefit had gone as the patient recalled them,
    `recalled_not_gone_by_day` the day up to which it had not. Each is empty or None where there is none.
    """

    benefit_left: tuple[tuple[int, float], ...] = ()
    phq9_improvement: tuple[tuple[int, float], ...] = ()
    rated_baseline: float | None = None
    symptoms_returned_on_day: int | None = None
    requested_on_day: int | None = None
    still_well_on_day: int | None = None
    recalled_days: int | None = None
    recalled_not_gone_by_day: int | None = None


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


def log_likelihood(auxiliary: AuxiliaryObservations, options: ModelOptions = IN_USE) -> Floats:
    """Return the log likelihood (200,) of the observations that depend on the curve s(t) alone.

    A reported benefit left scatters about s(t) as Student t. The others observe T, each mixed with an answer
    that says nothing of it; d is a day, Phi the normal distribution function and u(x) = exp(-x**2 / 2):

        symptoms had returned on day d   P + u((log(d - 7) - log T) / spread)
        and were reported on day d       P + u((log(d - 2) - log T) / spread)
        recalled days d                  P + u((log d - log T) / spread)
        symptoms had not returned, half
        had not gone by day d            P + (1 - P) * Phi((log T - log d) / spread)
    """
    found = np.zeros(REMAINING.shape[1])
    for day, share in auxiliary.benefit_left:
        away = (share - REMAINING[day]) / BENEFIT_LEFT_SCALE
        found -= 0.5 * (BENEFIT_LEFT_DF + 1) * np.log1p(away**2 / BENEFIT_LEFT_DF)
    of_time = _log_likelihood_of_time(auxiliary, options)
    return found if of_time is None else found + np.repeat(of_time, SHAPES.size)


def _log_likelihood_of_time(auxiliary: AuxiliaryObservations, options: ModelOptions) -> Floats | None:
    """Return the log likelihood (40,) of what observes T; None where nothing does."""
    returned, well = auxiliary.symptoms_returned_on_day, auxiliary.still_well_on_day
    recalled, not_gone = auxiliary.recalled_days, auxiliary.recalled_not_gone_by_day
    parts: list[Floats] = []
    requested = auxiliary.requested_on_day
    if returned is not None and requested is not None and options.dated_reasons:
        lost_on = max(requested - DAYS_FROM_HALF_TO_REQUEST, HALF_DAYS[0])
        parts.append(_log_p_about(lost_on, REQUEST_SPREAD, RETURN_UNRELATED_WEIGHT))
    elif returned is not None and options.dated_reasons:
        lost_on = max(returned - DAYS_FROM_HALF_TO_VISIT, HALF_DAYS[0])
        parts.append(_log_p_about(lost_on, RETURN_SPREAD, RETURN_UNRELATED_WEIGHT))
    elif returned is not None:
        parts.append(_log_p_half_lost_by(returned))
    if well is not None and options.dated_reasons:
        parts.append(_log_p_not_lost_by(well, STILL_WELL_SPREAD, P_WELL_ANYWAY))
    if recalled is not None:
        parts.append(_log_p_about(recalled, RECALL_SPREAD, RECALL_UNRELATED_WEIGHT))
    if not_gone is not None:
        parts.append(_log_p_not_lost_by(not_gone, NOT_GONE_SPREAD, P_NOT_GONE_ANYWAY))
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64) if parts else None


@lru_cache(maxsize=1024)
def _log_p_about(day: float, spread: float, unrelated: float) -> Floats:
    """Return (40,): the log of a density of log T about a day, with a floor of answers that are unrelated."""
    distances = (np.log(day) - np.log(HALF_DAYS)) / spread
    return np.asarray(np.log(unrelated + np.exp(-0.5 * distances**2)), dtype=np.float64)


@lru_cache(maxsize=1024)
def _log_p_not_lost_by(day: int, spread: float, anyway: float) -> Floats:
    """Return (40,): the log probability of a report on a day that half is not lost."""
    return np.asarray(np.log(anyway + (1 - anyway) * (1 - _p_lost_by(day, spread))), dtype=np.float64)


@lru_cache(maxsize=1024)
def _log_p_half_lost_by(day: int) -> Floats:
    """Return (40,): the log probability that symptoms had returned by a day, no matter how long before."""
    lost = _p_lost_by(day, SYMPTOMS_RETURNED_SPREAD)
    return np.asarray(np.log(P_GIVEN_ANYWAY + (1 - P_GIVEN_ANYWAY) * lost), dtype=np.float64)


def _p_lost_by(day: int, spread: float) -> Floats:
    """Return (40,): the probability that half is lost by a day, T known up to an error of its logarithm."""
    distances = (np.log(day) - np.log(HALF_DAYS)) / (spread * np.sqrt(2))
    return np.array([0.5 * (1 + erf(distance)) for distance in distances.tolist()])


def _mean_over_recall_period(day: int) -> Floats:
    first = max(day - PHQ_9_LOOKS_BACK_DAYS + 1, 0)
    return np.asarray(REMAINING[first : day + 1].mean(axis=0), dtype=np.float64)
