"""Forecasts by a rating that is the target measure, next to those by wellbeing of depression patients."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bench.forecasts.metrics import DAY
from bench.forecasts.replay import ReplayedCycle, ours, replay
from bench.forecasts.runs import PROCESSES, USUAL_MISSING
from bench.simulation.cohort import EVERYTHING, Question, asked_only, patient
from bench.simulation.target_ratings import target_patient
from clinical.history import History
from clinical.outlook.evaluation import Prediction, score, score_landmark, seven_day_mean
from clinical.outlook.evaluation.averages import mean
from clinical.outlook.evaluation.comparators import Rule, calendar
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.status import P_PROBABLY_LOST
from clinical.target_measure import TargetMeasure

PACES: Final = (1.0, 0.6, 1.6)
"""By how much the true half-benefit days differ from those of the depression studies; nobody knows it."""

WIDER: Final = replace(PUBLISHED, version="wider", spread=0.65)
"""The published prior with a wider spread, tried for measures that it was not made for."""

CALENDAR: Final = "calendar 28"
SEVEN_DAYS: Final = "7-day mean"
BY_MOOD: Final = "ours, by mood and anxiety"
BY_RATING: Final = "ours, by the rating"
BY_RATING_WIDER: Final = "ours, wider prior"

NOTHING: Final[frozenset[Question]] = frozenset()
WEEKLY: Final = EVERYTHING - {Question.PHQ_9, Question.ENJOYMENT}
"""What is asked besides and enters a forecast by a rating: the weekly question and the reasons of
infusions."""

COLUMNS: Final = (
    "err7", "err14", "ref14", "cov7", "cov14", "width", "IS80", "sens", "FA/py", "Brier", "refNR",
    "err14 c1", "cov14 c1",
)  # fmt: skip
"""As in the main comparison; c1 is the first cycle."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """Patients timed by `measure`, by wellbeing those of the main comparison, asked `questions` besides."""

    seed: int
    measure: TargetMeasure
    pace: float
    questions: frozenset[Question]

    @property
    def title(self) -> str:
        """What the lines of this clinic have in common."""
        asked = "; the weekly question and reasons too" if self.questions else ""
        if self.measure is TargetMeasure.WELLBEING:
            return f"Depression, by wellbeing{asked}"
        return f"{str(self.measure).replace('_', ' ')}, half-benefit days times {self.pace:.1f}{asked}"


Replayed = dict[str, list[ReplayedCycle]]


def clinics(seed: int, measure: TargetMeasure) -> tuple[Clinic, ...]:
    """Return the clinics of the comparison, those of depression patients first."""
    wellbeing = TargetMeasure.WELLBEING
    return (
        *(Clinic(seed, wellbeing, 1.0, asked) for asked in (NOTHING, WEEKLY)),
        *(Clinic(seed, measure, 1.0, asked) for asked in (NOTHING, WEEKLY)),
        *(Clinic(seed, measure, pace, NOTHING) for pace in PACES[1:]),
    )


def run(
    wanted: Sequence[Clinic], how_many: int, progress: AbstractContextManager[Any] | None = None
) -> dict[Clinic, Replayed]:
    """Return each method's cycles; `progress` is a bar of one step a patient."""
    jobs = [(clinic, number) for number in range(how_many) for clinic in wanted]
    found: dict[Clinic, Replayed] = {}
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool, progress or nullcontext() as bar:
        for clinic, of_patient in pool.imap(_job, jobs, chunksize=4):
            of_clinic = found.setdefault(clinic, {})
            for name, cycles in of_patient.items():
                of_clinic.setdefault(name, []).extend(cycles)
            if bar is not None:
                bar.update(1)
    return found


def tables(found: dict[Clinic, Replayed]) -> str:
    """Return a table a clinic."""
    header = " " * 28 + "".join(name.rjust(9) for name in COLUMNS)
    return "\n\n".join(
        "\n".join((clinic.title, "", header, *(_line(*line) for line in of_clinic.items())))
        for clinic, of_clinic in found.items()
    )


def replayed(clinic: Clinic, number: int) -> Replayed:
    """Return each method's cycles of one patient of a clinic."""
    if clinic.measure is TargetMeasure.WELLBEING:
        someone = patient(number, clinic.seed, USUAL_MISSING)
        rules: dict[str, Rule] = {CALENDAR: calendar(28), SEVEN_DAYS: seven_day_mean, BY_MOOD: ours}
    else:
        someone = target_patient(number, clinic.seed, USUAL_MISSING, clinic.measure, clinic.pace)
        rules = {
            CALENDAR: calendar(28),
            SEVEN_DAYS: _by(clinic.measure, seven_day_mean),
            BY_MOOD: ours,
            BY_RATING: _by(clinic.measure, ours),
            BY_RATING_WIDER: _by(clinic.measure, ours, WIDER),
        }
    return replay(asked_only(someone, clinic.questions), rules)


def _job(job: tuple[Clinic, int]) -> tuple[Clinic, Replayed]:
    clinic, number = job
    return clinic, replayed(clinic, number)


def _by(measure: TargetMeasure, rule: Any, prior: PopulationPrior = PUBLISHED) -> Rule:
    def by_measure(history: History, today: date) -> Prediction | None:
        known = replace(history, target_measure=measure)
        found: Prediction | None = rule(known, today) if prior is PUBLISHED else rule(known, today, prior)
        return found

    return by_measure


def _line(name: str, cycles: Sequence[ReplayedCycle]) -> str:
    records = [one.record for one in cycles if one.responds]
    found, first = score(records, P_PROBABLY_LOST), [one for one in records if one.number == 1]
    others = [made for one in cycles if not one.responds and (made := one.record.on(DAY)) is not None]
    of_first = score_landmark(first, DAY)
    has_probability = name != CALENDAR
    cells = (
        _number(found.at_7.mean_error, 1),
        _number(found.at_14.mean_error, 1),
        _number(found.at_14.no_forecast_share),
        _number(found.at_7.coverage),
        _number(found.at_14.coverage),
        _number(found.at_14.mean_width, 0),
        _number(found.at_14.interval_score, 0),
        _number(found.detection.sensitivity),
        _number(found.detection.false_alarms_per_year),
        _number(found.calibration.brier_skill if has_probability else None),
        _number(mean([made.median is None for made in others])),
        _number(of_first.mean_error, 1),
        _number(of_first.coverage),
    )
    return (name.ljust(28) + "".join(cell.rjust(9) for cell in cells)).rstrip()


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
