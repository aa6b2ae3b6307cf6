from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.outlook.answer import Refusal, Status, WearOff
from clinical.outlook.forecast import Forecast, NoForecast, forecast
from clinical.outlook.status import planned_day, status, wear_off
from clinical.protocol import Phase, PhaseKind, Protocol
from tests.clinical.courses import course, running_day

MAINTENANCE = Phase(PhaseKind.MAINTENANCE)
HISTORY = course(intervals=(24,), until=20)
PLAN = Protocol()


def made(elapsed: int, plan_by: float, p_crossed: float) -> Forecast:
    found = forecast(HISTORY, running_day(HISTORY))
    assert isinstance(found, Forecast)
    material = replace(found.material, elapsed=elapsed)
    return replace(found, material=material, plan_by=plan_by, p_crossed=p_crossed)


@pytest.mark.parametrize(
    ("elapsed", "plan_by", "p_crossed", "expected"),
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
def test_the_rule_in_maintenance(elapsed, plan_by, p_crossed, expected):
    assert status(MAINTENANCE, made(elapsed, plan_by, p_crossed), PLAN) is expected


def test_without_a_forecast_there_is_too_little_to_say():
    refusal = NoForecast(Refusal.GONE_SILENT, None)
    assert status(MAINTENANCE, refusal, PLAN) is Status.INSUFFICIENT_DATA
    assert wear_off(refusal) is WearOff.NONE


@pytest.mark.parametrize("kind", [kind for kind in PhaseKind if kind is not PhaseKind.MAINTENANCE])
def test_outside_maintenance_the_phase_is_the_word(kind):
    assert status(Phase(kind), None, PLAN).value == kind.value


@pytest.mark.parametrize(("plan_by", "expected"), [(3.0, 14), (14.0, 14), (20.1, 21), (28.0, 28), (99.0, 28)])
def test_the_planned_day_stays_inside_the_window(plan_by, expected):
    assert planned_day(made(1, plan_by, 0.0), PLAN) == expected


@pytest.mark.parametrize(
    ("p_crossed", "expected"), [(0.34, WearOff.NONE), (0.35, WearOff.POSSIBLE), (0.60, WearOff.LIKELY)]
)
def test_the_flag_follows_the_chance_on_any_day(p_crossed, expected):
    assert wear_off(made(3, 21.0, p_crossed)) is expected
