"""What each question and each part of the model is worth, over several seeds and in other worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, Final

from bench.forecasts.replay import ReplayedCycle
from bench.forecasts.runs import OURS, TOLERATED, TRAINING, USUAL_MISSING, Run, run_all, tuned
from bench.simulation.cohort import EVERYTHING, Question, asked_only, history, patient
from bench.simulation.worlds import OTHERS, USUAL
from clinical.outlook.evaluation import CyclePredictions, Prediction, score, score_detection, score_landmark
from clinical.outlook.evaluation.detection import ALARM_GRACE_DAYS
from clinical.outlook.learning.silence_slope import SilenceSlope, estimate_slope
from clinical.outlook.model.options import IN_USE, ModelOptions
from clinical.outlook.model.segments import build_model_input, up_to
from clinical.outlook.status import P_PROBABLY_LOST
from clinical.protocol import Protocol

CALENDAR: Final = "calendar 28"
DAY: Final = 14
LONG: Final = 32.0
"""Median from which a forecast is a long one, days."""
ALL_OFF: Final = ModelOptions(
    slow_noise=False, dated_reasons=False, changing_interval=False, treatment_changes=False
)

PLAN: Final = Protocol()
"""The plan of the simulated clinics."""
SILENT_WHEN_LOW: Final = next(world for world in OTHERS if world.low_mood > USUAL.low_mood)
NEW_DOSE: Final = next(world for world in OTHERS if world.dose_changes)

NOTHING: Final[frozenset[Question]] = frozenset()
PARTS: Final[Mapping[str, ModelOptions]] = {
    "slow noise": replace(IN_USE, slow_noise=False),
    "dated reasons, both sides": replace(IN_USE, dated_reasons=False),
    "a changing interval": replace(IN_USE, changing_interval=False),
}
SILENCE: Final = "Silence as an observation"
NO_CHANGES: Final = replace(IN_USE, treatment_changes=False)
COLUMNS: Final = (
    "skill7", "skill14", "from c4", "saved", "sens@1", "cov14", "c5+", "Brier", "calib",
    "false/y", "never", "long", "late",
)  # fmt: skip
LEGEND: Final = f"""\
Mean over the seeds, and the range below it. skill7, skill14: share of a 28-day calendar's error
avoided; "from c4" of day 14 from the fourth cycle on. saved, sens@1, cov14, Brier, calib as above; c5+:
cov14 from the fifth cycle on. false/y: false alarms a patient-year at 0.60. never: share of wear-offs
followed for a week without an alarm, nor due by the plan for want of a forecast. long: of
forecasts of day 14 whose median is above {LONG:.0f} days, the share whose truth came before the interval.
late: mean days by which the median of day 14 is late, from the fourth cycle on."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was asked and in use, its run for each seed.

    With `only_new_dose` its figures are those of the cycles that begin with a new dose.
    """

    name: str
    runs: tuple[Run, ...]
    only_new_dose: bool = False


def rows(seeds: Sequence[int], silence: SilenceSlope) -> dict[str, tuple[Row, ...]]:
    """Return the lines of each table by its title.

    `silence` is what it says of patients who answer less on low days.
    """
    by_silence = replace(IN_USE, silence_slope=silence.slope)

    def row(name: str, questions: frozenset[Question] = EVERYTHING, **changes: Any) -> Row:
        run = Run(0, USUAL_MISSING, questions, (CALENDAR, OURS))
        return Row(name, tuple(replace(run, seed=seed, **changes) for seed in seeds))

    return {
        "What each question and each part of the model is worth": (
            row("mood and anxiety, all parts off", NOTHING, options=ALL_OFF),
            row("mood and anxiety", NOTHING),
            *(row(f"without {name}", options=options) for name, options in PARTS.items()),
            *(row(f"without {question}", EVERYTHING - {question}) for question in Question),
            row("everything but recall, all parts off", EVERYTHING - {Question.RECALL}, options=ALL_OFF),
            row("everything"),
        ),
        "By days missing, everything": tuple(row(f"{share:.0%}", missing=share) for share in (0.1, 0.3, 0.5)),
        "Other worlds": tuple(
            each
            for world in (USUAL, *OTHERS)
            for each in (
                row(f"{world.name}: everything", world=world),
                row("  without weekly item", EVERYTHING - {Question.BENEFIT_LEFT}, world=world),
                row("  without recall", EVERYTHING - {Question.RECALL}, world=world),
                row(
                    "  without recall, all parts off",
                    EVERYTHING - {Question.RECALL},
                    world=world,
                    options=ALL_OFF,
                ),
            )
        ),
        f"{SILENCE}: slope {silence.slope:.1f}, from {silence.cycles} cycles of others": tuple(
            row(f"{world.name}: {name}", questions, world=world, options=options)
            for world in (USUAL, SILENT_WHEN_LOW)
            for questions, of_questions in ((NOTHING, "mood and anxiety"), (EVERYTHING, "everything"))
            for options, name in ((IN_USE, of_questions), (by_silence, "  and silence"))
        ),
        "Cycles that begin with a new dose": tuple(
            replace(row(name, questions, world=NEW_DOSE, options=options), only_new_dose=True)
            for questions, of_questions in ((NOTHING, "mood and anxiety"), (EVERYTHING, "everything"))
            for options, name in ((IN_USE, of_questions), (NO_CHANGES, "  earlier cycles count as usual"))
        ),
    }


def learnt_silence(patients: int, seed: int) -> SilenceSlope:
    """Return what silence says of patients who answer less on low days, and who are not scored."""
    found = []
    for number in range(patients):
        someone = asked_only(patient(number, seed + TRAINING, USUAL_MISSING, SILENT_WHEN_LOW), EVERYTHING)
        last = someone.cycles[-1].end - 1
        known, today = history(someone, last), someone.day(last)
        made = build_model_input(known, up_to(known.readings, today), today)
        if someone.responds and made is not None:
            found.append(made)
    return estimate_slope(found)


def tables(
    wanted: Mapping[str, Sequence[Row]], patients: int, progress: AbstractContextManager[Any] | None = None
) -> str:
    """Return every table, of so many patients a seed; `progress` is a bar with a step for each job."""
    found = run_all(runs(wanted), patients, progress)
    parts = [LEGEND]
    for title, lines in wanted.items():
        heading = " " * WIDTH + "".join(name.rjust(CELL) for name in COLUMNS)
        shown = [text for line in lines for text in formatted(line, found)]
        parts.append("\n".join([title, "", heading, *shown]))
    return "\n\n".join(parts)


def runs(wanted: Mapping[str, Sequence[Row]]) -> list[Run]:
    """Return the runs of all tables, each once."""
    return list(dict.fromkeys(run for lines in wanted.values() for line in lines for run in line.runs))


WIDTH: Final = 46
CELL: Final = 9


def formatted(row: Row, found: Mapping[Run, Mapping[str, Sequence[ReplayedCycle]]]) -> Iterator[str]:
    """Yield a row of a table as text: the mean over its seeds, and below it the range."""
    seeds = [
        figures(*([one for one in found[run][rule] if _counts(row, one)] for rule in (OURS, CALENDAR)))
        for run in row.runs
    ]
    columns = [[seed[name] for seed in seeds] for name in COLUMNS]
    known = [[value for value in values if value is not None] for values in columns]
    yield row.name.ljust(WIDTH) + "".join(_number(fmean(values) if values else None) for values in known)
    if len(seeds) > 1:
        yield " " * WIDTH + "".join(_range(values) for values in known)


def _counts(row: Row, replayed: ReplayedCycle) -> bool:
    return replayed.dose_changed or not row.only_new_dose


def _number(value: float | None) -> str:
    return ("-" if value is None else f"{value:.3f}").rjust(CELL)


def _range(values: Sequence[float]) -> str:
    if not values:
        return " " * CELL
    low, high = (f"{value:.2f}".replace("0.", ".", 1) for value in (min(values), max(values)))
    return f"{low}-{high}".rjust(CELL)


def figures(replayed: Sequence[ReplayedCycle], calendar: Sequence[ReplayedCycle]) -> dict[str, float | None]:
    """Return the figures of one run by the name of the column; responders only."""
    records = [one.record for one in replayed if one.responds]
    by_calendar = [one.record for one in calendar if one.responds]
    summary = score(records, P_PROBABLY_LOST)
    at_tolerated = score_detection(records, tuned(replayed))
    rate = at_tolerated.false_alarms_per_year
    from_fourth, by_calendar_from_fourth = (
        [one for one in each if one.number >= 4] for each in (records, by_calendar)
    )
    return {
        "skill7": _skill(records, by_calendar, 7),
        "skill14": _skill(records, by_calendar, DAY),
        "from c4": _skill(from_fourth, by_calendar_from_fourth, DAY),
        "saved": summary.scheduling.saved,
        "sens@1": None if rate is None or rate > TOLERATED else at_tolerated.sensitivity,
        "cov14": summary.at_14.coverage,
        "c5+": score_landmark([one for one in records if one.number >= 5], DAY).coverage,
        "Brier": summary.calibration.brier_skill,
        "calib": summary.calibration.calibration_error,
        "false/y": summary.detection.false_alarms_per_year,
        "never": _never_called(records),
        "long": _lost_before_a_long_interval(records),
        "late": score_landmark(from_fourth, DAY).bias,
    }


def _skill(
    records: Sequence[CyclePredictions], calendar: Sequence[CyclePredictions], day: int
) -> float | None:
    ours, theirs = (score_landmark(each, day).mean_error for each in (records, calendar))
    return None if ours is None or not theirs else 1 - ours / theirs


def _never_called(records: Sequence[CyclePredictions]) -> float | None:
    """Return the share of wear-offs, followed for a week, in whose cycle nobody was called.

    The call is an alarm or, on a day without a forecast, that the plan's latest day has come.
    """
    called = [
        any(_is_call(prediction) for prediction in one.predictions)
        for one in records
        if one.half_gone is not None and one.half_gone + ALARM_GRACE_DAYS <= one.length - 1
    ]
    return 1 - fmean(called) if called else None


def _is_call(prediction: Prediction) -> bool:
    if prediction.p_half_lost is None:
        return prediction.day >= PLAN.max_interval_days
    return prediction.p_half_lost >= P_PROBABLY_LOST


def _lost_before_a_long_interval(records: Sequence[CyclePredictions]) -> float | None:
    """Return the share of long forecasts of day 14 whose truth came before their interval."""
    before = [
        one.half_gone < made.lo80
        for one in records
        if (made := one.on(DAY)) is not None and one.half_gone is not None and one.half_gone > DAY
        if made.median is not None and made.lo80 is not None and made.median > LONG
    ]
    return fmean(before) if before else None
