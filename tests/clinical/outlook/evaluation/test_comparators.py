from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clinical.check_in import Reading
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.outlook.evaluation import Prediction, calendar, seven_day_mean
from clinical.protocol import Protocol
from tests.clinical.courses import FIRST_INFUSION, INDUCTION, day

BEFORE = [FIRST_INFUSION - timedelta(days=number) for number in range(1, 15)]


def result(*moods: float, baseline: float = 3.0) -> History:
    """A fortnight at `baseline`, then the moods of day 2 of the cycle and of each next."""
    readings = [Reading(on, baseline) for on in reversed(BEFORE)]
    readings += [Reading(day(number), mood) for number, mood in enumerate(moods, start=2)]
    return History(tuple(readings), tuple(map(GivenInfusion, INDUCTION)), Protocol())


def chance_at_day_15(history: History) -> float:
    found = seven_day_mean(history, day(15))
    assert found is not None
    assert found.p_half_lost is not None
    return found.p_half_lost


def test_the_calendar_names_its_day_whatever_the_answers():
    assert calendar(28)(result(), day(27)) == Prediction(27, median=28, p_half_lost=0.0)
    assert calendar(28)(result(), day(28)) == Prediction(28, median=28, p_half_lost=1.0)


def test_a_new_infusion_restarts_the_calendar():
    again = replace(result(), infusions=tuple(map(GivenInfusion, (*INDUCTION, day(25)))))
    assert calendar(21)(again, day(30)) == Prediction(5, median=21, p_half_lost=0.0)


@pytest.mark.parametrize("rule", [calendar(21), seven_day_mean])
def test_before_a_cycle_has_opened_no_rule_predicts(rule):
    assert rule(result(), INDUCTION[-1] - timedelta(days=1)) is None


def test_the_probability_is_one_half_at_the_line():
    # Best 7 on days 2 to 8, baseline 3, so the line is 5; days 9 to 15 are on it.
    assert chance_at_day_15(result(*[7.0] * 7, *[5.0] * 7)) == pytest.approx(0.5)


def test_the_day_is_the_mean_of_line_and_calendar_weighted_by_precision():
    # On the line at day 12. The mean is sure to 1.4 * sqrt(1.5 / 7) = 0.648 points, at 2 points in 23 days
    # 7.45 days; the calendar's 28 to 0.4 * 28 = 11.2 days.
    found = seven_day_mean(result(*[7.0] * 7, *[5.0] * 7), day(15))
    assert found is not None
    weights = 7.453**-2, 11.2**-2
    assert found.median == pytest.approx((12 * weights[0] + 28 * weights[1]) / sum(weights), abs=0.01)


def test_the_benefit_is_taken_to_go_on_falling_at_the_usual_pace():
    # A mean of 6 is half-way to the line, which the usual pace takes 23 days to reach: 11.5 more from day 12,
    # sure to 7.45 days as above and to 0.4 * 11.5 = 4.6 for the pace.
    found = seven_day_mean(result(*[7.0] * 7, *[6.0] * 7), day(15))
    assert found is not None
    low, median, high = found.lo80, found.median, found.hi80
    assert low is not None
    assert median is not None
    assert high is not None
    weights = 1 / (7.453**2 + 4.6**2), 11.2**-2
    assert median == pytest.approx((23.5 * weights[0] + 28 * weights[1]) / sum(weights), abs=0.01)
    assert low < median < high
    assert median - low == pytest.approx(high - median)


def test_a_patient_on_the_plateau_is_due_on_the_usual_day():
    found = seven_day_mean(result(*[7.0] * 7), day(8))
    assert found is not None
    assert found.median == 28


def test_the_probability_is_near_1_far_below_the_line_and_near_0_far_above():
    assert chance_at_day_15(result(*[7.0] * 7, *[3.0] * 7)) > 0.99
    assert chance_at_day_15(result(*[7.0] * 14)) < 0.01


def test_without_a_benefit_to_lose_there_is_no_prediction():
    assert seven_day_mean(result(*[3.4] * 10), day(11)) == Prediction(11)


def test_too_few_answers_give_no_prediction():
    assert seven_day_mean(result(7.0, 7.0), day(3)) == Prediction(3)
    assert seven_day_mean(result(*[7.0] * 7), day(20)) == Prediction(20)
    few = result(*[7.0] * 10)
    assert seven_day_mean(replace(few, readings=few.readings[12:]), day(11)) == Prediction(11)


def test_days_after_today_are_not_looked_at():
    whole = result(*[7.0] * 7, *[2.0] * 14)
    known = replace(whole, readings=tuple(r for r in whole.readings if r.day <= day(8)))
    assert seven_day_mean(whole, day(8)) == seven_day_mean(known, day(8))
