from __future__ import annotations

import pytest

from clinical.outlook.evaluation import Prediction, score_detection, score_lead_times
from clinical.outlook.evaluation.detection import onsets
from tests.clinical.outlook.evaluation.tables import cycle, result

YEAR = 365.25


def test_an_alarm_between_a_third_and_a_week_after_half_is_a_detection():
    for day in (15, 20, 27):
        assert score_detection([cycle(*result({day: 0.9}, 29))], 0.6).sensitivity == pytest.approx(1.0)
    for day in (14, 28):
        assert score_detection([cycle(*result({day: 0.9}, 29))], 0.6).sensitivity == pytest.approx(0.0)


def test_an_alarm_that_began_before_a_third_and_goes_on_is_a_detection_and_a_false_alarm():
    found = score_detection([cycle(*result({14: 0.9, 15: 0.9}, 29))], 0.6)
    assert (found.sensitivity, found.false_alarm_count, found.median_delay) == (1.0, 1, -5)


def test_only_cycles_followed_for_a_week_beyond_half_can_be_missed():
    assert score_detection([cycle(*result({}, 26), length=27)], 0.6).followed == 0
    assert score_detection([cycle(*result({}, 27), length=28)], 0.6).followed == 1
    assert score_detection([cycle(*result({}, 27), length=28)], 0.6).sensitivity == pytest.approx(0.0)


def test_the_delay_counts_late_alarms_too_but_they_are_no_detection():
    found = score_detection([cycle(*result({29: 0.9}, 29)), cycle(*result({17: 0.9}, 29))], 0.6)
    assert found.sensitivity == pytest.approx(0.5)
    assert found.median_delay == (9 - 3) / 2


def test_false_alarms_are_beginnings_before_a_third_was_gone():
    probabilities = dict.fromkeys((3, 4, 5, 9, 14, 16), 0.7)
    found = score_detection([cycle(*result(probabilities, 29))], 0.6)
    assert found.false_alarm_count == 3
    assert found.years == 14 / YEAR
    assert found.false_alarms_per_year == pytest.approx(3 * YEAR / 14)


def test_every_alarm_of_a_censored_cycle_is_false():
    probabilities = dict.fromkeys((3, 20), 0.7)
    found = score_detection([cycle(*result(probabilities, 24), half=None, third=None, length=25)], 0.6)
    assert (found.followed, found.sensitivity, found.median_delay) == (0, None, None)
    assert (found.false_alarm_count, found.years) == (2, 24 / YEAR)


def test_the_level_itself_is_an_alarm():
    assert score_detection([cycle(*result({18: 0.6}, 29))], 0.6).sensitivity == pytest.approx(1.0)
    assert score_detection([cycle(*result({18: 0.5999}, 29))], 0.6).sensitivity == pytest.approx(0.0)


def test_a_day_without_a_forecast_is_no_alarm_and_ends_one():
    predictions = (Prediction(1, p_half_lost=0.9), Prediction(2), Prediction(3, p_half_lost=0.9))
    assert onsets(cycle(*predictions), 0.6) == (1, 3)


def test_without_days_there_is_no_rate():
    assert score_detection([], 0.6).false_alarms_per_year is None


def near(*days: int, upto: int = 29) -> tuple[Prediction, ...]:
    return tuple(Prediction(day, median=day + (7 if day in days else 8)) for day in range(1, upto + 1))


def test_the_lead_runs_from_the_first_day_with_half_a_week_ahead():
    found = score_lead_times([cycle(*near(13, 18))])
    assert (found.cycles, found.median_lead, found.timely_share) == (1, 7, 1.0)


def test_notice_of_two_to_twelve_days_is_in_time():
    found = score_lead_times([cycle(*near(day)) for day in (7, 8, 18, 19)])
    assert found.timely_share == pytest.approx(0.5)
    assert found.median_lead == (12 + 2) / 2


def test_a_cycle_never_flagged_is_a_miss_once_the_loss_was_observed():
    assert score_lead_times([cycle(*near())]).median_lead == -9
    assert score_lead_times([cycle(*near(), half=29.5)]).cycles == 0


def test_short_and_censored_cycles_have_no_lead():
    assert score_lead_times([cycle(*near(3), half=9.9), cycle(*near(3), half=None)]).cycles == 0
    assert score_lead_times([]).median_lead is None
