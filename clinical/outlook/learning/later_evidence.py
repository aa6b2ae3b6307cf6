"""What the days of a cycle after a landmark showed of T: the likelihood of these days given T.

With p(T | L) the posterior of the finished cycle's days up to the landmark L, and p(T | end) that of all its
days and of what was recorded at the next infusion,

    l(T)  =  p(T | end) / p(T | L),    scaled so that  sum over T of p(T | L) l(T)  =  1

by Bayes' rule. Where the next infusion came early it is flat over all later T: a censored cycle needs no rule
of its own. Both are computed from all that is known now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.evaluation.predictions import LaterEvidence
from clinical.outlook.model.auxiliary import AuxiliaryObservations
from clinical.outlook.model.cycle_fit import Segment
from clinical.outlook.model.patient_state import before_cycle, fit_cycle, state_after
from clinical.outlook.model.population_prior import PopulationPrior
from clinical.outlook.model.segments import build_model_input, has_baseline, up_to
from clinical.outlook.model.wear_off_curve import GRID
from clinical.outlook.model.wellbeing import Floats

LANDMARKS: Final = (7, 14, 21)
"""Days after the infusion whose forecasts a recalibration is fitted to. Source: a proposal: half of a plan's
earliest day, that day, and the middle of its window."""

MAX_RATIO: Final = 1000.0
"""Largest stored likelihood: the ratio of two probabilities next to 0 means nothing. Operational."""
DECIMALS: Final = 5
"""Decimals of a stored likelihood. Operational."""


def later_evidence(history: History, today: date, prior: PopulationPrior) -> Mapping[date, LaterEvidence]:
    """Return the likelihoods of every cycle that had ended by `today`, by the day that opened it."""
    current = current_course(history, today)
    found: dict[date, LaterEvidence] = {}
    for course in (*current.earlier_courses, current):
        found |= _of_course(course, today, prior)
    return found


def _of_course(history: History, today: date, prior: PopulationPrior) -> dict[date, LaterEvidence]:
    model_input = build_model_input(history, up_to(history.readings, today), today)
    if model_input is None or not has_baseline(model_input):
        return {}
    cycles = model_input.finished_cycles
    found: dict[date, LaterEvidence] = {}
    for number, (start, end) in enumerate(pairwise(model_input.opened)):
        earlier = state_after(model_input.baseline, cycles[:number], prior, model_input.earlier)
        patient = before_cycle(earlier, cycles[number])
        whole = _by_day(fit_cycle(patient, cycles[number]).posterior)
        found[start] = tuple(
            (day, _ratio(whole, _by_day(fit_cycle(patient, _until(cycles[number], day)).posterior)))
            for day in LANDMARKS
            if day < (end - start).days
        )
    return found


def _until(cycle: Segment, day: int) -> Segment:
    """Return a cycle as it was on a day; what the next infusion showed of it is not known yet."""
    count = sum(each <= day for each in cycle.days)
    auxiliary = cycle.auxiliary
    return Segment(
        cycle.days[:count],
        cycle.values[:count],
        cycle.weekend[:count],
        AuxiliaryObservations(
            benefit_left=tuple(each for each in auxiliary.benefit_left if each[0] <= day),
            phq9_improvement=tuple(each for each in auxiliary.phq9_improvement if each[0] <= day),
            rated_baseline=auxiliary.rated_baseline,
        ),
        cycle.treatment_changed,
        min(cycle.observed_to, day),
    )


def _by_day(posterior: Floats) -> Floats:
    return np.asarray(posterior.reshape(GRID).sum(axis=1), dtype=np.float64)


def _ratio(whole: Floats, landmark: Floats) -> tuple[float, ...]:
    ratio = np.divide(whole, landmark, out=np.zeros_like(whole), where=landmark > 0)
    return tuple(round(min(each, MAX_RATIO), DECIMALS) for each in ratio.tolist())
