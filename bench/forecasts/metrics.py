"""Scores of each forecaster, by cycle, and differences between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Final

from bench.forecasts.replay import ReplayedCycle, dips_alarming
from bench.forecasts.runs import (
    LEVELS_OF_MISSING,
    OURS,
    TOLERATED,
    USUAL_MISSING,
    Results,
    Run,
    training,
    tuned,
)
from bench.simulation.cohort import EVERYTHING, Question
from clinical.outlook.evaluation import (
    EvaluationSummary,
    LandmarkScore,
    score,
    score_detection,
    score_landmark,
)
from clinical.outlook.evaluation.averages import mean
from clinical.outlook.status import P_PROBABLY_LOST

NATURAL: Final = 0.5
"""Where each simple rule rings by its own arithmetic."""

CYCLES: Final = (1, 3, 6)
DAY: Final = 14

NOTHING: Final[frozenset[Question]] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the comparison; without a benefit to lose, `no_forecast_share_without_benefit` is best 1.

    `sensitivity_at_tolerated` is that at the level which on these same patients keeps to one false alarm a
    year: for comparing, not a level that was known beforehand; None where no level does. `by_cycle` are day
    14's figures in the patients' first, third and sixth cycle.
    """

    method: str
    missing: float
    questions: tuple[str, ...]
    alarm_at: float
    has_probability: bool
    score: EvaluationSummary
    dips_alarming: float | None
    no_forecast_share_without_benefit: float | None
    sensitivity_at_tolerated: float | None
    by_cycle: tuple[LandmarkScore, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """By how many days the error of day 14 differs from another's on the same cycles, with standard error.

    Below 0 is better. The error is reckoned over patients, whose cycles are alike.
    """

    days: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All lines, those of what each question adds, and how these compare with mood and anxiety alone."""

    levels: dict[str, float]
    entries: tuple[Entry, ...]
    questions: tuple[Entry, ...]
    gaps: tuple[Gap | None, ...]


def figures(seed: int, found: Results) -> Figures:
    """Return every figure of the comparison from the replays of all runs."""
    levels = {name: tuned(replayed) for name, replayed in found[training(seed)].items()}
    asked = (NOTHING, *(frozenset({question}) for question in Question), EVERYTHING)
    at_usual = [
        found[run][OURS] for questions in asked for run in found if _is(run, USUAL_MISSING, questions)
    ]
    return Figures(
        levels=levels,
        entries=tuple(line for missing in LEVELS_OF_MISSING for line in _lines(found, missing, levels)),
        questions=tuple(
            _entry(_name(questions), USUAL_MISSING, questions, replayed, P_PROBABLY_LOST)
            for questions, replayed in zip(asked, at_usual, strict=True)
        ),
        gaps=tuple(gap(replayed, at_usual[0]) for replayed in at_usual[1:]),
    )


def gap(replayed: Sequence[ReplayedCycle], against: Sequence[ReplayedCycle]) -> Gap | None:
    """Return the mean difference of two forecasters' errors over the same cycles, clustered by patient."""
    differences = defaultdict(list)
    for one, other in zip(replayed, against, strict=True):
        ours, theirs = (score_landmark([seen.record], DAY).mean_error for seen in (one, other))
        if one.responds and ours is not None and theirs is not None:
            differences[one.patient].append(ours - theirs)
    if len(differences) < 2:
        return None
    everything = [difference for several in differences.values() for difference in several]
    middle = fmean(everything)
    # Cycles of one patient are correlated: the standard error is that of sums by patient (cluster-robust).
    sums = [sum(difference - middle for difference in several) for several in differences.values()]
    return Gap(middle, stdev(sums) * sqrt(len(sums)) / len(everything))


def _lines(found: Results, missing: float, levels: dict[str, float]) -> list[Entry]:
    run = next(run for run in found if OURS in run.rules and _is(run, missing, NOTHING))
    whole = next(run for run in found if _is(run, missing, EVERYTHING))
    lines = []
    for method, replayed in found[run].items():
        if method == OURS:
            continue
        if method not in levels or method == "7-day mean":
            lines.append(_entry(method, missing, NOTHING, replayed, NATURAL))
        if method in levels:
            lines.append(_entry(f"{method}, tuned", missing, NOTHING, replayed, levels[method]))
    lines.append(_entry(f"{OURS}, mood and anxiety", missing, NOTHING, found[run][OURS], P_PROBABLY_LOST))
    lines.append(_entry(f"{OURS}, every question", missing, EVERYTHING, found[whole][OURS], P_PROBABLY_LOST))
    return lines


def _entry(
    method: str,
    missing: float,
    questions: frozenset[Question],
    replayed: Sequence[ReplayedCycle],
    alarm_at: float,
) -> Entry:
    responding = [one for one in replayed if one.responds]
    records = [one.record for one in responding]
    others = [
        prediction for one in replayed if not one.responds and (prediction := one.record.on(DAY)) is not None
    ]
    at_tolerated = score_detection(records, tuned(replayed))
    rate = at_tolerated.false_alarms_per_year
    return Entry(
        method=method,
        missing=missing,
        questions=tuple(sorted(questions)),
        alarm_at=alarm_at,
        has_probability=not method.startswith(("calendar", "EWMA", "CUSUM")),
        score=score(records, alarm_at),
        dips_alarming=dips_alarming(responding, alarm_at),
        no_forecast_share_without_benefit=mean([prediction.median is None for prediction in others]),
        sensitivity_at_tolerated=None if rate is None or rate > TOLERATED else at_tolerated.sensitivity,
        by_cycle=tuple(
            score_landmark([one for one in records if one.number == number], DAY) for number in CYCLES
        ),
    )


def _is(run: Run, missing: float, questions: frozenset[Question]) -> bool:
    return OURS in run.rules and run.missing == missing and run.questions == questions


def _name(questions: frozenset[Question]) -> str:
    if not questions:
        return "mood and anxiety"
    return "all of these" if questions == EVERYTHING else f"+ {next(iter(questions))}"
