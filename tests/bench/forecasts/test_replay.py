from __future__ import annotations

from dataclasses import replace

import pytest

from bench.forecasts.replay import ReplayedCycle, dips_alarming, ours, replay
from bench.simulation.cohort import history, patients
from bench.simulation.treatment_course import TrueCycle
from clinical.outlook.evaluation import CyclePredictions, Prediction, calendar
from clinical.outlook.forecast import Forecast, forecast

SOMEONE = next(one for one in patients(30, seed=3, missing=0.3) if one.person.gains[0] > 4)


def ringing(*days: int, third: float = 20.0, dips: tuple[tuple[int, int], ...] = ()) -> ReplayedCycle:
    """A cycle of 40 days with an alarm on some of them."""
    predictions = tuple(Prediction(day, p_half_lost=float(day in days)) for day in range(1, 40))
    return ReplayedCycle(
        0, responds=True, record=CyclePredictions(1, 40, 30.0, third, predictions), dips=dips
    )


def test_every_day_between_two_infusions_is_forecast_once():
    found = replay(SOMEONE, {"calendar": calendar(28)})["calendar"]
    assert [one.record.number for one in found] == [cycle.number for cycle in SOMEONE.cycles]
    for one, cycle in zip(found, SOMEONE.cycles, strict=True):
        assert [prediction.day for prediction in one.record.predictions] == list(
            range(1, cycle.end - cycle.start)
        )
        assert (one.record.half_gone, one.record.third_gone) == (cycle.half_gone, cycle.third_gone)


def test_a_prediction_uses_what_was_known_on_its_day():
    shown = replace(SOMEONE, cycles=SOMEONE.cycles[1:2])
    (found,) = replay(shown, {"ours": ours})["ours"]
    start = SOMEONE.cycles[1].start
    prediction = found.record.on(9)
    made = forecast(history(SOMEONE, start + 9), SOMEONE.day(start + 9))
    assert isinstance(made, Forecast)
    half = made.half_benefit_day
    assert prediction == Prediction(9, half.median, half.lo80, half.hi80, made.p_half_lost)


def test_no_forecast_is_a_prediction_without_a_date():
    silent = replace(SOMEONE, answers=(), scores=(), cycles=SOMEONE.cycles[:1])
    (found,) = replay(silent, {"ours": ours})["ours"]
    assert {prediction.median for prediction in found.record.predictions} == {None}


def test_before_any_cycle_there_is_no_prediction():
    assert ours(history(SOMEONE, 3), SOMEONE.day(3)) is None


def test_dips_are_counted_from_the_infusion():
    cycle = TrueCycle(1, start=30, end=60, half_gone=25.0, third_gone=20.0, gain=1.0)
    dipping = replace(SOMEONE, cycles=(cycle,), dips=((20, 3), (35, 4), (58, 3)))
    (found,) = replay(dipping, {"calendar": calendar(28)})["calendar"]
    assert found.dips == ((5, 8), (28, 30))


@pytest.mark.parametrize(("day", "alarming"), [(4, 0), (5, 1), (8, 1), (10, 1), (11, 0)])
def test_an_alarm_up_to_two_days_after_a_dip_is_attributed_to_it(day, alarming):
    assert dips_alarming([ringing(day, dips=((5, 8),))], 0.5) == alarming


def test_only_dips_over_before_a_third_was_gone_are_counted():
    assert dips_alarming([ringing(12, third=12.5, dips=((8, 12),))], 0.5) is None
    assert dips_alarming([ringing(6, dips=((5, 8), (14, 15)))], 0.5) == pytest.approx(0.5)
