from __future__ import annotations

import pytest

from clinical.outlook.learning.cross_validation import Verdict
from clinical.outlook.learning.recalibration_validation import cross_validate
from tests.clinical.backtested_cycles import patients


def validated(**given):
    found = cross_validate(patients(**given))
    assert found is not None
    return found


def test_where_forecasts_are_late_by_much_held_out_patients_are_forecast_better():
    found = validated(location=-0.8)
    assert found.verdict is Verdict.HELPED
    assert found.miss_before is not None
    assert found.miss_after is not None
    assert found.miss_after < found.miss_before - 0.05


def test_where_intervals_are_too_wide_their_coverage_falls_towards_80_percent():
    found = validated(scale=0.5, lengths=(50, 60))
    before, after = found.before[0].coverage, found.after[0].coverage
    assert before is not None
    assert after is not None
    assert before > 0.95
    assert after == pytest.approx(0.8, abs=0.08)


def test_calibrated_forecasts_are_not_helped_and_change_little():
    found = validated(how_many=60)
    assert found.verdict is not Verdict.HELPED
    assert abs(found.log_score_gain) < 0.1
    assert found.patients == 60


def test_the_order_of_patients_changes_nothing():
    cycles = patients(location=0.4)
    assert cross_validate([*cycles[7:], *reversed(cycles[:7])]) == cross_validate(cycles)


def test_from_few_patients_there_is_none():
    assert cross_validate(patients(5)) is None
