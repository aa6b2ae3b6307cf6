from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bench.forecasts.control_charts import CUSUM_SLACK, EWMA_WEIGHT, cusum, ewma
from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.outlook.evaluation import Prediction
from clinical.protocol import Protocol
from tests.clinical.courses import INDUCTION, day

Rule = Callable[[History, date], Prediction | None]
BEST = (7.0,) * 7


def result(*moods: float) -> History:
    """The moods of day 2 of the cycle and of each next."""
    readings = [Reading(day(number), mood) for number, mood in enumerate(moods, start=2)]
    return History(tuple(readings), tuple(map(GivenInfusion, INDUCTION)), Protocol())


def height(rule: Rule, history: History, on: date) -> float:
    """The height of the chart, from 0 to 1; 0.5 is its natural limit."""
    found = rule(history, on)
    assert found is not None
    assert found.p_half_lost is not None
    return found.p_half_lost


@pytest.mark.parametrize("rule", [ewma, cusum])
def test_a_stable_level_raises_no_alarm(rule):
    assert height(rule, result(*BEST, *BEST), day(15)) == 0


@pytest.mark.parametrize("rule", [ewma, cusum])
def test_a_lasting_fall_raises_an_alarm(rule):
    assert height(rule, result(*BEST, *[2.0] * 7), day(15)) > 0.5


@pytest.mark.parametrize("rule", [ewma, cusum])
def test_the_predicted_day_is_the_calendars(rule):
    found = rule(result(*BEST), day(8))
    assert found == Prediction(8, median=28, p_half_lost=0.0)


@pytest.mark.parametrize("rule", [ewma, cusum])
def test_without_enough_first_days_or_a_cycle_there_is_no_prediction(rule):
    assert rule(result(7.0, 7.0), day(9)) == Prediction(9)
    assert rule(result(), INDUCTION[-1] - timedelta(days=1)) is None


# Seven equal days with ten of SD 1.4 next to them: the SD is sqrt(10 * 1.96 / 16).
SPREAD = (10 * 1.96 / 16) ** 0.5


def test_the_ewma_matches_a_computation_by_hand():
    fall = 3.0 / SPREAD
    level = EWMA_WEIGHT * fall * (1 + (1 - EWMA_WEIGHT))
    variance = EWMA_WEIGHT**2 * (1 + (1 - EWMA_WEIGHT) ** 2)
    statistic = level / variance**0.5
    assert height(ewma, result(*BEST, 4.0, 4.0), day(10)) == pytest.approx(statistic / (statistic + 2.7))


def test_the_cusum_matches_a_computation_by_hand():
    statistic = 2 * (3.0 / SPREAD - CUSUM_SLACK)
    assert height(cusum, result(*BEST, 4.0, 4.0), day(10)) == pytest.approx(statistic / (statistic + 5.0))


def test_the_cusum_is_never_below_zero():
    after_good_days = result(*BEST, *[9.0] * 5, 4.0)
    assert height(cusum, after_good_days, day(14)) == pytest.approx(height(cusum, result(*BEST, 4.0), day(9)))
