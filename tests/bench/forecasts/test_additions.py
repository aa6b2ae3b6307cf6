from __future__ import annotations

from dataclasses import replace

import pytest

from bench.forecasts import additions
from bench.forecasts.additions import COLUMNS, figures, rows
from bench.forecasts.replay import ReplayedCycle
from bench.forecasts.runs import OURS, run_all
from bench.simulation.cohort import EVERYTHING, Question
from bench.simulation.worlds import OTHERS
from clinical.outlook.evaluation import CyclePredictions, Prediction
from clinical.outlook.learning.silence_slope import SilenceSlope
from clinical.outlook.model.options import IN_USE

SILENCE = SilenceSlope(1.5, 4.0, 30)


def replayed(half: float, median: float, low: float, p: float = 0.0, number: int = 1) -> ReplayedCycle:
    """A cycle of 60 days, forecast alike on each, whose half is lost on one of them."""
    days = tuple(Prediction(day, median, low, median + 10, p) for day in range(1, 60))
    return ReplayedCycle(0, responds=True, record=CyclePredictions(number, 60, half, half - 5, days), dips=())


def test_the_figures_are_those_of_the_record():
    ours = [replayed(30, 33, 31, number=5), replayed(40, 36, 20, p=0.9, number=5)]
    by_calendar = [replayed(30, 28, 14), replayed(40, 28, 14)]
    found = figures(ours, by_calendar)
    assert set(found) == set(COLUMNS)
    assert found["skill14"] == pytest.approx(1 - 3.5 / 7)
    assert found["late"] == pytest.approx((3 - 4) / 2)
    assert found["never"] == pytest.approx(0.5)
    assert found["long"] == pytest.approx(0.5)


def test_every_question_and_part_of_the_model_has_a_line_without_it():
    worth, missing, worlds, silence, new_dose = rows((1, 2), SILENCE).values()
    without = {row.name for row in worth}
    assert {f"without {question}" for question in Question} <= without
    assert {f"without {part}" for part in additions.PARTS} <= without
    assert [run.seed for run in worth[-1].runs] == [1, 2]
    assert (worth[-1].runs[0].questions, worth[-1].runs[0].options) == (EVERYTHING, IN_USE)
    assert {row.runs[0].missing for row in missing} == {0.1, 0.3, 0.5}
    assert {row.runs[0].world for row in worlds} >= set(OTHERS)
    assert {row.runs[0].options.silence_slope for row in silence} == {0.0, SILENCE.slope}
    assert {row.runs[0].options.treatment_changes for row in new_dose} == {True, False}


def test_a_switched_off_part_changes_forecasts():
    row = {
        row.name: row for row in rows((3,), SILENCE)["What each question and each part of the model is worth"]
    }
    on, off = row["everything"].runs[0], row["without slow noise"].runs[0]
    found = run_all([on, off], 2)
    assert found[on][OURS] != found[off][OURS]


def test_the_tables_name_every_line_and_column():
    text = additions.tables({"One": rows((3, 4), SILENCE)["By days missing, everything"][:1]}, 2)
    assert "One" in text
    assert all(name in text for name in COLUMNS)
    assert "10%" in text


def test_a_patient_without_a_forecast_is_called_by_the_plan():
    def never(days: int, p: float | None) -> float | None:
        made = tuple(Prediction(day, p_half_lost=p) for day in range(1, days))
        one = ReplayedCycle(0, responds=True, record=CyclePredictions(1, days, 15, 10, made), dips=())
        return figures([one], [one])["never"]

    assert never(40, None) == pytest.approx(0.0)
    assert never(26, None) == pytest.approx(1.0)
    assert never(40, 0.3) == pytest.approx(1.0)


def test_a_line_of_new_doses_counts_their_cycles_alone():
    (line, *_) = rows((3,), SILENCE)["Cycles that begin with a new dose"]
    usual = replayed(30, 33, 31)
    found = {line.runs[0]: {OURS: [usual], additions.CALENDAR: [usual]}}
    (alone, *_) = additions.formatted(line, found)
    assert set(alone.removeprefix(line.name).split()) == {"-"}
    changed = replace(usual, dose_changed=True)
    (counted, *_) = additions.formatted(
        line, {line.runs[0]: {OURS: [usual, changed], additions.CALENDAR: [changed]}}
    )
    assert counted != alone


def test_silence_is_learnt_from_others_than_those_who_are_scored():
    found = additions.learnt_silence(4, 3)
    assert found == additions.learnt_silence(4, 3)
    assert found.cycles > 4
