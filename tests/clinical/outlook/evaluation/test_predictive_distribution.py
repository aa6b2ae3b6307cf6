from __future__ import annotations

from math import exp, log

import pytest

from clinical.outlook.evaluation import Prediction
from clinical.outlook.evaluation.predictive_distribution import (
    predictive_distribution,
    recalibrated_prediction,
)
from clinical.outlook.recalibration import normal_cumulative
from clinical.statistics import Z80
from tests.clinical.outlook.test_recalibration import recalibration

LOG_NORMAL = Prediction(
    7, 24.0, 24 * exp(-0.4 * Z80), 24 * exp(0.4 * Z80), normal_cumulative(log(7 / 24) / 0.4)
)


def test_a_log_normal_prediction_is_recovered_on_every_day():
    found = predictive_distribution(LOG_NORMAL)
    assert found is not None
    for day in (3, 7, 15, 24, 40, 80):
        assert found.deviate(day) == pytest.approx(log(day / 24) / 0.4)
        assert found.day(found.deviate(day)) == pytest.approx(day)


def test_without_an_interval_there_is_no_distribution():
    assert predictive_distribution(Prediction(7)) is None
    assert predictive_distribution(Prediction(7, 21.0, None, None, 0.0)) is None


def test_a_recalibrated_prediction_has_a_shifted_window_and_the_probability_that_agrees_with_it():
    made = recalibrated_prediction(LOG_NORMAL, recalibration(location=0.5, scale=0.5))
    assert made.median == pytest.approx(24 * exp(0.4 * 0.5))
    assert made.hi80 == pytest.approx(24 * exp(0.4 * (0.5 + 0.5 * Z80)))
    found = predictive_distribution(made)
    assert found is not None
    assert normal_cumulative(found.deviate(7)) == pytest.approx(made.p_half_lost, abs=1e-6)


def test_the_identity_and_a_day_without_a_forecast_change_nothing():
    made = recalibrated_prediction(LOG_NORMAL, recalibration())
    assert (made.median, made.lo80, made.hi80, made.p_half_lost) == pytest.approx(
        (LOG_NORMAL.median, LOG_NORMAL.lo80, LOG_NORMAL.hi80, LOG_NORMAL.p_half_lost)
    )
    assert recalibrated_prediction(Prediction(9), recalibration(location=1.0)) == Prediction(9)
