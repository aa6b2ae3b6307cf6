from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.outlook.forecast import Forecast, NoForecast, forecast
from clinical.outlook.result import NoForecastReason, Pace, Status, WearOff
from clinical.outlook.status import pace, planned_day, status, wear_off
from clinical.protocol import Phase, PhaseKind, Protocol
from tests.clinical.courses import course, running_day

MAINTENANCE = Phase(PhaseKind.MAINTENANCE)
HISTORY = course(intervals=(24,), until=20)
PLAN = Protocol()


def forecast_of(
    elapsed: int, plan_by: float, p_half_lost: float, plan_by_with_hysteresis: float | None = None
) -> Forecast:
    found = forecast(HISTORY, running_day(HISTORY))
    assert isinstance(found, Forecast)
    return replace(
        found,
        model_input=replace(found.model_input, elapsed=elapsed),
        plan_by=plan_by,
        plan_by_with_hysteresis=plan_by_with_hysteresis or plan_by,
        p_half_lost=p_half_lost,
    )


@pytest.mark.parametrize(
    ("elapsed", "plan_by", "p_half_lost", "expected"),
    [
        (13, 21.0, 0.34, Status.NOT_DUE),
        (13, 21.0, 0.35, Status.APPROACHING),
        (14, 21.0, 0.10, Status.APPROACHING),
        (20, 20.5, 0.20, Status.APPROACHING),
        (21, 20.5, 0.20, Status.DUE),
        (14, 9.0, 0.40, Status.DUE),
        (28, 60.0, 0.05, Status.DUE),
        (33, 60.0, 0.05, Status.DUE),
        (34, 60.0, 0.05, Status.OVERDUE),
        (14, 12.0, 0.60, Status.OVERDUE),
        (13, 9.0, 0.90, Status.APPROACHING),
    ],
)
def test_the_rule_in_maintenance(elapsed, plan_by, p_half_lost, expected):
    assert status(MAINTENANCE, forecast_of(elapsed, plan_by, p_half_lost), PLAN) is expected


@pytest.mark.parametrize(
    ("today", "yesterday", "expected"),
    [
        (forecast_of(20, 18.0, 0.52), Status.OVERDUE, Status.OVERDUE),
        (forecast_of(20, 18.0, 0.51), Status.OVERDUE, Status.DUE),
        (forecast_of(20, 18.0, 0.55), Status.DUE, Status.DUE),
        (forecast_of(20, 22.0, 0.20, 19.5), Status.DUE, Status.DUE),
        (forecast_of(20, 22.0, 0.20, 19.5), Status.OVERDUE, Status.DUE),
        (forecast_of(20, 22.0, 0.20, 19.5), Status.APPROACHING, Status.APPROACHING),
        (forecast_of(20, 22.0, 0.20, 21.5), Status.DUE, Status.APPROACHING),
        (forecast_of(13, 22.0, 0.20), Status.APPROACHING, Status.APPROACHING),
        (forecast_of(13, 22.0, 0.20), Status.NOT_DUE, Status.NOT_DUE),
        (forecast_of(13, 22.0, 0.20), None, Status.NOT_DUE),
        (forecast_of(12, 22.0, 0.20), Status.APPROACHING, Status.NOT_DUE),
    ],
)
def test_a_status_is_left_at_a_lower_threshold_than_it_is_entered_at(today, yesterday, expected):
    assert status(MAINTENANCE, today, PLAN, lambda: yesterday) is expected


def test_yesterdays_status_is_not_computed_where_it_decides_nothing():
    def asked() -> Status:
        raise AssertionError

    assert status(MAINTENANCE, forecast_of(3, 22.0, 0.02, 19.0), PLAN, asked) is Status.NOT_DUE
    assert status(MAINTENANCE, forecast_of(22, 20.0, 0.70, 18.0), PLAN, asked) is Status.OVERDUE


@pytest.mark.parametrize(
    ("p_sooner", "expected"), [(0.80, Pace.SOONER), (0.79, Pace.AS_USUAL), (0.19, Pace.LATER)]
)
def test_the_pace_is_named_when_it_is_clear(p_sooner, expected):
    assert pace(replace(forecast_of(10, 20.0, 0.1), p_sooner=p_sooner)) is expected


@pytest.mark.parametrize(
    ("elapsed", "expected"),
    [
        (None, Status.INSUFFICIENT_DATA),
        (10, Status.INSUFFICIENT_DATA),
        (27, Status.INSUFFICIENT_DATA),
        (28, Status.DUE),
        (33, Status.DUE),
        (34, Status.OVERDUE),
    ],
)
def test_without_a_forecast_the_plan_decides_from_its_latest_day_on(elapsed, expected):
    known = None if elapsed is None else forecast_of(elapsed, 20.0, 0.1).model_input
    no_forecast = NoForecast(NoForecastReason.NO_MEASURABLE_BENEFIT, known)
    assert status(MAINTENANCE, no_forecast, PLAN) is expected


@pytest.mark.parametrize("kind", [kind for kind in PhaseKind if kind is not PhaseKind.MAINTENANCE])
def test_outside_maintenance_the_phase_is_the_status(kind):
    assert status(Phase(kind), None, PLAN).value == kind.value


@pytest.mark.parametrize(("plan_by", "expected"), [(3.0, 14), (14.0, 14), (20.1, 21), (28.0, 28), (99.0, 28)])
def test_the_planned_day_stays_inside_the_window(plan_by, expected):
    assert planned_day(forecast_of(1, plan_by, 0.0), PLAN) == expected


@pytest.mark.parametrize(
    ("p_half_lost", "expected"), [(0.34, WearOff.NONE), (0.35, WearOff.POSSIBLE), (0.60, WearOff.LIKELY)]
)
def test_the_flag_follows_the_chance_on_any_day(p_half_lost, expected):
    assert wear_off(forecast_of(3, 21.0, p_half_lost)) is expected
