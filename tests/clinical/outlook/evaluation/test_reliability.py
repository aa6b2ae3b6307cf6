from __future__ import annotations

import pytest

from clinical.outlook.evaluation import CyclePredictions, Prediction, reliability


def cycle(half_gone: float | None, *forecasts: float | None) -> CyclePredictions:
    predictions = tuple(Prediction(day, p_half_lost=each) for day, each in enumerate(forecasts))
    return CyclePredictions(1, 28, half_gone, None, predictions)


def test_each_cycle_counts_once_in_a_tenth_by_its_first_day_there():
    found = reliability([cycle(2, 0.62, 0.65, 0.68), cycle(1, 0.1, 0.66), cycle(None, 0.64, None)])
    assert [(each.low, each.high, each.cycles) for each in found] == [(0.1, 0.2, 1), (0.6, 0.7, 3)]
    last = found[-1]
    assert last.forecast == pytest.approx((0.62 + 0.66 + 0.64) / 3)
    # Half was lost by that day in the second cycle alone.
    assert last.observed == pytest.approx(1 / 3)
    assert last.lo95 < last.observed < last.hi95


def test_certainty_belongs_to_the_last_tenth_and_no_forecast_to_none():
    (found,) = reliability([cycle(0, 1.0)])
    assert (found.low, found.observed, found.hi95) == (0.9, 1.0, 1.0)
    assert reliability([cycle(3, None)]) == ()
