"""Follow every patient of a clinic under every policy, on several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from bench.forecasts.closed_loop.follow import Followed, follow
from bench.forecasts.closed_loop.settings import Setting
from bench.forecasts.runs import PROCESSES, USUAL_MISSING
from bench.simulation.decided_courses import circumstances
from bench.simulation.worlds import World

Results = dict[World, dict[Setting, list[Followed]]]
"""The patients of each setting, in order of number."""


def run(
    wanted: Mapping[World, Sequence[Setting]],
    patients: int,
    seed: int,
    progress: AbstractContextManager[Any] | None = None,
) -> Results:
    """Return so many patients under every policy; `progress` is a bar of one step a patient and world."""
    jobs = [
        (world, tuple(settings), number, seed)
        for number in range(patients)
        for world, settings in wanted.items()
    ]
    found: Results = {world: {setting: [] for setting in settings} for world, settings in wanted.items()}
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool, progress or nullcontext() as bar:
        for (world, settings, _, _), followed in zip(jobs, pool.imap(_job, jobs), strict=True):
            for setting, one in zip(settings, followed, strict=True):
                found[world][setting].append(one)
            if bar is not None:
                bar.update(1)
    return found


def _job(job: tuple[World, tuple[Setting, ...], int, int]) -> list[Followed]:
    world, settings, number, seed = job
    drawn = circumstances(number, seed, USUAL_MISSING, world)
    return [follow(drawn, setting.policy) for setting in settings]
