from __future__ import annotations

from math import sqrt

import pytest

from bench.forecasts.metrics import figures, gap
from bench.forecasts.replay import ReplayedCycle
from bench.forecasts.runs import run_all, runs
from bench.forecasts.tables import speed_table, tables
from bench.forecasts.timing import Speed, Times, stored
from clinical.outlook.evaluation import CyclePredictions, Prediction
from clinical.protocol import cycle_starts


def cycle(patient: int, median: float, *, half: float = 20.0, responds: bool = True) -> ReplayedCycle:
    predictions = (Prediction(14, median, median - 5, median + 5, 0.1),)
    return ReplayedCycle(patient, responds, CyclePredictions(1, 30, half, 15.0, predictions), ())


def test_the_gap_is_the_mean_difference_of_errors():
    ours = [cycle(0, 22), cycle(1, 25), cycle(2, 20)]
    theirs = [cycle(0, 24), cycle(1, 25), cycle(2, 21)]
    found = gap(ours, theirs)
    assert found is not None
    assert found.days == pytest.approx(-1.0)
    # Each patient's difference lies -1, 1 and 0 from the mean.
    assert found.standard_error == pytest.approx(sqrt(1) * sqrt(3) / 3)


def test_the_standard_error_is_clustered_by_patient():
    medians = (20, 21, 26, 27)
    against = [cycle(number, 22) for number in range(4)]
    four = gap([cycle(number, median) for number, median in enumerate(medians)], against)
    two = gap([cycle(number // 2, median) for number, median in enumerate(medians)], against)
    assert four is not None
    assert two is not None
    assert two.days == four.days
    assert two.standard_error > four.standard_error


def test_only_those_with_a_benefit_still_half_there_are_compared():
    ours = [cycle(0, 22), cycle(1, 23), cycle(2, 50, responds=False), cycle(3, 50, half=13.0)]
    theirs = [cycle(0, 20), cycle(1, 20), cycle(2, 20, responds=False), cycle(3, 20, half=13.0)]
    found = gap(ours, theirs)
    assert found is not None
    assert found.days == pytest.approx(2.5)


def test_one_patient_has_no_standard_error():
    assert gap([cycle(0, 22)], [cycle(0, 20)]) is None


@pytest.fixture(scope="module")
def raced():
    return figures(7, run_all(runs(7), 2))


@pytest.mark.slow
def test_every_forecaster_has_a_line_at_every_level_of_missing_days(raced):
    lines = [(entry.method, entry.missing) for entry in raced.entries]
    assert len(lines) == len(set(lines)) == 3 * 8
    assert [entry.method for entry in raced.entries][:4] == [
        "calendar 21",
        "calendar 28",
        "7-day mean",
        "7-day mean, tuned",
    ]
    assert [entry.method for entry in raced.questions][::6] == ["mood and anxiety", "all of these"]
    assert len(raced.gaps) == 6


@pytest.mark.slow
def test_the_tables_print_every_line(raced):
    printed = "\n".join(tables(raced))
    for entry in (*raced.entries, *raced.questions):
        assert entry.method in printed
    assert "10% of days missing" in printed


def test_the_speed_is_printed_with_how_many_times_as_long_a_fit_takes():
    times = Speed(
        180, 6, ours={"forecast, uncached": Times(2.0, 3.0)}, fits={"local level": Times(100.0, 120.0)}
    )
    assert "50 times" in speed_table(times)


def test_the_timed_patient_has_180_days_and_six_cycles():
    history, today = stored()
    assert len(history.readings) == 180
    assert len(cycle_starts(history.protocol, history.infusions, today)) == 6
