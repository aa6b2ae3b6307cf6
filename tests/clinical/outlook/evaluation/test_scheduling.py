from __future__ import annotations

from math import sqrt

import pytest

from clinical.outlook.evaluation import Prediction, score_scheduling
from clinical.outlook.evaluation.scheduling import scheduled_day
from tests.clinical.outlook.evaluation.tables import cycle


def test_the_planned_day_lies_between_the_median_and_the_low_end():
    # The 25 % quantile is a little more than half of the way, on a scale of ratios.
    day = scheduled_day(Prediction(10, median=27, lo80=12))
    assert 12 < day < sqrt(12 * 27)
    assert day == pytest.approx(27 * (12 / 27) ** 0.5263, rel=1e-4)


def test_the_planned_day_stays_inside_the_window():
    assert scheduled_day(Prediction(10, median=9, lo80=6)) == 14
    assert scheduled_day(Prediction(10, median=80, lo80=50)) == 28


def test_no_forecast_plans_the_middle_and_a_calendar_its_own_day():
    assert scheduled_day(Prediction(10)) == 21
    assert scheduled_day(Prediction(10, median=24)) == 24


def test_perfect_forecasts_save_every_day():
    table = [cycle(Prediction(10, median=day, lo80=day), half=day) for day in (16, 26)]
    found = score_scheduling(table)
    assert (found.cycles, found.mean_scheduled_day, found.saved) == (2, 21, 1.0)


def test_days_lost_are_compared_with_a_calendar_of_the_same_mean():
    # Planned 18 and 24, true 16 and 26: 2 days lost; all on day 21 would lose 5.
    table = [cycle(Prediction(10, median=18), half=16), cycle(Prediction(10, median=24), half=26)]
    assert score_scheduling(table).saved == pytest.approx(1 - 2 / 5)


def test_a_calendar_saves_nothing():
    assert score_scheduling([cycle(Prediction(10, median=21), half=half) for half in (15, 18, 30)]).saved == 0


def test_a_censored_cycle_counts_only_where_nothing_could_be_lost():
    long, short = (
        cycle(Prediction(10, median=24), half=None, third=None, length=length) for length in (28, 27)
    )
    assert score_scheduling([long, short]).cycles == 1
    assert score_scheduling([short]).saved is None


def test_where_a_calendar_loses_nothing_there_is_nothing_to_save():
    assert score_scheduling([cycle(Prediction(10, median=21), half=30)]).saved is None
