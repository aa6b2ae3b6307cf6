"""What an earlier treatment course adds to the forecasts of the second, on patients who came back."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bench.forecasts.metrics import Gap, gap
from bench.forecasts.replay import ReplayedCycle, ours, replay
from bench.forecasts.runs import PROCESSES, USUAL_MISSING
from bench.simulation.cohort import EVERYTHING, Question, asked_only
from bench.simulation.re_inductions import BETWEEN_SPREAD, Returned, returned, second_course_only
from clinical.history import History
from clinical.outlook.evaluation import Prediction, score, score_landmark
from clinical.outlook.evaluation.comparators import Rule, calendar
from clinical.outlook.status import P_PROBABLY_LOST

LANDMARK: Final = 14

CALENDAR: Final = "calendar 28"
AS_ONE: Final = "as one course"
ALONE: Final = "second course alone"
WITH_EARLIER: Final = "with the earlier course"
METHODS: Final = (CALENDAR, AS_ONE, ALONE, WITH_EARLIER)

NOTHING: Final[frozenset[Question]] = frozenset()
COLUMNS: Final = (
    "err7", "err14", "ref14", "cov14", "width", "IS80", "sens", "FA/py", "err14 c1", "cov14 c1", "err14 c4"
)  # fmt: skip
"""As in the main comparison; c1 and c4 are the first and the fourth cycle."""

SPREADS: Final = (0.10, BETWEEN_SPREAD, 0.50)
"""Log SD of the true change of the half-benefit day between courses; nobody knows it."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """Patients who came back; `spread` is the log SD of how the half-benefit day changed in between."""

    seed: int
    spread: float
    questions: frozenset[Question]

    @property
    def title(self) -> str:
        """What the lines of this clinic have in common."""
        asked = "every question" if self.questions else "mood and anxiety"
        return f"Between courses {self.spread:.2f}, {asked}"


Replayed = dict[str, list[ReplayedCycle]]


def clinics(seed: int) -> tuple[Clinic, ...]:
    """Return the clinics of the comparison."""
    return (Clinic(seed, BETWEEN_SPREAD, NOTHING), *(Clinic(seed, each, EVERYTHING) for each in SPREADS))


def run(
    wanted: Sequence[Clinic], how_many: int, progress: AbstractContextManager[Any] | None = None
) -> dict[Clinic, Replayed]:
    """Return each method's cycles of the second courses; `progress` is a bar of one step a patient."""
    jobs = [(clinic, number) for number in range(how_many) for clinic in wanted]
    found: dict[Clinic, Replayed] = {clinic: {name: [] for name in METHODS} for clinic in wanted}
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool, progress or nullcontext() as bar:
        for clinic, replayed in pool.imap(_job, jobs, chunksize=4):
            for name, cycles in replayed.items():
                found[clinic][name] += cycles
            if bar is not None:
                bar.update(1)
    return found


def tables(found: dict[Clinic, Replayed]) -> str:
    """Return a table a clinic: all cycles of the second course, then its first and its fourth."""
    return "\n\n".join(_table(clinic, replayed) for clinic, replayed in found.items())


def _job(job: tuple[Clinic, int]) -> tuple[Clinic, Replayed]:
    clinic, number = job
    someone = returned(number, clinic.seed, USUAL_MISSING, clinic.spread)
    known = replace(someone, patient=asked_only(someone.patient, clinic.questions))
    whole = replay(known.patient, {CALENDAR: calendar(28), AS_ONE: ours, WITH_EARLIER: _with_courses(known)})
    return clinic, whole | replay(second_course_only(known), {ALONE: ours})


def _with_courses(known: Returned) -> Rule:
    course = known.course

    def rule(history: History, today: date) -> Prediction | None:
        return ours(replace(history, courses=(course,)), today)

    return rule


def _table(clinic: Clinic, replayed: Replayed) -> str:
    header = " " * 26 + "".join(name.rjust(10) for name in COLUMNS)
    header += "   err14 against the second course alone"
    return "\n".join(
        (clinic.title, "", header, *(_line(name, replayed[name], replayed[ALONE]) for name in METHODS))
    )


def _line(name: str, replayed: Sequence[ReplayedCycle], alone: Sequence[ReplayedCycle]) -> str:
    records = [one.record for one in replayed if one.responds]
    found = score(records, P_PROBABLY_LOST)
    first, fourth = (
        score_landmark([one for one in records if one.number == number], LANDMARK) for number in (1, 4)
    )
    cells = [
        _number(found.at_7.mean_error, 1),
        _number(found.at_14.mean_error, 1),
        _number(found.at_14.no_forecast_share),
        _number(found.at_14.coverage),
        _number(found.at_14.mean_width, 0),
        _number(found.at_14.interval_score, 0),
        _number(found.detection.sensitivity),
        _number(found.detection.false_alarms_per_year),
        _number(first.mean_error, 1),
        _number(first.coverage),
        _number(fourth.mean_error, 1),
    ]
    difference = None if name == ALONE else gap(replayed, alone)
    return (name.ljust(26) + "".join(cell.rjust(10) for cell in cells) + _against(difference)).rstrip()


def _against(difference: Gap | None) -> str:
    if difference is None:
        return ""
    return f"   {difference.days:+.2f} +- {difference.standard_error:.2f}"


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
