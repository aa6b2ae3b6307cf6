"""Patients who fall silent or collapse: a regular, a sparse one, one on day 12 in a clinic's silent trial."""

from __future__ import annotations

import pytest

from clinical.attention import AttentionLevel
from clinical.history import History
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from services.worklist_attention import Organisation, Urgency, attention_facts, urgency
from tests.scenarios.worklist_order import TODAY, booked, collapsed, every_ten_days, responder, silent_for

NOTHING_BOOKED = Organisation()


def read(history: History, mode: Mode = Mode.SHOWN, organisation: Organisation = NOTHING_BOOKED) -> Urgency:
    visible = shown(history, TODAY, mode)
    return urgency(history, attention_facts(history, visible, organisation))


def found(history: History, mode: Mode = Mode.SHOWN) -> dict[str, AttentionLevel]:
    return {str(each.code): each.level for each in read(history, mode).attention.findings}


class TestSilentRegular:
    """Answers every day, and has not for nine days; day 12 of the cycle."""

    def test_the_headline(self):
        assert read(silent_for(responder(12), 9)).headline == (
            "Due soon. No check-in for 9 days; usually every day. 12 days since the last infusion; "
            "the plan's latest day is 13 December. Nothing booked."
        )

    @pytest.mark.parametrize("mode", Mode)
    def test_a_week_is_enough_to_be_missed_in_every_mode(self, mode):
        assert "silent" not in found(silent_for(responder(12), 6), mode)
        assert found(silent_for(responder(12), 7), mode)["silent"] is AttentionLevel.DUE


class TestSilentSparse:
    """Answers every ten days, and has not for nine days; day 12 of the cycle."""

    def test_the_headline(self):
        assert read(every_ten_days(responder(12))).headline == (
            "The data do not suffice for a forecast. 12 days since the last infusion; "
            "the plan's latest day is 13 December. Nothing booked."
        )

    @pytest.mark.parametrize("mode", Mode)
    def test_is_missed_after_twice_the_usual_gap(self, mode):
        assert "silent" not in found(silent_for(every_ten_days(responder(32)), 19), mode)
        missed = silent_for(every_ten_days(responder(32)), 29)
        assert found(missed, mode)["silent"] is AttentionLevel.DUE
        assert "usually every 10 days." in read(missed, mode).headline


class TestCollapsedOnDay12InSilentMode:
    """Mood 2 for five days, after a benefit; the clinic is shown no forecast."""

    def test_the_headline(self):
        history = collapsed(responder(12))
        assert read(history, Mode.SILENT, booked(10)).headline == (
            "Not due. Mood fell from 6.7 to 2.0 on the 5 days answered since 23 November. "
            "12 days since the last infusion; the plan's latest day is 13 December. Booked for 7 December."
        )

    @pytest.mark.parametrize("mode", Mode)
    def test_is_among_the_first_on_the_list_in_every_mode(self, mode):
        assert read(collapsed(responder(12)), mode).attention.level is AttentionLevel.WORSENING

    def test_two_bad_days_are_no_collapse(self):
        assert "mood_drop" not in found(collapsed(responder(12), low=2), Mode.SILENT)
