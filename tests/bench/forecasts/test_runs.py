from __future__ import annotations

import pytest

from bench.forecasts.replay import ReplayedCycle
from bench.forecasts.runs import LEVELS, OURS, Run, run_all, runs, training, tuned
from bench.simulation.cohort import Question
from clinical.outlook.evaluation import CyclePredictions, Prediction, score_detection


def cycle(highest: float, *, responds: bool = True) -> ReplayedCycle:
    """A year before a third is gone, with one alarm at any level up to `highest`."""
    predictions = tuple(Prediction(day, p_half_lost=highest if day == 200 else 0.0) for day in range(1, 366))
    return ReplayedCycle(0, responds, CyclePredictions(1, 366, 500.0, 400.0, predictions), ())


def test_the_threshold_is_the_lowest_with_acceptable_false_alarms():
    # Two years, with two alarms up to .5, one up to .61 and none above.
    years = [cycle(0.5), cycle(0.61)]
    assert tuned(years, tolerated=1.1) == pytest.approx(0.20)
    assert tuned(years, tolerated=0.6) == pytest.approx(0.51)
    assert tuned(years, tolerated=0.1) == pytest.approx(0.62)


def test_those_without_a_benefit_do_not_set_the_level():
    assert tuned([cycle(0.4), cycle(0.9, responds=False)], tolerated=0.1) == pytest.approx(0.41)


def test_a_level_is_tuned_on_the_false_alarms_that_the_record_counts():
    ran = Run(3, 0.3, frozenset(), ("7-day mean",))
    replayed = run_all([ran], 12)[ran]["7-day mean"]
    records = [one.record for one in replayed if one.responds]
    for tolerated in (0.5, 1.0, 3.0):
        level = tuned(replayed, tolerated=tolerated)
        rates = [
            score_detection(records, tried).false_alarms_per_year or 0 for tried in LEVELS if tried <= level
        ]
        assert rates[-1] <= tolerated
        assert all(rate > tolerated for rate in rates[:-1])


def test_levels_are_tuned_on_other_patients_than_are_scored():
    everything = runs(7)
    assert everything[0] == training(7)
    assert everything[0].seed not in {run.seed for run in everything[1:]}
    assert OURS not in everything[0].rules


def test_every_question_is_evaluated_alone_and_all_together():
    asked = {run.questions for run in runs(7) if OURS in run.rules and run.missing == 0.3}
    assert asked == {frozenset(), frozenset(Question), *(frozenset({question}) for question in Question)}


def test_runs_in_several_processes_are_reproducible():
    wanted = [Run(3, 0.3, frozenset(), ("calendar 28",)), Run(3, 0.1, frozenset(), ("calendar 28", "EWMA"))]
    found = run_all(wanted, 3)
    assert found == run_all(wanted, 3)
    assert set(found[wanted[1]]) == {"calendar 28", "EWMA"}
    numbers = [one.patient for one in found[wanted[0]]["calendar 28"]]
    assert sorted(set(numbers)) == [0, 1, 2]
    assert numbers == sorted(numbers)
