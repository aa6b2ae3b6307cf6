"""Sentences of the reasons: what each states, and that no number is stated twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from clinical.check_in import Reading
from clinical.outlook import Outlook, Status, outlook
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.protocol import Protocol
from tests.clinical.courses import course, running_day, without

HISTORY = course(intervals=(24, 25, 23), until=18, half=20.0, seed=2)
TODAY = running_day(HISTORY)


def sentences(found: Outlook) -> dict[str, str]:
    return {str(reason.code): reason.text for reason in found.reasons}


def low_on(history, *ago):
    """The history with a mood of 1 on the days so long before its last one."""
    days = {running_day(history) - timedelta(days=number) for number in ago}
    return replace(
        history,
        readings=tuple(Reading(r.day, 0.0, 10.0) if r.day in days else r for r in history.readings),
    )


def test_the_first_reason_states_the_status_the_day_and_the_rule():
    found = outlook(HISTORY, TODAY)
    assert found.reasons[0].text == (
        "Due soon: the recommended day is 18 June, in 1 day. It is the day by which half of the benefit is "
        "lost with a chance of one in four."
    )
    assert dict(found.reasons[0].numbers)["recommended_on"] == str(found.recommended_on)


def test_a_day_that_is_over_is_stated_as_past():
    overdue = outlook(HISTORY, TODAY + timedelta(days=8))
    assert overdue.status is Status.OVERDUE
    assert sentences(overdue)["status"].startswith("Overdue: the recommended day was 18 June, 7 days ago. ")


def test_the_rule_says_where_the_plans_window_moved_the_day():
    found = outlook(replace(HISTORY, protocol=Protocol(max_interval_days=14)), TODAY)
    assert sentences(found)["status"].endswith("with a chance of one in four, moved into the plan's window.")


@pytest.mark.parametrize("mode", [Mode.SILENT, Mode.OFF])
def test_where_no_forecast_is_shown_the_status_rests_on_the_plan(mode):
    found = shown(HISTORY, TODAY, mode)
    assert found.reasons[1].text == "Not due, by the plan's dates alone."


def test_no_probability_is_called_1_in_100_where_it_is_0():
    text = sentences(outlook(HISTORY, TODAY - timedelta(days=16)))["probability_half_lost"]
    assert text.startswith("The chance that half of the benefit is gone is less than 1 in 100 today, ")


def test_days_of_another_year_have_their_year():
    later = {r.day: r.day + timedelta(days=190) for r in HISTORY.readings}
    moved = replace(
        HISTORY,
        readings=tuple(replace(r, day=later[r.day]) for r in HISTORY.readings),
        infusions=tuple(replace(i, day=i.day + timedelta(days=190)) for i in HISTORY.infusions),
    )
    january = later[TODAY] + timedelta(days=13)
    silent = outlook(moved, january)
    assert january.year == later[TODAY].year + 1
    assert f"since {later[TODAY].day} " in sentences(silent)["stale"]
    assert f"{later[TODAY].year};" in sentences(silent)["stale"]


def test_the_usual_interval_is_stated_once():
    usual = course(intervals=(40, 40, 40), until=22, half=32.0)
    start = outlook(usual, running_day(usual)).last_infusion_on
    sooner = tuple(
        Reading(r.day, 3.0, 6.0) if start is not None and r.day > start + timedelta(days=9) else r
        for r in usual.readings
    )
    found = sentences(outlook(replace(usual, readings=sooner), running_day(usual)))
    assert "days after an infusion" in found["personal_interval"]
    assert found["sooner_than_usual"].count("day") == 1


def test_silence_is_stated_once():
    silent = outlook(HISTORY, TODAY + timedelta(days=20))
    codes = [str(reason.code) for reason in silent.reasons]
    assert "gone_silent" in codes
    assert "stale" not in codes


def test_two_low_days_are_a_short_dip():
    found = sentences(outlook(low_on(HISTORY, 7, 8), TODAY))
    assert "2 days far below the curve" in found["short_dips"]
    assert "lasting_low" not in found


def test_five_low_days_are_no_short_dip_any_more():
    found = sentences(outlook(low_on(HISTORY, 0, 1, 2, 3, 4), TODAY))
    assert "17 June" not in found.get("short_dips", "")
    assert found["lasting_low"].startswith("5 answered days far below the curve (")


def test_low_days_with_a_good_day_in_between_are_two_dips():
    found = sentences(outlook(low_on(HISTORY, 4, 5, 7, 8, 9), TODAY))
    assert "5 days far below the curve" in found["short_dips"]


def test_days_without_an_answer_do_not_end_a_dip():
    missing = TODAY - timedelta(days=3)
    found = sentences(outlook(without(low_on(HISTORY, 1, 2, 4, 5), missing), TODAY))
    assert found["lasting_low"].startswith("4 answered days far below the curve (")


def test_a_collapse_after_a_lift_is_no_lack_of_one():
    history = course(intervals=(24, 25, 23), until=11, half=20.0, seed=2)
    lifted = low_on(history, *range(6))
    assert "little_lift" not in sentences(outlook(lifted, running_day(lifted)))


def test_a_window_that_moves_the_day_by_less_than_one_is_not_remarked_on():
    for high in range(14, 40):
        found = sentences(outlook(replace(HISTORY, protocol=Protocol(max_interval_days=high)), TODAY))
        if "window_decides" in found:
            days = re.findall(r"day (\d+)", found["window_decides"])
            assert days[0] != days[1]


def test_one_answer_is_no_change_of_anxiety():
    worried = replace(
        HISTORY,
        readings=tuple(
            replace(each, anxiety=9.0 if (TODAY - each.day).days < 7 else 2.0) for each in HISTORY.readings
        ),
    )
    assert "anxiety_moved" in sentences(outlook(worried, TODAY))
    once = [each for each in worried.readings if not 0 < (TODAY - each.day).days < 7]
    assert "anxiety_moved" not in sentences(outlook(replace(worried, readings=tuple(once)), TODAY))


def test_a_probability_that_stays_is_stated_once():
    certain = low_on(course(intervals=(24, 25, 23), until=34, half=20.0, seed=2), *range(14))
    text = sentences(outlook(certain, running_day(certain)))["probability_half_lost"]
    assert text == (
        "The chance that half of the benefit is gone is more than 99 in 100 today, and stays so over the "
        "next two weeks."
    )
