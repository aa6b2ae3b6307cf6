from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinical.infusion_session import monitoring_minutes
from clinical.vitals import (
    ExceededLimit,
    LimitName,
    VitalLimits,
    VitalReading,
    exceeded_hold_limits,
    exceeded_limits,
)

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
LIMITS = VitalLimits(50, 130, 180, 110, 92)


def test_a_value_beyond_a_limit_exceeds_it_and_one_equal_to_it_does_not():
    assert exceeded_limits(VitalReading(NOON, 50, 180, 110, 92), LIMITS) == ()
    assert exceeded_limits(VitalReading(NOON, 130), LIMITS) == ()
    assert exceeded_limits(VitalReading(NOON, 131, 181, 111, 91), LIMITS) == (
        ExceededLimit(LimitName.HEART_RATE_HIGH, 131, 130),
        ExceededLimit(LimitName.SYSTOLIC_HIGH, 181, 180),
        ExceededLimit(LimitName.DIASTOLIC_HIGH, 111, 110),
        ExceededLimit(LimitName.SPO2_LOW, 91, 92),
    )
    assert exceeded_limits(VitalReading(NOON, 49), LIMITS) == (
        ExceededLimit(LimitName.HEART_RATE_LOW, 49, 50),
    )


def test_lower_limits_of_pressure_breathing_and_sedation_are_exceeded_from_below():
    limits = VitalLimits(
        systolic_low=90,
        diastolic_low=50,
        respiratory_rate_low=10,
        respiratory_rate_high=30,
        sedation_score_low=3,
    )
    at_the_limit = VitalReading(NOON, None, 90, 50, None, 10, 3)
    assert exceeded_limits(at_the_limit, limits) == ()
    found = exceeded_limits(VitalReading(NOON, None, 89, 49, None, 9, 2), limits)
    assert [each.limit for each in found] == [
        LimitName.SYSTOLIC_LOW,
        LimitName.DIASTOLIC_LOW,
        LimitName.RESPIRATORY_RATE_LOW,
        LimitName.SEDATION_LOW,
    ]
    assert exceeded_limits(VitalReading(NOON, respiratory_rate=31), limits) == (
        ExceededLimit(LimitName.RESPIRATORY_RATE_HIGH, 31, 30),
    )


def test_no_limit_is_assumed():
    assert exceeded_limits(VitalReading(NOON, 300, 300, 200, 30), VitalLimits()) == ()
    assert exceeded_hold_limits(300, 200, (None, None)) == ()


@pytest.mark.parametrize(
    ("pressure", "named"),
    [
        ((140, 90), []),
        ((141, 90), ["systolic_hold"]),
        ((140, 91), ["diastolic_hold"]),
        ((None, None), []),
    ],
)
def test_before_an_infusion_each_pressure_is_compared_with_its_hold_limit(pressure, named):
    assert [each.limit for each in exceeded_hold_limits(pressure[0], pressure[1], (140, 90))] == named


def test_monitoring_counts_from_the_end_and_is_unknown_without_one():
    left = NOON + timedelta(minutes=161, seconds=59)
    assert monitoring_minutes(NOON + timedelta(minutes=41), left) == 120
    assert monitoring_minutes(None, left) is None
