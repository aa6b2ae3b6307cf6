"""What is shown where the forecast is not: the plan's facts, and nothing that rests on a forecast."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.outlook import NoForecastReason, Outlook, Status, outlook
from clinical.outlook.mode import Mode
from clinical.outlook.status import status_by_plan
from clinical.outlook.visibility import shown
from clinical.protocol import PhaseKind, Protocol
from tests.clinical.courses import course, histories, running_day

# What an outlook may say without any forecast; whatever is added to it later is a forecast until listed here.
FACTS = {
    "today", "phase", "target_measure", "status", "no_benefit_since_on", "no_forecast_reason", "missing",
    "last_infusion_on", "days_since_infusion",
    "protocol_earliest_on", "protocol_latest_on", "protocol_limit_reached", "finished_cycle_count",
    "cycle_reading_count",
    "baseline_reading_count", "data_quality", "reasons", "disclaimers", "engine_version", "prior_version",
}  # fmt: skip
HIDDEN = (Mode.SILENT, Mode.OFF)


def forecast_values(found: Outlook) -> dict[str, object]:
    """Return the fields of an outlook that depend on a forecast and are set."""
    values = {field.name: getattr(found, field.name) for field in fields(Outlook) if field.name not in FACTS}
    return {name: value for name, value in values.items() if value not in (None, False, ())}


@pytest.mark.parametrize("mode", HIDDEN)
def test_a_hidden_outlook_holds_no_forecast(mode):
    history = course(intervals=(24, 26), until=20)
    assert forecast_values(outlook(history, running_day(history)))
    found = shown(history, running_day(history), mode)
    assert forecast_values(found) == {}
    assert (found.wear_off_flag, found.inputs) == (None, None)
    assert found.protocol_latest_on is not None
    assert found.days_since_infusion == 20


@pytest.mark.parametrize(
    ("mode", "no_forecast_reason"),
    [(Mode.SILENT, NoForecastReason.NOT_SHOWN), (Mode.OFF, NoForecastReason.SWITCHED_OFF)],
)
def test_a_hidden_outlook_gives_the_reason(mode, no_forecast_reason):
    history = course(intervals=(24,), until=20)
    found = shown(history, running_day(history), mode)
    assert found.no_forecast_reason is no_forecast_reason
    assert len(found.missing) == 1
    assert found.missing == ("An admin shows forecasts in the clinic's settings.",)
    assert str(found.reasons[0].code) == str(no_forecast_reason)


@pytest.mark.parametrize("mode", HIDDEN)
def test_the_reasons_left_are_those_that_need_no_forecast(mode):
    history = course(intervals=(24, 26), until=30)
    codes = [reason.code for reason in shown(history, running_day(history), mode).reasons[1:]]
    assert codes == ["status", "recent_level", "past_intervals", "anxiety_moved", "protocol_limit"]


@given(history=histories(), mode=st.sampled_from(HIDDEN), data=st.data())
@settings(max_examples=60)
def test_no_history_discloses_a_forecast(history, mode, data):
    days = [reading.day for reading in history.readings] + [given.day for given in history.infusions]
    today = data.draw(st.sampled_from(days or [running_day(course())]))
    found = shown(history, today, mode)
    assert forecast_values(found) == {}
    if found.phase.kind is PhaseKind.MAINTENANCE:
        assert found.no_forecast_reason in {NoForecastReason.NOT_SHOWN, NoForecastReason.SWITCHED_OFF}
        by_plan = {Status.NOT_DUE, Status.APPROACHING, Status.DUE, Status.OVERDUE}
        assert found.status in by_plan | {Status.NO_BENEFIT, Status.WORSE}
    else:
        assert found == outlook(history, today)


def test_shown_it_is_the_outlook_itself():
    history = course(intervals=(24, 26), until=20)
    assert shown(history, running_day(history), Mode.SHOWN) == outlook(history, running_day(history))


@pytest.mark.parametrize("mode", HIDDEN)
def test_the_model_does_not_run_where_nothing_is_shown(mode):
    history = course(intervals=(24, 26), until=20)
    assert "state_after" in called_by(lambda: outlook(history, running_day(history)))
    assert "state_after" not in called_by(lambda: shown(history, running_day(history), mode))


def test_the_status_follows_the_plans_latest_day():
    words = {
        elapsed: status_by_plan(Protocol(max_interval_days=28), elapsed)
        for elapsed in (0, 20, 21, 27, 28, 33, 34, 400)
    }
    assert words == {
        0: Status.NOT_DUE,
        20: Status.NOT_DUE,
        21: Status.APPROACHING,
        27: Status.APPROACHING,
        28: Status.DUE,
        33: Status.DUE,
        34: Status.OVERDUE,
        400: Status.OVERDUE,
    }


def called_by(ask: Callable[[], Outlook]) -> set[str]:
    """The names of all functions that run while something is asked."""
    names = set()
    sys.setprofile(lambda frame, _event, _argument: names.add(frame.f_code.co_name))
    try:
        ask()
    finally:
        sys.setprofile(None)
    return names
