from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinical.answering_habit import Silence
from clinical.attention import (
    AttentionCode,
    AttentionFacts,
    AttentionLevel,
    attention,
)
from clinical.booking import BookingCode, BookingFinding
from clinical.holds import HoldCode, HoldReason
from clinical.induction_pace import induction_progress
from clinical.mood_drop import MoodDrop
from clinical.outlook.result import Status
from clinical.reliable_worsening import Worsening
from clinical.sentences import Sentence

TODAY = date(2026, 11, 27)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


IN_WINDOW = AttentionFacts(
    TODAY, Status.NOT_DUE, plan_earliest_on=days(-6), plan_latest_on=days(8), booked_on=days(6)
)
PAST_PLAN = replace(IN_WINDOW, plan_latest_on=days(-30))
SILENT = Silence(days=41, since=days(-41), answered_before=True, usual_gap_days=1, unusual=True)
TOO_EARLY = BookingFinding(BookingCode.BEFORE_WINDOW, days(-1), Sentence("Booked too early."))
DROP = MoodDrop(days(-4), 2.0, 7.0, 5)
HOLD = HoldReason(
    HoldCode.SHORT_INTERVAL, Sentence("The last interval was 6 days; the clinic's shortest is 10."), {}
)


def codes(facts: AttentionFacts) -> list[str]:
    return [str(finding.code) for finding in attention(facts).findings]


def test_a_patient_with_nothing_to_do_has_no_finding():
    found = attention(IN_WINDOW)
    assert (found.level, found.since, found.findings) == (AttentionLevel.NONE, date.max, ())


@pytest.mark.parametrize(
    ("facts", "code", "level"),
    [
        (replace(IN_WINDOW, alert_count=1, alert_since=days(-1)), "open_alert", AttentionLevel.IMMEDIATE),
        (replace(IN_WINDOW, mood_drop=DROP), "mood_drop", AttentionLevel.WORSENING),
        (
            replace(IN_WINDOW, worsenings=(Worsening("phq-9", 10, 17, days(-2), "PHQ-9"),)),
            "reliable_worsening",
            AttentionLevel.WORSENING,
        ),
        (replace(IN_WINDOW, plan_latest_on=days(-1)), "past_plan", AttentionLevel.OVERDUE),
        (
            replace(IN_WINDOW, status=Status.OVERDUE, p_half_lost=0.93, planned_on=days(-3)),
            "wear_off_probable",
            AttentionLevel.OVERDUE,
        ),
        (replace(IN_WINDOW, status=Status.DUE, planned_on=days(-1)), "due", AttentionLevel.DUE),
        (replace(IN_WINDOW, silence=SILENT), "silent", AttentionLevel.DUE),
        (
            replace(IN_WINDOW, no_benefit=(days(-9), Sentence("No benefit."))),
            "no_benefit",
            AttentionLevel.DUE,
        ),
        (
            replace(IN_WINDOW, review_due=(days(-2), Sentence("Review due."))),
            "review_due",
            AttentionLevel.DUE,
        ),
        (
            replace(IN_WINDOW, booking_conflict=TOO_EARLY),
            "booking_conflict",
            AttentionLevel.ORGANISE,
        ),
        (replace(IN_WINDOW, holds=(HOLD,)), "hold", AttentionLevel.ORGANISE),
        (replace(IN_WINDOW, planned_on=days(3), booked_on=None), "not_booked", AttentionLevel.ORGANISE),
        (
            replace(IN_WINDOW, status=Status.APPROACHING, planned_on=days(4)),
            "approaching",
            AttentionLevel.SOON,
        ),
    ],
)
def test_each_finding_has_its_level(facts, code, level):
    found = attention(facts)
    assert (str(found.findings[0].code), found.level) == (code, level)


def test_a_silent_patient_past_the_plan_comes_before_one_who_is_approaching():
    silent = attention(
        AttentionFacts(
            TODAY, Status.OVERDUE, plan_earliest_on=days(-48), plan_latest_on=days(-34), silence=SILENT
        )
    )
    approaching = attention(AttentionFacts(TODAY, Status.APPROACHING, planned_on=days(2), p_half_lost=0.4))
    assert silent.level < approaching.level


def test_a_drop_of_mood_comes_before_due_without_any_forecast():
    assert (
        attention(replace(IN_WINDOW, mood_drop=DROP)).level
        < attention(
            AttentionFacts(TODAY, Status.DUE, planned_on=days(-20), plan_latest_on=days(2), p_half_lost=0.1)
        ).level
    )


def test_within_a_level_what_has_lasted_longest_leads():
    facts = replace(IN_WINDOW, silence=SILENT, review_due=(days(-2), Sentence("Review due.")))
    assert codes(facts) == ["silent", "review_due"]


@pytest.mark.parametrize(
    ("given", "today", "code"), [([0, 4, 8], 15, "induction_behind"), ([0, 4, 8], 40, "induction_lapsed")]
)
def test_an_induction_off_its_plan_is_found(given, today, code):
    first = days(-today)
    progress = induction_progress([first + timedelta(days=each) for each in given], 6, 21, TODAY)
    assert codes(AttentionFacts(TODAY, Status.INDUCTION, induction=progress)) == [code]


def test_during_a_pause_only_alerts_and_worsening_count():
    paused = replace(
        IN_WINDOW,
        status=Status.PAUSED,
        plan_latest_on=days(-30),
        silence=SILENT,
        mood_drop=DROP,
        alert_count=1,
    )
    assert codes(paused) == ["open_alert", "mood_drop"]


def test_after_the_course_only_alerts_count():
    completed = replace(
        IN_WINDOW,
        status=Status.COMPLETED,
        plan_latest_on=days(-30),
        silence=SILENT,
        mood_drop=DROP,
        alert_count=2,
    )
    (only,) = attention(completed).findings
    assert (only.code, only.text) == (AttentionCode.OPEN_ALERT, "2 safety alerts open.")


def test_half_lost_before_the_plans_earliest_day_is_due_and_not_overdue():
    early = replace(IN_WINDOW, plan_earliest_on=days(3), p_half_lost=0.9, planned_on=days(3))
    assert attention(early).level is AttentionLevel.DUE


def test_sentences_name_days_and_years():
    facts = replace(IN_WINDOW, plan_latest_on=date(2025, 12, 30), silence=SILENT)
    assert [finding.text for finding in attention(facts).findings] == [
        "332 days past the plan's latest day, 30 December 2025.",
        "No check-in for 41 days; usually every day.",
    ]


def test_an_alert_that_a_clinician_has_acknowledged_comes_after_one_that_nobody_has():
    facts = replace(IN_WINDOW, alert_count=2, acknowledged_alert_count=1)
    assert attention(facts).level is AttentionLevel.IMMEDIATE
    known = attention(replace(facts, acknowledged_alert_count=2))
    assert known.level is AttentionLevel.ACKNOWLEDGED < AttentionLevel.WORSENING
    assert known.findings[0].text == "2 safety alerts acknowledged, not closed."


def test_a_booking_against_the_consultation_is_due_and_since_the_consultation():
    refused = HoldReason(
        HoldCode.NOT_SUITABLE, Sentence("Not suitable."), {}, against_treatment=True, since_on=days(-80)
    )
    (found,) = attention(replace(IN_WINDOW, holds=(refused, HOLD))).findings
    assert (found.level, found.since) == (AttentionLevel.DUE, days(-80))
    assert found.text == (
        "Booked for 3 December with a reason to hold: Not suitable. The last interval was 6 days; the "
        "clinic's shortest is 10."
    )
