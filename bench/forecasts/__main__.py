"""Compare forecasters on simulated patients: `make bench-forecast`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from bench.forecasts import additions, re_inductions, target_measures
from bench.forecasts.closed_loop import runs as closed_loop
from bench.forecasts.closed_loop.settings import settings
from bench.forecasts.closed_loop.tables import tables as closed_loop_tables
from bench.forecasts.metrics import figures
from bench.forecasts.runs import TRAINING, run_all, runs
from bench.forecasts.tables import LEGEND, speed_table, tables
from bench.forecasts.timing import speed
from clinical.outlook import ENGINE_VERSION
from clinical.target_measure import TargetMeasure, is_rating

PATIENTS: Final = 200
FOLLOWED_PATIENTS: Final = 40
"""How many are followed in a closed loop, which takes ten times as long for each."""
SEED: Final = 7
SEEDS: Final = 3
"""How many seeds the table of additions is made of."""


def main() -> None:
    """Replay every day of every simulated patient, and print the scores of each forecaster."""
    parser = argparse.ArgumentParser(prog="python -m bench.forecasts", description=__doc__)
    parser.add_argument("--patients", type=int, help="how many in each clinic")
    parser.add_argument("--seed", type=int, default=SEED, help="which patients")
    parser.add_argument("--json", type=Path, help="a file to write every figure to")
    parser.add_argument(
        "--re-inductions", action="store_true", help="patients who came back for a second course, instead"
    )
    parser.add_argument(
        "--additions",
        action="store_true",
        help="what each question and part of the model is worth, also in other worlds, instead",
    )
    parser.add_argument(
        "--closed-loop",
        action="store_true",
        help="patients followed for two years, whose infusions are decided by policies, instead",
    )
    parser.add_argument(
        "--target",
        type=TargetMeasure,
        choices=[measure for measure in TargetMeasure if is_rating(measure)],
        help="patients whose benefit is in this rating, next to those by wellbeing, instead",
    )
    chosen = parser.parse_args()
    if chosen.patients is None:
        chosen.patients = FOLLOWED_PATIENTS if chosen.closed_loop else PATIENTS
    if chosen.patients < 2:
        parser.error("--patients must be at least 2")
    if chosen.re_inductions:
        _compare_re_inductions(chosen.patients, chosen.seed)
        return
    if chosen.additions:
        _compare_additions(chosen.patients, chosen.seed)
        return
    if chosen.closed_loop:
        _close_the_loop(chosen.patients, chosen.seed)
        return
    if chosen.target:
        _compare_targets(chosen.patients, chosen.seed, chosen.target)
        return
    # Before the race: two processes at work would slow it.
    timed = speed()
    wanted = runs(chosen.seed)
    steps = len(wanted) * chosen.patients
    bar = click.progressbar(length=steps, label="Forecasting", file=sys.stderr)
    found = figures(chosen.seed, run_all(wanted, chosen.patients, bar))
    print(_introduction(chosen.patients, chosen.seed, found.levels))
    print(LEGEND)
    for table in tables(found):
        print(f"\n{table}")
    print(f"\n{speed_table(timed)}")
    if chosen.json:
        asked = {"engine": ENGINE_VERSION, "patients": chosen.patients, "seed": chosen.seed}
        document = {**asked, **asdict(found), "speed": asdict(timed)}
        chosen.json.write_text(json.dumps(document, indent=2) + "\n")


def _compare_re_inductions(patients: int, seed: int) -> None:
    wanted = re_inductions.clinics(seed)
    bar = click.progressbar(length=len(wanted) * patients, label="Forecasting", file=sys.stderr)
    found = re_inductions.run(wanted, patients, bar)
    print(
        f"Engine {ENGINE_VERSION}; second courses of {patients} simulated patients a table, seed {seed},\n"
        "30% of days missing; errors and intervals as above, c1 and c4 the first and the fourth cycle.\n"
    )
    print(re_inductions.tables(found))


def _compare_additions(patients: int, seed: int) -> None:
    seeds = tuple(range(seed, seed + SEEDS))
    named = ", ".join(map(str, seeds))
    wanted = additions.rows(seeds, additions.learnt_silence(patients, seed))
    bar = click.progressbar(
        length=len(additions.runs(wanted)) * patients, label="Forecasting", file=sys.stderr
    )
    found = additions.tables(wanted, patients, bar)
    print(f"Engine {ENGINE_VERSION}; {patients} simulated patients a seed, seeds {named}.\n\n{found}")


def _close_the_loop(patients: int, seed: int) -> None:
    wanted = settings()
    bar = click.progressbar(length=len(wanted) * patients, label="Following", file=sys.stderr)
    found = closed_loop.run(wanted, patients, seed, bar)
    print(
        f"Engine {ENGINE_VERSION}; {patients} simulated patients a world, seed {seed}, 30% of days missing,\n"
        "followed for two years from the end of the induction; the same patients under every policy.\n"
    )
    print(closed_loop_tables(found))


def _compare_targets(patients: int, seed: int, measure: TargetMeasure) -> None:
    wanted = target_measures.clinics(seed, measure)
    bar = click.progressbar(length=len(wanted) * patients, label="Forecasting", file=sys.stderr)
    found = target_measures.run(wanted, patients, bar)
    print(
        f"Engine {ENGINE_VERSION}; {patients} simulated patients a table, seed {seed}, 30% of days missing;\n"
        "columns as above, c1 the first cycle. The 7-day mean is of mood, or of the rating.\n"
    )
    print(target_measures.tables(found))


def _introduction(patients: int, seed: int, levels: Mapping[str, float]) -> str:
    tuned = ", ".join(f"{name} {level:.2f}" for name, level in levels.items())
    return (
        f"Engine {ENGINE_VERSION}; {patients} simulated patients a line, seed {seed}. Every day of every\n"
        "cycle is forecast with what was known on it. Alarm levels of the simple rules are tuned to\n"
        f"one false alarm a year on {patients} others (seed {seed + TRAINING}): {tuned}.\n"
    )


if __name__ == "__main__":
    main()
