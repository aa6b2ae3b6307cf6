from __future__ import annotations

import pytest

from clinical.outlook.evaluation import Prediction, score_calibration
from tests.clinical.outlook.evaluation.tables import cycle


def predicted(*pairs: tuple[int, float]) -> tuple[Prediction, ...]:
    return tuple(Prediction(day, p_half_lost=p) for day, p in pairs)


def test_certain_and_correct_forecasts_have_perfect_scores():
    found = score_calibration([cycle(*predicted((18, 0.0), (19, 0.0), (20, 1.0), (21, 1.0)))])
    assert (found.days, found.brier_skill, found.calibration_error) == (4, 1.0, 0.0)


def test_always_forecasting_the_overall_share_has_no_skill():
    found = score_calibration([cycle(*predicted((18, 0.5), (19, 0.5), (20, 0.5), (21, 0.5)))])
    assert (found.brier_skill, found.calibration_error) == (0.0, 0.0)


def test_calibration_matches_a_table_computed_by_hand():
    # Half is gone on day 20: truth 0, 0, 1, 1. Squares .04, .16, .36, .01 against .25.
    found = score_calibration([cycle(*predicted((18, 0.2), (19, 0.4), (20, 0.4), (21, 0.9)))])
    assert found.brier_skill == pytest.approx(1 - (0.57 / 4) / 0.25)
    # Tenths: .2 -> 0; .4, .4 -> 0 and 1; .9 -> 1.
    assert found.calibration_error == pytest.approx((0.2 + 0.1 + 0.1) / 3)


def test_half_was_lost_on_no_day_of_a_censored_cycle():
    found = score_calibration(
        [cycle(*predicted((18, 0.0), (25, 0.3)), half=None), cycle(*predicted((21, 1.0)))]
    )
    assert found.brier_skill == pytest.approx(1 - (0.09 / 3) / (2 / 9))


def test_days_without_a_forecast_are_not_scored():
    assert score_calibration([cycle(Prediction(18), Prediction(21))]).days == 0
    assert score_calibration([]).brier_skill is None
    assert score_calibration([]).calibration_error is None


def test_without_a_loss_the_skill_is_undefined():
    assert score_calibration([cycle(*predicted((18, 0.2)))]).brier_skill is None
