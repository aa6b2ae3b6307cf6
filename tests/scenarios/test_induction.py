"""Patients in induction and just after it, on pace, behind and dropped out, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.attention import AttentionLevel
from clinical.history import History
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.response_review import review_finding, review_state
from clinical.treatment_course import RecordedReview, ReviewDecision
from services.worklist_attention import Organisation, Urgency, attention_facts, urgency
from tests.scenarios.worklist_order import TODAY, booked, induction, silent_for

NOTHING_BOOKED = Organisation()


def read(history: History, mode: Mode = Mode.SHOWN, organisation: Organisation = NOTHING_BOOKED) -> Urgency:
    visible = shown(history, TODAY, mode)
    return urgency(history, attention_facts(history, visible, organisation))


def dropped_out() -> History:
    """Three infusions of six; the last one 52 days ago, and no answer for a month."""
    return silent_for(induction((0, 4, 8), 60), 33)


class TestDroppedOutOfInduction:
    @pytest.mark.parametrize("mode", Mode)
    def test_the_headline(self, mode):
        assert read(dropped_out(), mode).headline == (
            "Induction lapsed: 3 of 6 infusions given, 52 days since the last. "
            "No check-in for 33 days; usually every day. Nothing booked."
        )

    def test_it_asks_for_attention_since_the_next_infusion_was_expected(self):
        lapsed, silent = read(dropped_out()).attention.findings
        assert (str(lapsed.code), lapsed.level) == ("induction_lapsed", AttentionLevel.DUE)
        assert (TODAY - lapsed.since).days == 60 - 12
        assert str(silent.code) == "silent"

    def test_coming_again_is_said(self):
        assert read(dropped_out(), organisation=booked(3)).headline == (
            "Induction lapsed: 3 of 6 infusions given, 52 days since the last. "
            "No check-in for 33 days; usually every day. Booked for 30 November."
        )


def test_behind_the_plan():
    found = read(induction((0, 4, 8), 20))
    assert found.headline == "Induction: 3 of 6 infusions given, 8 days behind the plan. Nothing booked."
    assert found.attention.level is AttentionLevel.ORGANISE


def test_on_pace():
    found = read(induction((0, 4, 8), 9), organisation=booked(3))
    assert found.headline == (
        "Induction: 3 of 6 infusions given, on pace; the next is expected on 30 November. "
        "Booked for 30 November."
    )
    assert found.attention.level is AttentionLevel.NONE


def test_the_response_review_of_a_whole_series_is_due_until_it_is_recorded():
    series = induction((0, 4, 8, 12, 16, 20), 29)
    due = Organisation(review_due=review_finding(review_state(series, 7, TODAY), TODAY))
    assert read(series, organisation=due).headline == (
        "No measurable benefit since treatment began on 29 October: wellbeing 4.0 in the days after the "
        "last infusions, was 4.0. Response review due since 25 November. 9 days since the last infusion; "
        "the plan's latest day is 16 December. Nothing booked."
    )
    decided = RecordedReview(TODAY, ReviewDecision.CONTINUE_MAINTENANCE)
    state = review_state(replace(series, reviews=(decided,)), 7, TODAY)
    assert review_finding(state, TODAY) is None
