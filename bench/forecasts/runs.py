"""Which forecasters run on which simulated patients, on how many processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from bench.forecasts.control_charts import cusum, ewma
from bench.forecasts.replay import ReplayedCycle, ours, replay
from bench.simulation.cohort import EVERYTHING, Question, asked_only, patient
from bench.simulation.worlds import USUAL, World
from clinical.outlook.evaluation import calendar, seven_day_mean
from clinical.outlook.evaluation.comparators import Rule
from clinical.outlook.evaluation.detection import DAYS_OF_A_YEAR
from clinical.outlook.model.options import IN_USE, ModelOptions

PROCESSES: Final = 2

OURS: Final = "ours"
RULES: Final[Mapping[str, Rule]] = {
    "calendar 21": calendar(21),
    "calendar 28": calendar(28),
    "7-day mean": seven_day_mean,
    "EWMA": ewma,
    "CUSUM": cusum,
    OURS: ours,
}
TO_TUNE: Final = ("7-day mean", "EWMA", "CUSUM")

LEVELS: Final = tuple(level / 100 for level in range(20, 100))
"""The alarm levels that are tried."""

TOLERATED: Final = 1.0
"""False alarms a patient-year that a clinic is taken to put up with; a proposal."""

LEVELS_OF_MISSING: Final = (0.1, 0.3, 0.5)
USUAL_MISSING: Final = 0.3

TRAINING: Final = 100_000
"""Added to the seed for the patients on whom alarm levels are tuned."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some rules on one clinic's patients, who are asked mood, anxiety and `questions`.

    `options` are the parts of our model that are in use, `world` is how the patients depart from usual ones.
    """

    seed: int
    missing: float
    questions: frozenset[Question]
    rules: tuple[str, ...]
    options: ModelOptions = IN_USE
    world: World = USUAL


Results = dict[Run, dict[str, list[ReplayedCycle]]]


def runs(seed: int) -> tuple[Run, ...]:
    """Return every run of the comparison, the training first."""
    rules = tuple(name for name in RULES if name != OURS)
    nothing: frozenset[Question] = frozenset()
    return (
        training(seed),
        *(Run(seed, missing, nothing, (*rules, OURS)) for missing in LEVELS_OF_MISSING),
        *(Run(seed, missing, EVERYTHING, (OURS,)) for missing in LEVELS_OF_MISSING),
        *(Run(seed, USUAL_MISSING, frozenset({question}), (OURS,)) for question in Question),
    )


def training(seed: int) -> Run:
    """Return the run on which alarm levels are tuned: other patients than any that are scored."""
    return Run(seed + TRAINING, USUAL_MISSING, frozenset(), TO_TUNE)


def run_all(
    wanted: Sequence[Run], how_many: int, progress: AbstractContextManager[Any] | None = None
) -> Results:
    """Return all runs on so many patients each; `progress` is a bar of as many steps as there are jobs."""
    jobs = [(run, number) for number in range(how_many) for run in wanted]
    found: Results = {run: {name: [] for name in run.rules} for run in wanted}
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        for run, replayed in _with_progress(pool.imap(_job, jobs, chunksize=4), progress):
            for name, cycles in replayed.items():
                found[run][name] += cycles
    return found


def tuned(replayed: Sequence[ReplayedCycle], *, tolerated: float = TOLERATED) -> float:
    """Return the lowest alarm level with at most `tolerated` false alarms of responders a patient-year.

    It counts as `clinical.outlook.evaluation.detection` does, for all days of a level at once.
    """
    rows = [
        (number == 0, prediction.p_half_lost or 0.0, third is None or prediction.day < third)
        for one in replayed
        if one.responds
        for third in [one.record.third_gone]
        for number, prediction in enumerate(one.record.predictions)
    ]
    if not rows:
        return LEVELS[0]
    opens, chances, quiet = (np.array(column) for column in zip(*rows, strict=True))
    for level in LEVELS:
        rings = chances >= level
        before = np.roll(rings, 1) & ~opens
        if np.count_nonzero(rings & ~before & quiet) <= tolerated * np.count_nonzero(quiet) / DAYS_OF_A_YEAR:
            return level
    return LEVELS[-1]


def _job(job: tuple[Run, int]) -> tuple[Run, dict[str, list[ReplayedCycle]]]:
    run, number = job
    asked = asked_only(patient(number, run.seed, run.missing, run.world), run.questions)
    rules = {name: RULES[name] for name in run.rules}
    if OURS in rules:
        rules[OURS] = partial(ours, options=run.options)
    return run, replay(asked, rules)


def _with_progress(
    results: Iterable[tuple[Run, dict[str, list[ReplayedCycle]]]],
    progress: AbstractContextManager[Any] | None,
) -> Iterable[tuple[Run, dict[str, list[ReplayedCycle]]]]:
    if progress is None:
        yield from results
        return
    with progress as bar:
        for result in results:
            bar.update(1)
            yield result
