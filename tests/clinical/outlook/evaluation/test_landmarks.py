from __future__ import annotations

import pytest

from clinical.outlook.evaluation import Prediction, score_landmark
from tests.clinical.outlook.evaluation.tables import cycle


def forecast(median: float, low: float, high: float, day: int = 14) -> Prediction:
    return Prediction(day, median, low, high, 0.1)


def test_errors_are_days_between_forecast_and_truth():
    found = score_landmark([cycle(forecast(23, 18, 30), half=20), cycle(forecast(25, 18, 40), half=32)], 14)
    assert found.cycles == 2
    assert found.mean_error == (3 + 7) / 2
    assert found.bias == (3 - 7) / 2


def test_beyond_eight_weeks_all_days_are_one():
    assert score_landmark([cycle(forecast(90, 60, 140), half=75, length=40)], 14).mean_error == 0
    assert score_landmark([cycle(forecast(90, 60, 140), half=50, length=40)], 14).mean_error == 6


def test_no_forecast_is_charged_as_day_28_and_its_share_is_reported():
    found = score_landmark([cycle(Prediction(14), half=20), cycle(forecast(20, 15, 30), half=20)], 14)
    assert found.no_forecast_share == pytest.approx(0.5)
    assert found.mean_error == (8 + 0) / 2
    assert found.coverage == pytest.approx(1.0)


def test_an_interval_is_scored_by_its_width_and_ten_times_the_miss():
    table = [
        cycle(forecast(20, 16, 30), half=20),
        cycle(forecast(20, 16, 30), half=33, length=40),
        cycle(forecast(20, 18, 26), half=15),
    ]
    found = score_landmark(table, 14)
    assert found.coverage == pytest.approx(1 / 3)
    assert found.mean_width == (14 + 14 + 8) / 3
    assert found.interval_score == (14 + (14 + 30) + (8 + 30)) / 3


def test_the_ends_of_an_interval_belong_to_it():
    assert score_landmark([cycle(forecast(20, 20, 30), half=20)], 14).coverage == pytest.approx(1.0)
    assert score_landmark([cycle(forecast(20, 15, 20), half=20)], 14).coverage == pytest.approx(1.0)


def test_a_cycle_that_was_over_already_is_not_forecast():
    assert score_landmark([cycle(forecast(20, 15, 30), half=13.5)], 14).cycles == 0


def test_a_cycle_ended_before_half_was_gone_has_no_error_but_may_contradict():
    table = [
        cycle(forecast(20, 15, 35), half=None, length=30),
        cycle(forecast(20, 15, 24), half=None, length=30),
        cycle(Prediction(14), half=None, length=30),
        cycle(forecast(22, 15, 30), half=20),
    ]
    found = score_landmark(table, 14)
    assert (found.cycles, found.mean_error, found.coverage) == (1, 2, 1.0)
    assert (found.censored, found.interval_reaches_end) == (3, 0.5)


def test_a_rule_that_only_names_a_day_has_no_interval():
    found = score_landmark([cycle(Prediction(14, median=28, p_half_lost=0.0), half=20)], 14)
    assert (found.mean_error, found.coverage, found.interval_score) == (8, None, None)


def test_without_predictions_every_average_is_none():
    found = score_landmark([cycle(forecast(20, 15, 30, day=7), half=20)], 14)
    assert found.cycles == 0
    assert (found.mean_error, found.no_forecast_share, found.interval_reaches_end) == (None, None, None)
